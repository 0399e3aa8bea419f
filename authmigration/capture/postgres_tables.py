"""Whether a table of PostgreSQL can have the triggers that are asked for."""

from __future__ import annotations

from collections.abc import Mapping

from ..models import ChangeMark
from .postgres_catalogue import Relation
from .tables import CapturedTable


def absent(table: CapturedTable, relations: Mapping[str, Relation]) -> str:
    """Say which table or column does not exist; an empty text where all do."""
    for name in (table.name, ChangeMark._meta.db_table, *(hop.table for hop in table.hops)):
        if name not in relations:
            return f"There is no table {name}; run migrate."
    for name, column in table.needs:
        if column not in relations[name].types:
            return f"The table {name} has no column {column}; run migrate."
    return ""


def unsupported(table: CapturedTable, relations: Mapping[str, Relation]) -> str:
    """Say why a table can have no such triggers; an empty text where it can."""
    relation = relations[table.name]
    if relation.kind != "r" or relation.inherits:
        return (
            f"{table.name} is a view, or a foreign, partitioned or inherited table, of which a "
            "statement trigger does not see every change. Watch the tables beneath it."
        )
    joined = [(table.name, column) for column in table.key]
    joined += [(hop.table, hop.match) for hop in table.hops]
    for name, column in joined:
        if not relations[name].types[column]:
            return (
                f"Rows of {name} are found by its column {column}, whose type is not built in and "
                "may compare otherwise than here. Watch a path without it."
            )
    return ""
