"""Courses in the admin."""

from django.contrib import admin

from monolith.courses.models import Course, Enrolment


@admin.register(Course)
class CourseAdmin(admin.ModelAdmin):
    """Courses, with their owner and assistants."""

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
