"""The page of the gradebook service: the platform sends it, the service fills it."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import ensure_csrf_cookie


# The token client exchanges the session, for which it is asked for the CSRF token.
@ensure_csrf_cookie
@login_required
def gradebook(request: HttpRequest) -> HttpResponse:
    """GET: a page without a grade on it; its script reads them from the service."""
    context = {
        "service": settings.GRADEBOOK_URL,
        "built": finders.find("client/index.js") is not None,
    }
    return render(request, "gradebook/service.html", context)
