"""The gradebook in the admin."""

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest

from monolith.gradebook.grading import note_change
from monolith.gradebook.models import Exercise, Grade, GradeChange, Submission


@admin.register(Exercise)
class ExerciseAdmin(admin.ModelAdmin):
    """Exercises by course."""

    list_display = ("title", "course", "due_at", "grades_count", "average_points")
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

    def save_model(self, request: HttpRequest, obj: Grade, form: ModelForm, change: bool) -> None:  # noqa: FBT001 - Django's signature
        """Save the grade, and remember who changed it."""
        before = form.initial["points"] if change else None
        super().save_model(request, obj, form, change)
        note_change(obj, before, request.user)


@admin.register(Submission)
class SubmissionAdmin(admin.ModelAdmin):
    """What was handed in."""

    list_display = ("student", "exercise", "handed_in_at")
    list_filter = ("exercise__course",)
    list_select_related = ("student", "exercise__course")
    raw_id_fields = ("student", "exercise")
    search_fields = ("student__username",)


@admin.register(GradeChange)
class GradeChangeAdmin(admin.ModelAdmin):
    """Who changed which grade; the record is read, never written."""

    list_display = ("grade", "points_before", "points_after", "changed_by", "changed_at")
    list_select_related = ("grade__student", "grade__exercise__course", "changed_by")

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002 - Django's signature
        """Deny: the pages write it."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: GradeChange | None = None) -> bool:  # noqa: ARG002
        """Deny, as above."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: GradeChange | None = None) -> bool:  # noqa: ARG002
        """Deny, as above."""
        return False
