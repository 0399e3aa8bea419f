"""Logging in as anybody, on a demo."""

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt

from monolith.accounts.examples import examples
from monolith.accounts.models import User


# Exempt, so that a script logs in with one POST. There is nothing to forge: the page exists on a
# demo alone, where anybody may be anybody; elsewhere it answers 404.
@csrf_exempt
def demo_login(request: HttpRequest) -> HttpResponse:
    """GET: people of every role. POST `user` (an id) and `next`: log in as them."""
    if not settings.DEMO_LOGIN:
        raise Http404
    if request.method != "POST":
        context = {"roles": examples(), "next": request.GET.get("next", "")}
        return render(request, "accounts/demo_login.html", context)
    user = _user(request.POST.get("user", ""))
    if user is None:
        return HttpResponseBadRequest("user: post the id of an active user.")
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    return redirect(_next(request))


def _user(user_id: str) -> User | None:
    if not user_id.isdecimal():
        return None
    return User.objects.filter(pk=int(user_id), is_active=True).first()


def _next(request: HttpRequest) -> str:
    address = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()}):
        return address
    return resolve_url(settings.LOGIN_REDIRECT_URL)
