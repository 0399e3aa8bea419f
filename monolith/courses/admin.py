"""Courses in the admin."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from monolith.courses.models import Announcement, Course, Enrolment, Section


class SectionInline(admin.TabularInline):
    """The tutorial groups of a course, on its page."""

    model = Section
    extra = 0


@admin.register(Course)
class CourseAdmin(admin.ModelAdmin):
    """Courses, with their owner and assistants."""

    inlines = (SectionInline,)
    list_display = ("code", "title", "school", "owner", "is_public", "archived")
    list_filter = ("school", "is_public", "archived")
    list_select_related = ("school", "owner")
    raw_id_fields = ("owner", "assistants")
    search_fields = ("code", "title")


@admin.register(Enrolment)
class EnrolmentAdmin(admin.ModelAdmin):
    """Who takes part in what."""

    list_display = ("student", "course", "kind", "status", "registered_on", "ends_at")
    list_filter = ("kind", "status", "course")
    list_select_related = ("student", "course")
    raw_id_fields = ("student", "course")
    search_fields = ("student__username", "course__code")
    actions = ("withdraw",)

    @admin.action(description="Withdraw the selected students", permissions=["change"])
    def withdraw(self, request: HttpRequest, queryset: QuerySet[Enrolment]) -> None:
        """Take the students off their courses; nobody is mailed."""
        count = queryset.filter(status="active").update(status="withdrawn")
        self.message_user(request, f"{count} withdrawn.")


@admin.register(Section)
class SectionAdmin(admin.ModelAdmin):
    """Tutorial groups by course."""

    list_display = ("title", "course", "room")
    list_filter = ("course",)
    list_select_related = ("course",)
    search_fields = ("title", "course__code")


@admin.register(Announcement)
class AnnouncementAdmin(admin.ModelAdmin):
    """Notices, the latest first."""

    date_hierarchy = "posted_at"
    list_display = ("title", "course", "author", "posted_at")
    list_filter = ("course",)
    list_select_related = ("course", "author")
    ordering = ("-posted_at",)
    raw_id_fields = ("author",)
    search_fields = ("title", "body")
