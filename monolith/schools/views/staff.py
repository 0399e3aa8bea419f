"""Who works at a school: the page of its principal."""

import uuid

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from authmigration import require
from monolith.accounts.models import Person
from monolith.schools.models import School, SchoolStaff


class PostForm(forms.Form):
    """Who, by staff number, and as what."""

    person = forms.ModelChoiceField(
        Person.objects.all(),
        to_field_name="staff_number",
        widget=forms.TextInput,
        label="Staff number",
        error_messages={"invalid_choice": "The personnel office has no such number."},
    )
    position = forms.ChoiceField(choices=SchoolStaff.POSITIONS)


@login_required
def school_staff(request: HttpRequest, school_id: int) -> HttpResponse:
    """GET: who works here. POST `person` (a staff number) and `position`: appoint."""
    school = get_object_or_404(School, pk=school_id)
    require(request.user, "school.staff", school)
    form = PostForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        post = SchoolStaff(school=school, **form.cleaned_data)
        if not school.staff.filter(**form.cleaned_data).exists():
            post.save()
        messages.success(request, f"{post.person.full_name} is {post.position} here.")
        return redirect("school-staff", school_id=school.pk)
    staff = school.staff.select_related("person").order_by("position", "person__full_name")
    context = {"school": school, "staff": staff, "form": form}
    return render(request, "schools/staff.html", context)


@login_required
@require_POST
def dismiss_staff(request: HttpRequest, school_id: int, staff_id: uuid.UUID) -> HttpResponse:
    """POST: take somebody's position away."""
    school = get_object_or_404(School, pk=school_id)
    require(request.user, "school.staff", school)
    post = get_object_or_404(SchoolStaff.objects.select_related("person", "school"), pk=staff_id)
    post.delete()
    messages.success(request, f"{post.person.full_name} is no longer {post.position}.")
    return redirect("school-staff", school_id=school.pk)
