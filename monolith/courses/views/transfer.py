"""Giving a course away: to another teacher, or to another school."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from authmigration import require
from monolith.accounts.models import User
from monolith.courses.models import Course


class TransferForm(forms.ModelForm):
    """Whose the course will be, and which school's."""

    owner = forms.ModelChoiceField(
        User.objects.filter(is_teacher=True, is_active=True),
        to_field_name="username",
        widget=forms.TextInput,
        label="Teacher (user name)",
        error_messages={"invalid_choice": "No teacher has this user name."},
    )

    class Meta:
        """Both are foreign keys that the form writes."""

        model = Course
        fields = ("owner", "school")


@login_required
def transfer_course(request: HttpRequest, course_id: int) -> HttpResponse:
    """GET: the form. POST `owner` (a user name) and `school` (its id): hand the course over."""
    course = get_object_or_404(Course.objects.select_related("owner"), pk=course_id)
    require(request.user, "course.transfer", course)
    before = course.school_id
    owner = course.owner.username if course.owner else ""
    form = TransferForm(request.POST or None, instance=course, initial={"owner": owner})
    if request.method == "POST" and form.is_valid():
        school = form.cleaned_data["school"]
        if school.pk != before:
            require(request.user, "school.receive", school)
        form.save()
        messages.success(request, f"{course.code} now belongs to {course.owner}, {school.name}.")
        return redirect("home")
    return render(request, "form.html", {"title": f"Hand over {course.code}", "form": form})
