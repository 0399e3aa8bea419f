"""The triggers of one table on SQLite, as text: they fire for each row."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from .routes import Route
from .tables import CapturedTable, Rule

SIDES = {"insert": ("NEW",), "update": ("OLD", "NEW"), "delete": ("OLD",)}


def triggers(
    table: CapturedTable, marks: str, moment: str, quote: Callable[[str], str]
) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each trigger.

    Args:
        table: what is watched.
        marks: the log, quoted.
        moment: an expression for the time now, as Django writes it.
        quote: quotes a name.

    """

    def into(subject: str, source: str) -> str:
        literal = "'" + source.replace("'", "''") + "'"
        return f"INSERT INTO {marks} (subject, source, at) SELECT {subject}, {literal}, {moment}"

    for operation in SIDES:
        inserts = " ".join(_insert(table, rule, operation, into, quote) for rule in table.rules)
        name = f"{table.capture_name}_{operation}"
        yield (
            name,
            (
                f"CREATE TRIGGER {quote(name)} AFTER {operation.upper()}"
                f"{_condition(table, operation, quote)} BEGIN {inserts} END"
            ),
        )


def _condition(table: CapturedTable, operation: str, quote: Callable[[str], str]) -> str:
    if operation != "update":
        return f" ON {quote(table.name)}"
    # A column that the database computes is never in the SET of a statement.
    computed = table.generated.intersection(table.columns)
    of = "" if computed else " OF " + ", ".join(map(quote, table.columns))
    return f"{of} ON {quote(table.name)} WHEN {_differs(table.columns, quote)}"


def _differs(columns: tuple[str, ...], quote: Callable[[str], str]) -> str:
    return " OR ".join(
        f"OLD.{name} COLLATE BINARY IS NOT NEW.{name}" for name in map(quote, columns)
    )


def _insert(
    table: CapturedTable,
    rule: Rule,
    operation: str,
    into: Callable[[str, str], str],
    quote: Callable[[str], str],
) -> str:
    changed = _differs((*table.key, *rule.columns), quote) if operation == "update" else ""
    if rule.route is None:
        return into("''", rule.source) + (f" WHERE {changed};" if changed else ";")
    found = " UNION ".join(_subject(rule.route, side, quote) for side in SIDES[operation])
    return (
        f"{into('s.subject', rule.source)} FROM ({found}) s "
        f"WHERE s.subject IS NOT NULL{f' AND ({changed})' if changed else ''};"
    )


def _subject(route: Route, side: str, quote: Callable[[str], str]) -> str:
    value, joins, condition = f"{side}.{quote(route.start)}", "", ""
    for number, hop in enumerate(route.hops, start=1):
        link = f"h{number}.{quote(hop.match)} = {value}"
        joins += f"{' JOIN' if joins else ' FROM'} {quote(hop.table)} h{number}"
        joins += f" ON {link}" if condition else ""
        condition = condition or f" WHERE {link}"
        value = f"h{number}.{quote(hop.take)}"
    return f"SELECT {_text(value, is_uuid=route.is_uuid)} AS subject{joins}{condition}"


def _text(value: str, *, is_uuid: bool) -> str:
    if not is_uuid:
        return f"CAST({value} AS TEXT)"
    bare = f"lower(replace({value}, '-', ''))"
    cuts = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
    return " || '-' || ".join(f"substr({bare}, {start}, {length})" for start, length in cuts)
