"""Opening an account."""

from django.contrib.auth import login
from django.contrib.auth.forms import UserCreationForm
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers

from authmigration import TokenRefused, issue_tokens
from monolith.accounts.models import User


class RegistrationForm(UserCreationForm):
    """Name, address and password; every account begins without a role."""

    class Meta(UserCreationForm.Meta):
        model = User
        fields = ("username", "first_name", "last_name", "email")


def register(request: HttpRequest) -> HttpResponse:
    """GET: the form. POST: open the account, and log in. For those who have none.

    An application sends the same form with ``Accept: application/json``, and gets tokens instead
    of a session.
    """
    if request.user.is_authenticated:
        return redirect("home")
    form = RegistrationForm(request.POST or None)
    if request.method == "POST" and not request.accepts("text/html"):
        return _for_an_application(request, form)
    if request.method == "POST" and form.is_valid():
        login(request, form.save(), backend="django.contrib.auth.backends.ModelBackend")
        return redirect("home")
    title = "Open an account"
    return render(request, "form.html", {"title": title, "form": form, "button": "Open it"})


def _for_an_application(request: HttpRequest, form: RegistrationForm) -> HttpResponse:
    if not form.is_valid():
        return JsonResponse({"error": "invalid_request", "fields": form.errors}, status=400)
    user = form.save()
    document = {"id": str(user.pk)}
    try:
        issued = issue_tokens(request, user, client=request.headers.get("X-Auth-Client", ""))
    except TokenRefused as refused:
        document["no_tokens"] = refused.code  # the account is open all the same
    else:
        document |= issued.as_document(with_refresh_token=True)
    response = JsonResponse(document, status=201)
    add_never_cache_headers(response)
    return response
