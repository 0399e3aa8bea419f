"""What a user may choose from: rows that a permission covers, and those that are chosen already."""

from __future__ import annotations

from functools import cache
from typing import Any, NoReturn, TypeVar, cast

from django.core.exceptions import ImproperlyConfigured
from django.db.models import ManyToManyField, Model, Q, QuerySet

from ..decisions import filter_queryset

Row = TypeVar("Row", bound=Model)


def offered(
    who: Any, permission: str, rows: QuerySet[Row], *, keep: Q | None = None
) -> QuerySet[Row]:
    """Return those rows that a subject may choose.

    Args:
        who: a user, somebody anonymous, or the id of a subject.
        permission: what the subject must have on a row to choose it.
        rows: a queryset over the model of a declared context type.
        keep: rows that stay, since they are chosen already: whoever changes the title of a course
            need not be able to move it.

    Raises:
        UnknownPermission, InvalidContext: see :func:`authmigration.filter_queryset`.

    """
    allowed = filter_queryset(who, permission, rows)
    if keep is None:
        return allowed
    return rows.filter(Q(pk__in=allowed.order_by().values("pk")) | keep)


def chosen_in(instance: Model | None, field: Any) -> Q | None:
    """Return which rows a saved object has in one of its relations; None where it has none."""
    if instance is None or instance.pk is None or instance._state.adding:  # noqa: SLF001 -- Django documents it
        return None
    if isinstance(field, ManyToManyField):
        return Q(pk__in=[row.pk for row in getattr(instance, field.name).all()])
    value = getattr(instance, field.attname)
    return None if value is None else Q(**{field.target_field.name: value})


def unasked(rows: QuerySet[Row]) -> QuerySet[Row]:
    """Return rows that may be narrowed, and raise as soon as anybody wants to see them."""
    found = rows.all()
    if not isinstance(found, _Unasked):
        found.__class__ = _guarded(type(found))
    return found


def asked(rows: QuerySet[Row]) -> QuerySet[Row]:
    """Return rows as they were before :func:`unasked`."""
    found = rows.all()
    if isinstance(found, _Unasked):
        found.__class__ = found.plain  # type: ignore[assignment]  # what it was before
    return found


class _Unasked:
    """A queryset for which nobody has said who is asking."""

    plain: type[QuerySet[Any]]

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise ImproperlyConfigured(
            "Nobody has said who chooses, so nothing is offered: pass user= to a form under "
            "AuthzFormMixin, or call field.for_user(request.user)."
        )

    _fetch_all = iterator = aiterator = count = exists = aggregate = _refuse
    update = delete = resolve_expression = _refuse


@cache
def _guarded(plain: type[QuerySet[Any]]) -> type[QuerySet[Any]]:
    made = type(f"Unasked{plain.__name__}", (_Unasked, plain), {"plain": plain})
    return cast("type[QuerySet[Any]]", made)
