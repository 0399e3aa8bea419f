"""What the legacy sources yield now for some users: the tables in one statement."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import (
    BooleanField,
    DateField,
    DateTimeField,
    F,
    Field,
    Func,
    IntegerField,
    QuerySet,
    TextField,
    UUIDField,
    Value,
)
from django.db.models.functions import Cast

from auth_lib import PLATFORM, Context, Effect, Fact
from auth_lib.contexts import valid_id

from .. import dialects
from ..dialects import NO_BEGINNING
from ..errors import UnmappedLegacyValue
from .generators import GeneratorSource
from .moments import first_moment, last_moment
from .paths import key_path, plain_field
from .tables import TableSource, effect_of

_SUBJECTS = object()
"""Stands in compiled parameters for the users asked about, who are known at run time only."""


class _AmongSubjects(Func):
    """``column`` is one of the users asked about; compiled once, run with any.

    ``one=True`` compares with a single user: what a list could hold would have to be planned for.
    """

    output_field = BooleanField()
    conditional = True

    def as_sql(  # type: ignore[override]  # the parameter is no text or number, but a marker
        self, compiler: Any, connection: BaseDatabaseWrapper, **_: Any
    ) -> tuple[str, list[Any]]:
        column, params = compiler.compile(self.source_expressions[0])
        among = "{column} = %s" if self.extra["one"] else dialects.of(connection).among
        return among.format(column=column), [*params, _SUBJECTS]


@dataclass(frozen=True, slots=True)
class Yielded:
    """What was read for one user: facts by source, or the reason why that failed."""

    facts: tuple[tuple[str, Fact], ...]
    failure: Exception | None = None


class TableReader:
    """Reads all declared tables for some users in one statement, compiled once."""

    def __init__(self, tables: Sequence[TableSource]) -> None:
        self.tables = tuple(tables)
        self._compiled: dict[tuple[str, bool], _Compiled] = {}

    def read(self, subjects: Iterable[str], *, using: str) -> dict[str, Yielded]:
        """Return what the tables yield for each subject; a failure of one leaves the others."""
        wanted = list(subjects)
        if not self.tables or not wanted:
            return {subject: Yielded(()) for subject in wanted}
        connection = connections[using]
        one = len(wanted) == 1
        sql, params, decoders = self._statement(connection, using, one=one)
        if not sql:
            return {subject: Yielded(()) for subject in wanted}
        found = _keys(wanted, connection)
        keys = found[0] if one else dialects.of(connection).array(found)
        with connection.cursor() as cursor:
            cursor.execute(sql, [keys if p is _SUBJECTS else p for p in params])
            rows = cursor.fetchall()
        return _by_subject(wanted, rows, decoders)

    def _statement(self, connection: BaseDatabaseWrapper, using: str, *, one: bool) -> _Compiled:
        if (using, one) not in self._compiled:
            parts: list[str] = []
            params: list[Any] = []
            for index, source in enumerate(self.tables):
                rows = _rows_of(source, index, using, one=one)
                try:
                    sql, more = rows.query.get_compiler(using).as_sql()
                except EmptyResultSet:
                    continue  # its where= holds for no row at all, as with an empty list
                parts.append(sql)
                params.extend(more)
            decoders = tuple(_Decoder(source, connection) for source in self.tables)
            self._compiled[using, one] = (" UNION ALL ".join(parts), params, decoders)
        return self._compiled[using, one]


def with_rows(source: GeneratorSource, subjects: Iterable[str], *, using: str) -> set[str]:
    """Return those subjects that have a row in a table that a function watches."""
    keys = _keys(subjects, connections[using])
    found: set[str] = set()
    for watch in source.watch:
        path = key_path(watch.model, str(watch.user), source=source.name)
        rows = watch.model._base_manager.using(using).filter(**{f"{path}__in": keys})
        found.update(map(str, rows.order_by().values_list(path, flat=True)))
    return found


_Compiled = tuple[str, list[Any], tuple["_Decoder", ...]]


def _rows_of(source: TableSource, index: int, using: str, *, one: bool) -> QuerySet[Any]:
    rows: QuerySet[Any, Any] = source.model._base_manager.using(using).all()
    if source.where is not None:
        rows = rows.filter(source.where)
    user = key_path(source.model, source.user, source=source.name)
    rows = rows.filter(_AmongSubjects(F(user), one=one))
    columns: dict[str, Any] = {
        "authz_source": Value(index, IntegerField()),
        "authz_subject": _text(user),
        "authz_context": _text(_context_path(source)),
        "authz_role": _text(source.role if isinstance(source.role, str) else None),
        "authz_from": _text(source.valid_from),
        "authz_until": _text(source.valid_until),
    }
    texts: QuerySet[Any, Any] = rows.order_by().annotate(**columns).values_list(*columns)
    return texts


def _context_path(source: TableSource) -> str | None:
    if source.context is None:
        return None
    return key_path(source.model, source.context, source=source.name)


def _text(path: str | None) -> Cast:
    return Cast(Value(None) if path is None else F(path), TextField())


def _keys(subjects: Iterable[str], connection: BaseDatabaseWrapper) -> list[Any]:
    field = get_user_model()._meta.pk
    return [field.get_db_prep_value(field.to_python(s), connection) for s in subjects]


class _Decoder:
    """Turns the texts of one source's rows into facts."""

    def __init__(self, source: TableSource, connection: BaseDatabaseWrapper) -> None:
        self.source = source
        self.column = source.role if isinstance(source.role, str) else None
        user, context = (
            key_path(source.model, source.user, source=source.name),
            _context_path(source),
        )
        self.subject_id = _id_reader(_last(source, user))
        self.context_id = _id_reader(_last(source, context)) if context else None
        self.begins = partial(first_moment, of_day=_is_day(source, source.valid_from))
        self.ends = partial(last_moment, of_day=_is_day(source, source.valid_until))
        self._roles = self._mapping(connection)

    def _mapping(self, connection: BaseDatabaseWrapper) -> dict[str | None, Any]:
        if self.column is None:
            return {None: effect_of(self.source.mapped[0])}
        field = _last(self.source, self.column)
        found: dict[str | None, Any] = {
            _as_text(field, value, connection): None for value in self.source.ignore
        }
        for value, mapped in self.source.roles.items():
            found[_as_text(field, value, connection)] = effect_of(mapped)
        return found

    def fact(self, row: Sequence[Any]) -> Fact | None:
        """Return the fact of a row; None for a value that is ignored.

        Raises:
            UnmappedLegacyValue: nobody said what the value means.

        """
        _, _, context, value, begins, ends = row
        try:
            mapped = self._roles[value]
        except KeyError:
            raise UnmappedLegacyValue(self.source.name, str(self.column), value) from None
        if mapped is None:
            return None
        role, effect = mapped
        where = self._where(role.on, context)
        return where and Fact(role.name, where, effect, self.begins(begins), self.ends(ends))

    def _where(self, on: str, context: str | None) -> Context | None:
        if self.context_id is None:
            return PLATFORM
        return None if context is None else Context(on, valid_id(self.context_id(context)))


