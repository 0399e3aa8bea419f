"""A change of the new facts, written into a legacy table in the way that its source declares."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError
from django.db.models import Q, QuerySet
from django.utils import timezone

from auth_lib import Context, Effect, Fact, Role

from ..errors import LegacyWouldLoseMore, NotRepresentable
from ..legacy import GeneratorSource, Source, TableSource
from ..legacy.paths import key_path
from ..legacy.tables import effect_of
from ..legacy.writes import Off, Write, Writers
from ..subjects import Subject, key_of

OWN_ROW = "pk"


def write_on(source: Source, subject: Subject, role: Role, fact: Fact, *, using: str) -> None:
    """Write a fact into the table of a source.

    Raises:
        NotRepresentable: the source declares no way for it.
        LegacyWouldLoseMore: the row already says something else about somebody else.

    """
    if isinstance(source, GeneratorSource):
        _writers(source).assign(subject.user, role.name, fact.context.id)
        return
    target = _Target(source, subject, role, fact.context, using)
    target.require_local_columns()
    if OWN_ROW in (source.user, source.context):
        target.set_column()
    else:
        target.revive_or_insert(fact)


def write_off(
    source: Source, subject: Subject, role: Role, context: Context, *, using: str
) -> None:
    """End what makes a source yield a fact.

    Raises:
        NotRepresentable: the source declares no way for it.

    """
    if isinstance(source, GeneratorSource):
        _writers(source).unassign(subject.user, role.name, context.id)
        return
    target = _Target(source, subject, role, context, using)
    target.require_local_columns()
    target.end()


def _writers(source: GeneratorSource) -> Writers:
    if source.write is None:
        raise NotRepresentable(f"Source {source.name} declares no write=.")
    return source.write


class _Target:
    """The rows of one source that speak of one subject, role and context."""

    def __init__(
        self, source: TableSource, subject: Subject, role: Role, context: Context, using: str
    ) -> None:
        if source.write is None:
            raise NotRepresentable(f"Source {source.name} declares no write=.")
        self.source = source
        self.write: Write = source.write
        self.subject = subject
        self.role = role
        self.context = context
        self.using = using

    def require_local_columns(self) -> None:
        """Refuse paths through other tables: which of their rows to write, nobody said."""
        for use in ("user", "context", "role"):
            path = self.source.paths.get(use)
            if path is None:
                continue
            if "__" in key_path(self.source.model, path, source=self.source.name):
                raise NotRepresentable(
                    f"Source {self.source.name}: {use}={path!r} lies in another table; declare "
                    "the source as a function with write=legacy.Writers(...)."
                )

    def set_column(self) -> None:
        """Set the columns of a row that exists: the user's own, or the context's."""
        rows = self._rows().filter(pk=self._row_key())
        columns = _values(self.write.on)
        if self.source.user != OWN_ROW:
            mine = Q(**{self.source.user: self._user_key()})
            rows = rows.filter(mine | Q(**{f"{self.source.user}__isnull": True}))
            columns[_attname(self.source, self.source.user)] = self._user_key()
        columns |= self._role_column()
        if not columns or not rows.update(**columns):
            raise LegacyWouldLoseMore(
                f"{self.source.model._meta.label} {self._row_key()} is somebody else's in the "
                "legacy tables, which hold only one; nothing was changed."
            )

    def revive_or_insert(self, fact: Fact) -> None:
        """Make an ended row of the same role count again, or insert one."""
        columns = {**_values(self.write.on), **self._interval(fact)}
        latest = self._mine().order_by("-pk").values_list("pk", flat=True).first()
        if latest is not None:
            if columns:
                self._rows().filter(pk=latest).update(**columns)
            return
        if not self.write.insert:
            raise NotRepresentable(
                f"Source {self.source.name} has no row for {self.subject.id} in {self.context}, "
                "and declares insert=False."
            )
        row = {**self._identity(), **self._role_column(), **columns}
        try:
            # bulk_create, since it neither calls the model's save() nor sends its signals.
            self.source.model._base_manager.using(self.using).bulk_create(
                [self.source.model(**row)]
            )
        except IntegrityError as error:
            raise NotRepresentable(
                f"The table of source {self.source.name} takes no such row: {error}"
            ) from error

    def end(self) -> None:
        """End every row that says so, duplicates as well; rows that count no more stay."""
        rows = self._mine()
        if self.source.where is not None:
            rows = rows.filter(self.source.where)
        if self.write.off is Off.DELETE_ROW:
            rows._raw_delete(self.using)  # noqa: SLF001 -- delete() sends signals and cascades
            return
        rows.update(**_values(self.write.off))

    def _mine(self) -> QuerySet[Any]:
        return self._rows().filter(**self._identity(), **self._role_column())

    def _rows(self) -> QuerySet[Any]:
        return self.source.model._base_manager.using(self.using).all()

    def _identity(self) -> dict[str, Any]:
        found = {_attname(self.source, self.source.user): self._user_key()}
        if self.source.context is not None:
            found[_attname(self.source, self.source.context)] = self._context_key()
        return found

    def _role_column(self) -> dict[str, Any]:
        if not isinstance(self.source.role, str):
            return {}
        for value, mapped in self.source.roles.items():
            if effect_of(mapped) == (self.role, Effect.GRANT):
                return {self.source.role: value}
        raise NotRepresentable(f"Source {self.source.name} has no value for {self.role.key}.")

    def _interval(self, fact: Fact) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for use in ("valid_from", "valid_until"):
            path, value = getattr(self.source, use), getattr(fact, use)
            if path is not None:
                found[path] = _as_stored(value)
            elif value is not None:
                raise NotRepresentable(f"Source {self.source.name} has no column for {use}.")
        return found

    def _user_key(self) -> Any:
        return key_of(str(self.subject.id))

    def _context_key(self) -> Any:
        if self.source.context == OWN_ROW:
            return self.source.model._meta.pk.to_python(self.context.id)
        field = self.source.model._meta.get_field(str(self.source.context))
        target: Any = getattr(field, "target_field", field)
        return target.to_python(self.context.id)

    def _row_key(self) -> Any:
        if self.source.user == OWN_ROW:
            return self._user_key()
        return self.source.model._meta.pk.to_python(self.context.id)


def _values(columns: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns with their values; a function, as ``timezone.now``, is called."""
    return {name: value() if callable(value) else value for name, value in columns.items()}


def _as_stored(moment: datetime | None) -> datetime | None:
    """Return a moment as a column of the host has it: without USE_TZ in its own time."""
    if moment is None or settings.USE_TZ:
        return moment
    return timezone.make_naive(moment, timezone.get_default_timezone())


def _attname(source: TableSource, name: str) -> str:
    if name == OWN_ROW:
        return OWN_ROW
    return str(source.model._meta.get_field(name).attname)  # type: ignore[union-attr]
