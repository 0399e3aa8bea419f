"""Loading the object that a view is about, once, and asking about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db.models import Manager, Model, QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from auth_lib import PLATFORM

from .. import registry

Found = type[Model] | Manager[Any] | QuerySet[Any]
Finder = Callable[..., Any]


def require_declared(permission: str) -> None:
    """Raise :class:`UnknownPermission` for a misspelt permission, also where nothing is asked."""
    registry.get().policy.granting(permission)


@dataclass(frozen=True, slots=True)
class Lookup:
    """How a view's object is found from its URL.

    Attributes:
        model: where it is looked up; None for a finder, and for the platform.
        by: the field that the URL names.
        url: the name of the URL's argument, or a function from request and arguments to an
            object, a context, or ``course:42``; None for the platform.
        where: the view, for errors.

    """

    model: Found | None
    by: str
    url: str | Finder | None
    where: str

    def __post_init__(self) -> None:
        if self.model is None and isinstance(self.url, str):
            raise ImproperlyConfigured(
                f"{self.where}: url={self.url!r} names an object of no model; pass the model."
            )
        if self.model is not None and not isinstance(self.url, str):
            raise ImproperlyConfigured(
                f"{self.where}: with a model, url= is the name of an argument of the URL; without "
                "one it is a function that finds the object."
            )

    def of(self, request: HttpRequest, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        """Return the object of a request; the platform where the view has none.

        Raises:
            Http404: there is no such object.
            ImproperlyConfigured: the URL has no such argument.

        """
        if self.url is None:
            return PLATFORM
        if not isinstance(self.url, str):
            return self.url(request, *args, **kwargs)
        if self.url not in kwargs:
            raise ImproperlyConfigured(
                f"{self.where}: the URL has no argument {self.url!r}; it has "
                f"{', '.join(sorted(kwargs)) or 'none'}. Say url=..."
            )
        return self._row(kwargs[self.url])

    def _row(self, value: Any) -> Any:
        try:
            return get_object_or_404(self.model, **{self.by: value})  # type: ignore[arg-type]
        except (OverflowError, TypeError, ValueError, ValidationError):
            raise Http404(f"{value!r} is no {self.by} of what {self.where} shows.") from None