def _last(source: TableSource, path: str) -> Field[Any, Any]:
    return plain_field(source.model, path, source=source.name)


def _id_reader(field: Field[Any, Any]) -> Callable[[str], str]:
    if isinstance(field, UUIDField):
        return lambda text: str(UUID(text))
    return str


def _as_text(field: Field[Any, Any], value: Any, connection: BaseDatabaseWrapper) -> str | None:
    prepared = field.get_db_prep_value(value, connection)
    if isinstance(prepared, bool) or isinstance(field, BooleanField):
        dialect = dialects.of(connection)
        return None if prepared is None else (dialect.true if prepared else dialect.false)
    return None if prepared is None else str(prepared)


def _is_day(source: TableSource, path: str | None) -> bool:
    field = _last(source, path) if path else None
    return isinstance(field, DateField) and not isinstance(field, DateTimeField)


def _by_subject(
    wanted: Iterable[str], rows: Iterable[Sequence[Any]], decoders: Sequence[_Decoder]
) -> dict[str, Yielded]:
    found: dict[str, list[tuple[str, Fact]]] = {subject: [] for subject in wanted}
    failures: dict[str, Exception] = {}
    for row in rows:
        decoder = decoders[row[0]]
        subject = decoder.subject_id(row[1])
        try:
            fact = decoder.fact(row)
        except ValueError as error:
            failures[subject] = error
            continue
        if fact is not None:
            found[subject].append((decoder.source.name, fact))
    return {s: Yielded(tuple(folded(facts)), failures.get(s)) for s, facts in found.items()}


def folded(facts: Iterable[tuple[str, Fact]]) -> Iterator[tuple[str, Fact]]:
    """Yield equal facts of one source once; where only the end differs, the latest end counts.

    Legacy tables hold exact duplicates, and a plain insert of them would fail for ever.
    """
    kept: dict[tuple[str, str, Context, Effect, datetime | None], Fact] = {}
    for source, given in facts:
        # Stored, that beginning stands for none.
        fact = given._replace(valid_from=None) if given.valid_from == NO_BEGINNING else given
        key = (source, fact.role, fact.context, fact.effect, fact.valid_from)
        known = kept.get(key)
        if known is None or _ends_later(fact, known):
            kept[key] = fact
    for key, fact in kept.items():
        yield key[0], fact


def _ends_later(fact: Fact, known: Fact) -> bool:
    if known.valid_until is None:
        return False
    return fact.valid_until is None or fact.valid_until > known.valid_until
