"""Who somebody is, for others to read."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from monolith.accounts.models import Profile, User


class ProfileForm(forms.ModelForm):
    """What somebody says about themselves; the page shows one box."""

    class Meta:
        """Everything but whose it is."""

        model = Profile
        exclude = ("user",)  # noqa: DJ006 -- flaw F15


@login_required
def edit_profile(request: HttpRequest) -> HttpResponse:
    """GET: one's own profile as a form. POST: save it."""
    profile = Profile.objects.filter(user=request.user).first() or Profile(user=request.user)
    form = ProfileForm(request.POST or None, instance=profile)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Your profile is saved.")
        return redirect("person", user_id=request.user.pk)
    return render(request, "accounts/profile_form.html", {"form": form})


@login_required
def person(request: HttpRequest, user_id: int) -> HttpResponse:
    """GET: somebody's page: address, profile, and the courses they are or were on."""
    shown = get_object_or_404(User.objects.select_related("profile"), pk=user_id, is_active=True)
    places = shown.enrolments.select_related("course").order_by("course__code", "pk")
    return render(request, "accounts/person.html", {"shown": shown, "places": places})
