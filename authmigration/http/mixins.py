"""Permissions in front of views that are classes."""

from __future__ import annotations

from typing import Any

from asgiref.sync import sync_to_async
from django.core.exceptions import ImproperlyConfigured
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.generic.edit import BaseCreateView

from ..decisions import filter_queryset, require
from ..uses import declare_use, place_of
from .objects import require_declared


class _NamesPermission:
    """Notes which permission a subclass names in an attribute."""

    @classmethod
    def _note(cls, attribute: str) -> None:
        name = cls.__dict__.get(attribute)
        if name is not None:
            declare_use(name, place_of(cls))

    def _named(self, attribute: str) -> str:
        name: str | None = getattr(self, attribute, None)
        if name is None:
            raise ImproperlyConfigured(
                f'{place_of(type(self))} names no permission; set {attribute} = "noun.verb".'
            )
        require_declared(name)
        return name


class RequiresMixin(_NamesPermission):
    """Let only those through to a view who have a permission on its object.

    Place it before the view's base class. An object that does not exist is answered with 404, a
    denial with 403, or with whatever the old check raises while legacy decides; to send strangers
    to the log-in page instead, place Django's ``LoginRequiredMixin`` before it.

    Attributes:
        permission: ``course.edit``.

    """

    permission: str | None = None
    request: HttpRequest
    _object: Any = None

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls._note("permission")

    def get_permission_object(self) -> Any:
        """Return what the permission is asked for: the view's object, unless you say otherwise.

        Return ``PLATFORM`` for what is asked of the platform as a whole.

        Raises:
            ImproperlyConfigured: the view has no object of its own.

        """
        is_mine = type(self).get_object is RequiresMixin.get_object
        # The key in the URL of what creates something is that of what lies above.
        has_none = isinstance(self, BaseCreateView) or not hasattr(super(), "get_object")
        if is_mine and has_none:
            raise ImproperlyConfigured(
                f"{place_of(type(self))} has no object; define "
                "get_permission_object(), and return PLATFORM for what is asked of the platform."
            )
        return self.get_object()

    def get_object(self, queryset: QuerySet[Any] | None = None) -> Any:
        """Return the view's object, looked up once for the permission and the view."""
        if queryset is not None:
            return super().get_object(queryset)  # type: ignore[misc]
        if self._object is None:
            self._object = super().get_object()  # type: ignore[misc]
        return self._object

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Ask, and go on.

        Raises:
            Http404, PermissionDenied, UnknownPermission: see the class.

        """
        if getattr(self, "view_is_async", False):
            return self._dispatch_later(request, *args, **kwargs)
        self._require()
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]

    async def _dispatch_later(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        await sync_to_async(self._require)()
        response: HttpResponseBase = await super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return response

    def _require(self) -> None:
        permission = self._named("permission")
        require(self.request.user, permission, self.get_permission_object())


class FilteredQuerysetMixin(_NamesPermission):
    """Show only those rows on which the user has a permission.

    Place it before the view's base class; what is left out of the list is answered with 404.

    Attributes:
        list_permission: ``course.view``.

    """

    list_permission: str | None = None
    request: HttpRequest

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls._note("list_permission")

    def get_queryset(self) -> QuerySet[Any]:
        """Return the view's rows, less those that the user may not see."""
        permission = self._named("list_permission")
        return filter_queryset(self.request.user, permission, super().get_queryset())  # type: ignore[misc]
