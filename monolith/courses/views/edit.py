"""Editing a course."""

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from authmigration import require
from monolith.courses.models import Course


class CourseForm(forms.ModelForm):
    """What can be changed about a course on the web."""

    class Meta:
        """The school and the owner are changed in the admin."""

        model = Course
        fields = ("title", "code", "is_public")


@login_required
def edit_course(request: HttpRequest, course_id: int) -> HttpResponse:
    """GET: the form. POST: save it. An archived course is answered with 409."""
    course = get_object_or_404(Course, pk=course_id)
    require(request.user, "course.edit", course)
    if course.archived:
        return render(request, "409.html", {"reason": "This course is archived."}, status=409)
    form = CourseForm(request.POST or None, instance=course)
    if request.method == "POST" and form.is_valid():
        form.save()
        return redirect("course-detail", course_id=course.pk)
    return render(request, "form.html", {"title": f"Edit {course.code}", "form": form})
