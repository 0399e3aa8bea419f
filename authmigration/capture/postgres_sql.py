"""The trigger function of one table on PostgreSQL, as text.

Of several ways to find the changed rows of a statement a full join on the key was the cheapest.
It is also the one whose plan cannot go wrong: plpgsql keeps the plan of a first, small statement,
and a nested loop, which would be ruin for the next large one, is impossible in a full join. A
query with further joins is therefore kept for few rows, and planned anew for many.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .routes import Route
from .tables import CapturedTable, Rule

FEW_ROWS = 100
"""Up to how many rows of a statement the plan of a query with joins is kept."""

COMPARED_AS_THEY_ARE = {"int2", "int4", "int8", "bool", "uuid", "date", "timestamp", "timestamptz"}
"""Types whose equality is identity; anything else is compared as text, byte by byte."""


BODY = """
BEGIN
  BEGIN
    CASE TG_OP
{branches}
    WHEN 'TRUNCATE' THEN
      {anybody};
    END CASE;
  EXCEPTION WHEN OTHERS THEN
    RAISE WARNING 'authz capture marks everybody for %: % (%)', TG_TABLE_NAME, SQLERRM, SQLSTATE;
    BEGIN
      {anybody};
    EXCEPTION WHEN OTHERS THEN
      RAISE WARNING 'authz capture lost a change of %: %', TG_TABLE_NAME, SQLERRM;
    END;
  END;
  RETURN NULL;
END
"""

BY_SIZE = """\
      IF (SELECT pg_catalog.count(*) FROM (SELECT FROM {rows} LIMIT {more}) s) <= {few} THEN
        {query};
      ELSIF {exists} THEN
        EXECUTE $query${query}$query$;
      END IF;"""


@dataclass(frozen=True, slots=True)
class Names:
    """How the tables are called in full, and of what types the columns are.

    Attributes:
        marks: the log, with its schema and quoted.
        qualified: from ``db_table`` to the same for any table.
        types: the types of the watched table's columns.
        quote: quotes a column.

    """

    marks: str
    qualified: Callable[[str], str]
    types: dict[str, str]
    quote: Callable[[str], str]

    def append(self, values: str) -> str:
        """Return what appends marks: a VALUES or a SELECT of subject, source and moment."""
        return f"INSERT INTO {self.marks} (subject, source, at) {values}"


def function_body(table: CapturedTable, names: Names) -> str:
    """Return the body: one branch for each operation, and the way out when a branch fails."""
    branches = "\n".join(
        f"    WHEN '{operation}' THEN\n{_branch(operation, table, names)}"
        for operation in ("INSERT", "UPDATE", "DELETE")
    )
    anybody = names.append(f"VALUES ('', {_now(table.rules[0])})")
    return BODY.format(branches=branches, anybody=anybody)


def _now(rule: Rule) -> str:
    source = rule.source.replace("'", "''")
    return f"'{source}', pg_catalog.clock_timestamp()"


def _branch(operation: str, table: CapturedTable, names: Names) -> str:
    return "\n".join(
        _rule(rule, names, _changed(operation, table, rule, names)) for rule in table.rules
    )


@dataclass(frozen=True, slots=True)
class _Changed:
    """The rows that a statement changed: in which tables, on which sides, and which of them."""

    tables: str
    sides: tuple[str, ...]
    condition: str = ""

    @property
    def rows(self) -> str:
        return f"FROM {self.tables}{self.condition}"


def _changed(operation: str, table: CapturedTable, rule: Rule, names: Names) -> _Changed:
    if operation == "INSERT":
        return _Changed("new_rows n", ("n",))
    if operation == "DELETE":
        return _Changed("old_rows o", ("o",))
    same = " AND ".join(f"n.{c} = o.{c}" for c in map(names.quote, table.key))
    old, new = (
        ", ".join(_comparable(side, column, names) for column in (*table.key, *rule.columns))
        for side in ("o", "n")
    )
    return _Changed(
        f"old_rows o FULL JOIN new_rows n ON {same}",
        ("o", "n"),
        f" WHERE ROW({old}) IS DISTINCT FROM ROW({new})",
    )


def _comparable(side: str, column: str, names: Names) -> str:
    value = f"{side}.{names.quote(column)}"
    if names.types.get(column) in COMPARED_AS_THEY_ARE:
        return value
    return f'({value})::pg_catalog.text COLLATE pg_catalog."C"'


def _rule(rule: Rule, names: Names, changed: _Changed) -> str:
    exists = f"EXISTS (SELECT {changed.rows})"
    if rule.route is None:
        query = names.append(f"SELECT '', {_now(rule)} WHERE {exists}")
        return f"      {query};"
    found = _subjects(rule.route, names, changed)
    query = names.append(f"SELECT s.subject, {_now(rule)} FROM ({found}) s")  # noqa: S608 -- quoted names only
    if not rule.route.hops:
        return f"      {query};"
    return BY_SIZE.format(
        rows=changed.tables.partition(" ")[0],
        more=FEW_ROWS + 1,
        few=FEW_ROWS,
        query=query,
        exists=exists,
    )


def _subjects(route: Route, names: Names, changed: _Changed) -> str:
    starts = ", ".join(f"({side}.{names.quote(route.start)})" for side in changed.sides)
    values = f"CROSS JOIN LATERAL (VALUES {starts}) v(start)"
    rows = f"SELECT DISTINCT v.start FROM {changed.tables} {values}{changed.condition}"  # noqa: S608 -- as above
    value, joins = "r.start", ""
    for number, hop in enumerate(route.hops, start=1):
        alias = f"h{number}"
        joins += f" JOIN {names.qualified(hop.table)} {alias} "
        joins += f"ON {alias}.{names.quote(hop.match)} = {value}"
        value = f"{alias}.{names.quote(hop.take)}"
    subject = f"{'DISTINCT ' if joins else ''}({value})::pg_catalog.text AS subject"
    return f"SELECT {subject} FROM ({rows}) r{joins} WHERE {value} IS NOT NULL"  # noqa: S608 -- as above
