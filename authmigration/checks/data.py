"""Looks at the data, and only where Django was told to: ``check --database default``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage
from django.db import DatabaseError, connections

from .. import capture, progress, registry
from ..conf import Settings
from ..legacy import TableSource
from ..rollout import Stage
from ..rollout.telling import admits_anybody
from . import messages
from .declarations import declared_registry
from .options import usable

MOST_SHOWN = 20

Check = Callable[[Settings], list[CheckMessage]]


def with_data(check: Check) -> Callable[..., list[CheckMessage]]:
    """Run a check only where its database may be asked and has the tables of the toolkit."""

    def checked(*, databases: Any = None, **_: Any) -> list[CheckMessage]:
        options = usable()
        if options is None or options.database not in (databases or ()) or _is_migrating():
            return []
        try:
            return check(options) if _has_tables(options.database) else []
        except DatabaseError:
            return []  # migrations are waiting, and `migrate --check` says so

    # Not functools.wraps: Django looks at the signature, and would see that of the inner one.
    checked.__name__, checked.__doc__ = check.__name__, check.__doc__
    return checked


@with_data
def check_capture(options: Settings) -> list[CheckMessage]:
    """Look whether changes of the legacy tables are seen where somebody is enforced."""
    if Stage.named(options.ceiling).rank < Stage.ENFORCE.rank or declared_registry() is None:
        return []
    if not admits_anybody(Stage.ENFORCE):
        return []
    missing = [each.table for each in capture.missing_tables(options.database)]
    return [messages.e007(missing)] if missing else []


@with_data
def check_ceiling(options: Settings) -> list[CheckMessage]:
    """Look whether the ceiling is below a stage that has no way back."""
    retired = progress.retired() if options.ceiling != Stage.RETIRED else 0
    return [messages.e010(options.ceiling, retired)] if retired else []


@with_data
def check_values(options: Settings) -> list[CheckMessage]:
    """Look whether every value of the mapped role columns is mapped or ignored."""
    declared = declared_registry()
    return list(_unmapped(declared, options.database)) if declared is not None else []


def _unmapped(declared: registry.Registry, using: str) -> Iterator[CheckMessage]:
    tables = set(connections[using].introspection.table_names())
    for source in declared.tables:
        if isinstance(source.role, str) and source.model._meta.db_table in tables:
            known = {*source.roles, *source.ignore}
            unknown = [value for value in _values(source, using) if value not in known]
            if unknown:
                yield messages.e008(source.name, source.role, unknown[:MOST_SHOWN])


def _values(source: TableSource, using: str) -> list[Any]:
    rows = source.model._base_manager.using(using).order_by()
    if source.where is not None:
        rows = rows.filter(source.where)
    rows = rows.filter(**{f"{source.user}__isnull": False})
    return sorted(rows.values_list(str(source.role), flat=True).distinct(), key=str)


def _has_tables(using: str) -> bool:
    ours = {
        model._meta.db_table
        for label in ("authmigration", "feature_flags")
        for model in apps.get_app_config(label).get_models()
    }
    return ours <= set(connections[using].introspection.table_names())


def _is_migrating() -> bool:
    # `migrate` runs these checks too, and first: what it is about to mend must not stop it.
    return sys.argv[1:2] == ["migrate"]
