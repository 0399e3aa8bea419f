"""What one table of PostgreSQL should have: the function and the triggers, as statements."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

from ..models import ChangeMark
from .postgres_catalogue import FoundFunction, FoundTrigger, Relation
from .postgres_sql import Names, function_body
from .tables import CapturedTable

OPERATIONS = {
    "insert": (4, "NEW TABLE AS new_rows"),
    "update": (16, "OLD TABLE AS old_rows NEW TABLE AS new_rows"),
    "delete": (8, "OLD TABLE AS old_rows"),
    "truncate": (32, ""),
}
"""For each operation its bit in ``pg_trigger.tgtype``, and the transition tables."""

SETTINGS = ("search_path=pg_catalog, pg_temp", "row_security=off", "jit=off")
"""How the function runs: no name is looked up in a schema that a writer can create in, a policy
that would hide rows is an error instead of a lost mark, and nothing is compiled for a short
query. As ``pg_proc.proconfig`` has it."""


class Definition:
    """The function and the triggers of one table.

    Args:
        table: what is watched.
        relations: that table, the log and every table joined, as they are called in full.
        quote: quotes a name.

    """

    def __init__(
        self,
        table: CapturedTable,
        relations: Mapping[str, Relation],
        quote: Callable[[str], str],
    ) -> None:
        self._watched = table
        self._relations = relations
        self._quote = quote
        self._relation = relations[table.name]
        self._log = relations[ChangeMark._meta.db_table]
        self.table = self._relation.qualified
        self.signature = f"{self._log.schema}.{quote(table.capture_name)}()"

    @cached_property
    def body(self) -> str:
        """The text of the function, as ``pg_proc.prosrc`` has it."""
        names = Names(
            marks=self._log.qualified,
            qualified=lambda table: self._relations[table].qualified,
            types=self._relation.types,
            quote=self._quote,
        )
        return function_body(self._watched, names)

    @cached_property
    def triggers(self) -> dict[str, str]:
        """The statement that creates each trigger, by its name."""
        return {self._name(op): self._trigger(op) for op in OPERATIONS}

    def create_function(self) -> Iterator[str]:
        """Yield what creates or replaces the function; nobody else may put it on a table."""
        settings = "".join(f"SET {each.replace('=', ' = ', 1)}\n" for each in SETTINGS)
        yield (
            f"CREATE OR REPLACE FUNCTION {self.signature} RETURNS trigger LANGUAGE plpgsql "
            f"SECURITY DEFINER\n{settings}AS $authz_capture${self.body}$authz_capture$"
        )
        yield f"REVOKE ALL ON FUNCTION {self.signature} FROM PUBLIC"

    def is_current(self, found: FoundFunction) -> bool:
        """Whether a function is this one."""
        settings = frozenset(SETTINGS)
        return (found.body, found.is_definer, found.settings) == (self.body, True, settings)

    def is_right(self, found: FoundTrigger) -> bool:
        """Whether a trigger is one of these: on this table, and firing for ordinary writers."""
        return (found.name, found.oid, found.shape) in self._right

    @cached_property
    def _right(self) -> set[tuple[str, int, str]]:
        return {
            (self._name(operation), self._relation.oid, f"{bit} {enabled} {_tables(transition)}")
            for operation, (bit, transition) in OPERATIONS.items()
            for enabled in "OA"
        }

    def _name(self, operation: str) -> str:
        return f"{self._watched.capture_name}_{operation}"

    def _trigger(self, operation: str) -> str:
        transition = OPERATIONS[operation][1]
        referencing = f"REFERENCING {transition} " if transition else ""
        return (
            f"CREATE TRIGGER {self._quote(self._name(operation))} "
            f"AFTER {operation.upper()} ON {self.table} {referencing}"
            f"FOR EACH STATEMENT EXECUTE FUNCTION {self.signature}"
        )


def _tables(transition: str) -> str:
    return ",".join(word for word in transition.split() if word.endswith("_rows"))
