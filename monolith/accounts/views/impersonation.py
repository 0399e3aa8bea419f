"""The desk of the support staff."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from authmigration import ends_view_as
from monolith.accounts import impersonation


class AccountForm(forms.Form):
    """Whose account, and why."""

    user = forms.ModelChoiceField(
        impersonation.may_be_impersonated(),
        to_field_name="username",
        widget=forms.TextInput,
        label="User name",
        error_messages={"invalid_choice": "Nobody whom support may stand in for has this name."},
    )
    reason = forms.CharField(max_length=200, label="Reason, as in the ticket")


@login_required
def support_desk(request: HttpRequest) -> HttpResponse:
    """GET: the form. POST `user` (a user name) and `reason`: use that account. For support."""
    if impersonation.impersonator_of(request) or not impersonation.is_supporter(request.user):
        raise PermissionDenied
    form = AccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        impersonation.begin(request, form.cleaned_data["user"], form.cleaned_data["reason"])
        return redirect("home")
    title = "Use somebody's account"
    return render(request, "form.html", {"title": title, "form": form, "button": "Use it"})


@ends_view_as
@login_required
@require_POST
def leave_account(request: HttpRequest) -> HttpResponse:
    """POST: go back to one's own account."""
    if impersonation.end(request):
        messages.success(request, "You use your own account again.")
    return redirect("home")
