"""Form fields that offer, and accept, only what the user may choose."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Q, QuerySet

from ..uses import declare_use
from .choices import asked, chosen_in, offered, unasked

_NOBODY_YET = object()
_ROWS: Any = vars(forms.ModelChoiceField)["queryset"]
"""Django's own property, which also tells the widget of new choices."""


class _OffersWhatOneMay(forms.ModelChoiceField):  # type: ignore[type-arg]  # none at run time
    """The half that both fields share; see :class:`AuthzModelChoiceField`."""

    _who: Any = _NOBODY_YET
    _keep: Q | None = None

    def __init__(self, queryset: QuerySet[Any], *, permission: str, **kwargs: Any) -> None:
        self.permission = permission
        declare_use(permission, f"{type(self).__name__} over {queryset.model._meta.label}")
        super().__init__(queryset, **kwargs)

    def for_user(self, who: Any, *, keep: Q | None = None) -> None:
        """Offer what somebody may choose, and what is chosen already.

        Args:
            who: a user, somebody anonymous, or the id of a subject.
            keep: which rows are offered whoever asks.

        Raises:
            UnknownPermission, InvalidContext: see :func:`authmigration.filter_queryset`.

        """
        rows = asked(self.queryset)
        self._who, self._keep = who, keep
        self.queryset = rows

    @property
    def queryset(self) -> QuerySet[Any]:
        """The rows that are offered; until somebody asks they cannot be looked at."""
        found: QuerySet[Any] = _ROWS.fget(self)
        return found

    @queryset.setter
    def queryset(self, rows: QuerySet[Any]) -> None:
        if self._who is _NOBODY_YET:
            found = unasked(rows)
        else:
            found = offered(self._who, self.permission, asked(rows), keep=self._keep)
        _ROWS.fset(self, found)


class AuthzModelChoiceField(_OffersWhatOneMay):
    """Offers those rows on which the user of the form has a permission, and accepts no other.

    In a form under :class:`AuthzFormMixin`, or after ``field.for_user(user)``. Before that it
    offers nothing: showing it is an error.

    Args:
        queryset: rows of a declared context type.
        permission: ``course.enrol``. A misspelt one raises ``UnknownPermission`` when the user is
            given, and is found by ``manage.py check`` before.

    """


class AuthzModelMultipleChoiceField(
    _OffersWhatOneMay,
    forms.ModelMultipleChoiceField,  # type: ignore[type-arg]  # none at run time
):
    """As :class:`AuthzModelChoiceField`, for several rows at once."""


class AuthzFormMixin:
    """Tells the fields of a form who chooses: ``EnrolForm(request.POST, user=request.user)``.

    Place it before ``Form`` or ``ModelForm``. What an object of a ``ModelForm`` has in such a field
    already stays on offer, so that it can be saved as it is.
    """

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, _OffersWhatOneMay):
                field.for_user(user, keep=self._chosen(name))

    def _chosen(self, name: str) -> Q | None:
        instance = getattr(self, "instance", None)
        if instance is None:
            return None
        try:
            return chosen_in(instance, instance._meta.get_field(name))
        except FieldDoesNotExist:
            return None
