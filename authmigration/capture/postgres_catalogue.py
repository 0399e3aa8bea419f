"""What the catalogue of PostgreSQL says of tables, and of our functions and triggers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from ..models import ChangeMark

RELATIONS = """
SELECT w.name, c.oid::bigint, quote_ident(n.nspname), quote_ident(c.relname), c.relkind::text,
       c.relispartition OR EXISTS (SELECT FROM pg_catalog.pg_inherits i
                                   WHERE c.oid IN (i.inhrelid, i.inhparent)),
       COALESCE(a.names, '{}'), COALESCE(a.types, '{}')
FROM unnest(%s::text[], %s::text[]) AS w(name, quoted)
JOIN pg_catalog.pg_class c ON c.oid = to_regclass(w.quoted)
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN LATERAL (
    SELECT array_agg(a.attname::text) AS names,
           array_agg(CASE WHEN t.typnamespace = 'pg_catalog'::regnamespace
                          THEN t.typname::text ELSE '' END) AS types
    FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
) a ON true
"""

FUNCTIONS = """
SELECT p.proname::text, format('%%I.%%I()', n.nspname, p.proname), p.prosrc,
       p.prosecdef, COALESCE(p.proconfig, '{}'), t.tgname::text, t.tgrelid::bigint,
       quote_ident(tn.nspname) || '.' || quote_ident(tc.relname),
       concat(t.tgtype, ' ', t.tgenabled, ' ', concat_ws(',', t.tgoldtable, t.tgnewtable))
FROM pg_catalog.pg_proc p
JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
LEFT JOIN pg_catalog.pg_trigger t ON t.tgfoid = p.oid AND NOT t.tgisinternal
LEFT JOIN pg_catalog.pg_class tc ON tc.oid = t.tgrelid
LEFT JOIN pg_catalog.pg_namespace tn ON tn.oid = tc.relnamespace
WHERE p.proname LIKE %s AND p.pronamespace = COALESCE(
    (SELECT relnamespace FROM pg_catalog.pg_class WHERE oid = to_regclass(%s)),
    current_schema()::regnamespace)
ORDER BY p.proname, t.tgname
"""


@dataclass(frozen=True, slots=True)
class Relation:
    """A table as the catalogue has it.

    ``schema`` and ``name`` are quoted; ``types`` has an empty text for one that is not built in.
    """

    oid: int
    schema: str
    name: str
    kind: str
    inherits: bool
    types: dict[str, str]

    @property
    def qualified(self) -> str:
        """Schema and name, both quoted where that is needed."""
        return f"{self.schema}.{self.name}"


@dataclass(frozen=True, slots=True)
class FoundTrigger:
    """A trigger of ours; ``shape`` is its type, whether it fires, and its transition tables."""

    name: str
    oid: int
    table: str
    shape: str


@dataclass(frozen=True, slots=True)
class FoundFunction:
    """A function of ours, with the triggers that call it."""

    name: str
    signature: str
    body: str
    settings: frozenset[str]
    is_definer: bool
    triggers: tuple[FoundTrigger, ...]


class Catalogue:
    """Asks the catalogue."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.connection = connection
        self.quote = connection.ops.quote_name

    def relations(self, tables: Iterable[str]) -> dict[str, Relation]:
        """Return those of some tables that exist, by the name that was asked for."""
        names = sorted(set(tables))
        rows = self.rows(RELATIONS, [names, [self.quote(name) for name in names]])
        return {
            name: Relation(oid, schema, own, kind, inherits, dict(zip(columns, types, strict=True)))
            for name, oid, schema, own, kind, inherits, columns, types in rows
        }

    def functions(self, prefix: str) -> Iterator[FoundFunction]:
        """Yield the functions whose names begin so, in the schema of the log."""
        like = prefix.replace("_", r"\_") + "%"
        rows = self.rows(FUNCTIONS, [like, self.quote(ChangeMark._meta.db_table)])
        for name in dict.fromkeys(row[0] for row in rows):
            own = [row for row in rows if row[0] == name]
            _, signature, body, is_definer, settings, *_ = own[0]
            triggers = tuple(FoundTrigger(*row[5:]) for row in own if row[5] is not None)
            yield FoundFunction(name, signature, body, frozenset(settings), is_definer, triggers)

    def rows(self, sql: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
        """Run one query and return its rows."""
        with self.connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return list(cursor.fetchall())
