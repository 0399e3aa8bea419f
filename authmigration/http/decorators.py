"""``@requires``: a permission in front of a view that is a function."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from asgiref.sync import iscoroutinefunction, sync_to_async
from django.http import HttpRequest

from ..decisions import require
from ..uses import declare_use, place_of
from .objects import Finder, Found, Lookup, require_declared

View = TypeVar("View", bound=Callable[..., Any])


def requires(
    permission: str,
    model: Found | None = None,
    *,
    by: str = "pk",
    url: str | Finder | None = None,
    give: str | None = None,
) -> Callable[[View], View]:
    """Let only those through to a view who have a permission on the object of its URL.

    An object that does not exist is answered with 404; a denial with 403, or with whatever the
    old check raises while legacy decides. To send strangers to the log-in page instead, put
    Django's ``login_required`` above it.

    Args:
        permission: ``course.edit``. A misspelt one raises ``UnknownPermission`` at the first
            request, and is found by ``manage.py check`` before.
        model: a model, manager or queryset in which the object is looked up; None for a
            permission on the platform, or with a function as ``url``.
        by: the field that the URL names: ``"slug"``.
        url: the name of the URL's argument, by default that of ``by``; or a function from request
            and arguments to an object, a context, or ``course:42``.
        give: the name under which the view gets the object, in place of the URL's argument.

    Raises:
        ImproperlyConfigured: these contradict each other.

    """

    def decorate(view: View) -> View:
        where = place_of(view)
        named = by if url is None and model is not None else url
        guard = _Guard(permission, Lookup(model, by, named, where), give)
        declare_use(permission, where)
        return cast("View", (_later if iscoroutinefunction(view) else _now)(view, guard))

    return decorate


class _Guard:
    """What stands in front of one view."""

    def __init__(self, permission: str, lookup: Lookup, give: str | None) -> None:
        self.permission = permission
        self.lookup = lookup
        self.give = give

    def passed(self, request: HttpRequest, args: Any, kwargs: dict[str, Any]) -> dict[str, Any]:
        """Return the arguments for the view.

        Raises:
            Http404, PermissionDenied, UnknownPermission: see :func:`requires`.

        """
        require_declared(self.permission)
        found = self.lookup.of(request, args, kwargs)
        require(request.user, self.permission, found)
        if self.give is None:
            return kwargs
        rest = {name: value for name, value in kwargs.items() if name != self.lookup.url}
        return {**rest, self.give: found}


def _now(view: Callable[..., Any], guard: _Guard) -> Callable[..., Any]:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return view(request, *args, **guard.passed(request, args, kwargs))

    return guarded


def _later(view: Callable[..., Any], guard: _Guard) -> Callable[..., Any]:
    @wraps(view)
    async def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        # In one go: user, object and facts are all read from the database.
        passed = await sync_to_async(guard.passed)(request, args, kwargs)
        return await view(request, *args, **passed)

    return guarded
