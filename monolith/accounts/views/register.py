"""Opening an account."""

from django.contrib.auth import login
from django.contrib.auth.forms import UserCreationForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from monolith.accounts.models import User


class RegistrationForm(UserCreationForm):
    """Name, address and password; every account begins without a role."""

    class Meta(UserCreationForm.Meta):
        model = User
        fields = ("username", "first_name", "last_name", "email")


def register(request: HttpRequest) -> HttpResponse:
    """GET: the form. POST: open the account, and log in. For those who have none."""
    if request.user.is_authenticated:
        return redirect("home")
    form = RegistrationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        login(request, form.save(), backend="django.contrib.auth.backends.ModelBackend")
        return redirect("home")
    title = "Open an account"
    return render(request, "form.html", {"title": title, "form": form, "button": "Open it"})
