"""Changing a grade."""

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.validators import MaxValueValidator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from authmigration import require
from monolith.gradebook.grading import note_change
from monolith.gradebook.models import Grade


class GradeForm(forms.ModelForm):
    """Points and a comment."""

    points = forms.IntegerField(min_value=0, validators=[MaxValueValidator(100)])

    class Meta:
        """Whose grade it is does not change."""

        model = Grade
        fields = ("points", "comment")


@login_required
def edit_grade(request: HttpRequest, grade_id: int) -> HttpResponse:
    """GET: the form. POST: save it."""
    grade = get_object_or_404(
        Grade.objects.select_related("exercise__course", "student"), pk=grade_id
    )
    require(request.user, "grade.edit", grade)
    before = grade.points
    form = GradeForm(request.POST or None, instance=grade)
    if request.method == "POST" and form.is_valid():
        note_change(form.save(), before, request.user)
        return redirect("exercise-grades", exercise_id=grade.exercise_id)
    title = f"{grade.student} in {grade.exercise.title}"
    return render(request, "form.html", {"title": title, "form": form})
