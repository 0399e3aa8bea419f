"""Which columns of which table yield a fact, and whose."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Model


@dataclass(frozen=True, slots=True)
class Watch:
    """A table whose changes may alter somebody's facts.

    Attributes:
        model: the model of the table.
        columns: the names of the fields that yield a fact; empty: every field of the table.
        user: the path from the model to the user row; ``pk`` where it is the user's own. None:
            nobody can be named, so that a change raises the epoch.

    """

    model: type[Model]
    columns: tuple[str, ...] = ()
    user: str | None = None

    @property
    def label(self) -> str:
        """The watched table, as marks and status name it."""
        return self.model._meta.label


def watch(model: type[Model], *, user: str | None = None, columns: Iterable[str] = ()) -> Watch:
    """Declare a table that a generator of facts reads.

    Args:
        model: the model of the table.
        user: the path from the model to the user row, as in ``staff__person__user``.
        columns: the fields that the generator reads; all of them where none is named.

    """
    return Watch(model, tuple(columns), user)


def merged(watches: Iterable[Watch]) -> Iterator[Watch]:
    """Yield the watches, those of one table and one path as one."""
    found: dict[tuple[type[Model], str | None], set[str] | None] = {}
    for each in watches:
        key = (each.model, each.user)
        before = found.get(key, set())
        if not each.columns or before is None:
            found[key] = None
        else:
            found[key] = before | set(each.columns)
    for (model, user), columns in found.items():
        yield Watch(model, tuple(sorted(columns or ())), user)
