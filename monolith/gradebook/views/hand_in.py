"""Handing in."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from authmigration import require
from monolith.gradebook.models import Exercise, Submission


class HandInForm(forms.Form):
    """The text, of at most some ten pages."""

    text = forms.CharField(max_length=20_000, widget=forms.Textarea)


@login_required
def hand_in(request: HttpRequest, exercise_id: int) -> HttpResponse:
    """GET: the form. POST `text`: hand it in, or replace it; past the deadline that is a 409."""
    exercise = get_object_or_404(Exercise.objects.select_related("course"), pk=exercise_id)
    require(request.user, "exercise.submit", exercise)
    own = Submission.objects.filter(exercise=exercise, student=request.user).first()
    if request.method == "POST" and exercise.is_closed:
        reason = "Nothing can be handed in for this exercise any more."
        return render(request, "409.html", {"reason": reason}, status=409)
    form = HandInForm(request.POST or None, initial={"text": own.text if own else ""})
    if request.method == "POST" and form.is_valid():
        Submission.objects.update_or_create(
            exercise=exercise,
            student=request.user,
            defaults={"text": form.cleaned_data["text"], "handed_in_at": timezone.now()},
        )
        messages.success(request, "Handed in.")
        return redirect("exercise-hand-in", exercise_id=exercise.pk)
    context = {"exercise": exercise, "own": own, "form": form}
    return render(request, "gradebook/hand_in.html", context)
