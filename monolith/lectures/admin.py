"""Lectures in the admin."""

from django.contrib import admin

from monolith.lectures.models import Attachment, Comment, Lecture, Progress


class AttachmentInline(admin.TabularInline):
    """The handouts of a lecture."""

    model = Attachment
    extra = 0


@admin.register(Lecture)
class LectureAdmin(admin.ModelAdmin):
    """Lectures by course."""

    list_display = ("title", "course", "published", "discussion_open")
    list_filter = ("published", "course")
    list_select_related = ("course",)
    inlines = (AttachmentInline,)


@admin.register(Attachment)
class AttachmentAdmin(admin.ModelAdmin):
    """Handouts by course."""

    list_display = ("name", "lecture")
    list_filter = ("lecture__course",)
    list_select_related = ("lecture__course",)
    raw_id_fields = ("lecture",)


@admin.register(Comment)
class CommentAdmin(admin.ModelAdmin):
    """What is said, the latest first."""

    list_display = ("author", "lecture", "written_at")
    list_select_related = ("author", "lecture__course")
    raw_id_fields = ("author", "lecture")
    ordering = ("-written_at",)
    search_fields = ("author__username", "text")


@admin.register(Progress)
class ProgressAdmin(admin.ModelAdmin):
    """Who has watched how much."""

    list_display = ("student", "lecture", "percent", "seen_at")
    list_select_related = ("student", "lecture__course")
    raw_id_fields = ("student", "lecture")
