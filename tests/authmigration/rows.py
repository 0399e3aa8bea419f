"""What stands in the tables, and what synchronising and changing by hand do to them."""

from collections.abc import Iterable
from contextlib import contextmanager
from typing import Any

from django.db import connection

from auth_lib import Effect
from authmigration import capture, registry
from authmigration.assignments import Outcome, Synchronised, synchronise
from authmigration.assignments.mappings import version_of
from authmigration.models import Assignment, AuditEvent, ChangeMark, SubjectState
from authmigration.selectors import Loaded, load

OURS = ("authmigration_", "feature_flags_", "waffle_", "django_")


def tables() -> list[str]:
    return sorted(connection.introspection.table_names())


def rows_of(names: Iterable[str]) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of some tables, in an order of its own."""
    found = {}
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(name)}")
            found[name] = sorted(cursor.fetchall(), key=repr)
    return found


def legacy_rows() -> dict[str, list[tuple[Any, ...]]]:
    return rows_of(name for name in tables() if not name.startswith(OURS))


def toolkit_rows() -> dict[str, list[tuple[Any, ...]]]:
    return rows_of(name for name in tables() if name.startswith("authmigration_"))


def sync(*people: Any, **how: Any) -> Synchronised:
    return synchronise([str(p.pk) for p in people], using="default", reason="a test", **how)


def outcome(who: Any, **how: Any) -> Outcome:
    return sync(who, **how).outcomes[str(who.pk)]


def loaded(who: Any) -> Loaded:
    return load([str(who.pk)], using="default")[str(who.pk)]


def is_fresh(who: Any) -> bool:
    return loaded(who).is_fresh(registry.get().mapping_hash)


def state(who: Any) -> SubjectState | None:
    return SubjectState.objects.filter(subject=str(who.pk)).first()


def facts(who: Any) -> set[str]:
    """Return what is stored for somebody, as in ``student in course:1 (courses.Enrolment)``."""
    rows = Assignment.objects.filter(subject=str(who.pk))
    return {
        f"{'refused ' if row.effect == Effect.REFUSE else ''}{row.role} in "
        f"{row.context_type}:{row.context_id} ({row.source})"
        for row in rows
    }


def roles(who: Any) -> set[str]:
    return {text.partition(" in ")[0] for text in facts(who)}


def events(who: Any = None) -> list[str]:
    found = AuditEvent.objects.order_by("id")
    if who is not None:
        found = found.filter(subject=str(who.pk))
    return list(found.values_list("action", flat=True))


def mark(who: Any) -> None:
    """Leave the mark that a trigger would; nobody: raise the epoch."""
    subject = "" if who is None else str(who.pk)
    ChangeMark.objects.create(subject=subject, source="a test")


def know_the_mapping() -> None:
    """Register the mapping, as a process has done once it has synchronised anybody."""
    version_of(registry.get().mapping_hash, using="default")


@contextmanager
def captured():
    """Install the triggers, and take them away again."""
    capture.install()
    ChangeMark.objects.all().delete()
    try:
        yield
    finally:
        capture.remove()
