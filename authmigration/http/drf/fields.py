"""Relations of a serializer that accept only what the user may choose."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import FieldDoesNotExist, ImproperlyConfigured
from django.db.models import Model, Q, QuerySet
from rest_framework.relations import ManyRelatedField, PrimaryKeyRelatedField
from rest_framework.serializers import BaseSerializer

from ...uses import declare_use
from ..choices import chosen_in, offered


class AuthzRelatedFieldMixin:
    """Accepts, and offers in the browsable API, those rows on which the user has a permission.

    Place it before any related field with a ``queryset``. What an object has in the field already
    is accepted as well, so that it can be saved as it is. Reading is not narrowed: what a response
    shows is the business of the view.

    Args:
        permission: ``course.enrol``.

    """

    context: Any
    parent: Any
    source_attrs: list[str]

    def __init__(self, *, permission: str, **kwargs: Any) -> None:
        self.permission = permission
        declare_use(permission, f"{type(self).__module__}.{type(self).__qualname__}")
        super().__init__(**kwargs)

    def get_queryset(self) -> QuerySet[Any]:
        """Return the rows that may be chosen.

        Raises:
            ImproperlyConfigured: the serializer was not given the request.

        """
        request = self.context.get("request")
        if request is None:
            raise ImproperlyConfigured(
                f"{type(self).__name__} does not know who chooses: pass "
                'context={"request": request} to the serializer.'
            )
        rows = super().get_queryset()  # type: ignore[misc]
        return offered(request.user, self.permission, rows, keep=self._chosen())

    def _chosen(self) -> Q | None:
        many = isinstance(self.parent, ManyRelatedField)
        field, serializer = (self.parent, self.parent.parent) if many else (self, self.parent)
        instance = serializer.instance if isinstance(serializer, BaseSerializer) else None
        if not isinstance(instance, Model) or len(field.source_attrs) != 1:
            return None
        try:
            relation = instance._meta.get_field(field.source_attrs[0])
        except FieldDoesNotExist:
            return None
        return chosen_in(instance, relation)


class AuthzPrimaryKeyRelatedField(AuthzRelatedFieldMixin, PrimaryKeyRelatedField):  # type: ignore[type-arg]
    """A relation by primary key; see :class:`AuthzRelatedFieldMixin`."""
