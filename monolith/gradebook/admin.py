"""The gradebook in the admin."""

from django.contrib import admin

from monolith.gradebook.models import Exercise, Grade


@admin.register(Exercise)
class ExerciseAdmin(admin.ModelAdmin):
    """Exercises by course."""

    list_display = ("title", "course")
    list_filter = ("course",)
    list_select_related = ("course",)


@admin.register(Grade)
class GradeAdmin(admin.ModelAdmin):
    """Grades by course."""

    list_display = ("student", "exercise", "points")
    list_filter = ("exercise__course",)
    list_select_related = ("student", "exercise__course")
    raw_id_fields = ("student", "exercise")
    search_fields = ("student__username",)
