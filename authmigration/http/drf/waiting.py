"""What a view has promised to ask before it answers."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from rest_framework.request import Request

from ...uses import place_of

OBJECT = "get_object()"
QUERYSET = "filter_queryset(get_queryset())"
_WAITS_FOR = "_authz_waits_for"
_FIRST_ERROR = 400


def wait(request: Request, view: Any, wanted: str) -> None:
    """Let no answer out of a view before it has asked as it said it would.

    Raises:
        ImproperlyConfigured: later, where it answers all the same.

    """
    if request.method == "OPTIONS":
        return  # shows no object
    setattr(view, _WAITS_FOR, wanted)
    finalize = view.finalize_response

    def finalized(request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        waits_for = getattr(view, _WAITS_FOR)
        if waits_for and response.status_code < _FIRST_ERROR:
            raise ImproperlyConfigured(
                f"{place_of(type(view))} answered without asking: call {waits_for}, or "
                "self.check_object_permissions(request, obj), or define get_permission_object()."
            )
        return finalize(request, response, *args, **kwargs)

    view.finalize_response = finalized


def has_asked(view: Any, what: str) -> None:
    """Note that a view has asked about an object, which is enough for any promise, or a list."""
    if what == OBJECT or getattr(view, _WAITS_FOR, "") == what:
        setattr(view, _WAITS_FOR, "")
