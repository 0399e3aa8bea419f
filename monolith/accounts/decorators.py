"""The platform's oldest check."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def teacher_required(view: View[P]) -> View[P]:
    """Let teachers and superusers through to `view`; everybody else gets PermissionDenied (403)."""

    @wraps(view)
    def checked(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not (request.user.is_teacher or request.user.is_superuser):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return checked
