"""Every test starts knowing nothing: no flag, no mapping, no unit, no count, no trigger."""

from collections.abc import Iterator

import pytest
from django.db import connection

from tests.authmigration.memories import forget_everything


@pytest.fixture(autouse=True)
def nothing_remembered(request: pytest.FixtureRequest, settings) -> Iterator[None]:
    """Forget what this process knows of a database that is emptied after each test.

    A test that never commits reads the flags on its own connection, at each question; in one that
    commits, whoever changes a flag reads them anew.
    """
    commits = "transactional_db" in request.fixturenames or any(
        mark.kwargs.get("transaction") for mark in request.node.iter_markers("django_db")
    )
    uncommitted = {"CONNECTION": "caller", "SNAPSHOT_SECONDS": 0}
    settings.FEATURE_FLAGS = {"SNAPSHOT_SECONDS": 60} if commits else uncommitted
    # What takes long on a busy machine is no failure; a test of the budget sets its own.
    settings.AUTHMIGRATION = {**settings.AUTHMIGRATION, "LAZY_BUDGET": 30.0}
    forget_everything()
    yield
    forget_everything()


@pytest.fixture(scope="session", autouse=True)
def emptied_by_delete() -> Iterator[None]:
    """Empty the tables of PostgreSQL by DELETE: TRUNCATE makes and syncs files for each of them.

    What Django itself puts there after each flush stays, so that it need not be put there again.
    """
    with pytest.MonkeyPatch.context() as patch:
        if connection.vendor == "postgresql":
            patch.setattr(type(connection.ops), "sql_flush", delete_statements)
        yield


def delete_statements(ops, style, tables, **_) -> list[str]:
    # The log comes last: triggers write to it while the other tables are emptied.
    emptied = sorted(set(tables) - {"auth_permission", "django_content_type"}, key=is_log)
    return ["; ".join(f"DELETE FROM {ops.quote_name(name)}" for name in emptied)]


def is_log(table: str) -> bool:
    return table == "authmigration_changemark"
