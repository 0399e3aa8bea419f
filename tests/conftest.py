"""What all tests share: the database of this run, servers, and the lines that close it."""

import hashlib
import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import TransactionTestCase
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from tests.services import postgres_server, rabbitmq_server, redis_server
from tests.services.closing import pytest_terminal_summary, reason_to_skip

__all__ = ["pytest_terminal_summary"]

# What takes long on a busy machine is no fault of the code.
hypothesis_settings.register_profile(
    "patient", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("patient")

SERVERS = {"redis": redis_server, "rabbitmq": rabbitmq_server}
DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "django_db_setup"}
CHECKOUT = hashlib.sha256(str(Path(__file__).parent).encode()).hexdigest()[:8]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database-only",
        action="store_true",
        help="leave out the tests that touch no database: another run has them",
    )


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    left_out = [item for item in items if belongs_elsewhere(item, config)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in set(left_out)]
    for item in items:
        for server in servers_missing_for(item):
            # Named in the closing lines, with how to have it.
            item.add_marker(pytest.mark.skip(reason=reason_to_skip(server)))


def belongs_elsewhere(item: pytest.Item, config: pytest.Config) -> bool:
    """Tell whether the run on the other engine has this test."""
    if on_postgres():
        here = touches_database(item) or not config.getoption("--database-only")
        return bool(item.get_closest_marker("sqlite")) or not here
    return bool(item.get_closest_marker("postgres")) and postgres_server.available()


def on_postgres() -> bool:
    return django_settings.DATABASES["default"]["ENGINE"].endswith("postgresql")


def touches_database(item: pytest.Item) -> bool:
    fixtures = DATABASE_FIXTURES & set(getattr(item, "fixturenames", ()))
    marked = item.get_closest_marker("django_db") or item.get_closest_marker("postgres")
    kind = getattr(item, "cls", None)
    return bool(fixtures or marked or (kind and issubclass(kind, TransactionTestCase)))


def servers_missing_for(item: pytest.Item) -> list:
    wanted = [
        server
        for name, server in SERVERS.items()
        if item.get_closest_marker(name) or f"{name}_url" in getattr(item, "fixturenames", ())
    ]
    if item.get_closest_marker("postgres") and not on_postgres():
        wanted.append(postgres_server)
    return [server for server in wanted if not server.available()]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Give each process of each run a database of its own, also beside other checkouts.

    On SQLite it is a file: threads and child processes shall see it as they do in production.
    """
    database = django_settings.DATABASES["default"]
    if on_postgres():
        name = f"test_{database['NAME'][:20]}_{CHECKOUT}_{os.getpid()}"
    else:
        name = str(tmp_path_factory.mktemp("database") / "test.sqlite3")
    database.setdefault("TEST", {})["NAME"] = name


@pytest.fixture
def database_url(transactional_db: None) -> str:
    """MONOLITH_DATABASE_URL for a child process that is to see what this test commits."""
    at = {key: quote(str(value or ""), safe="/") for key, value in connection.settings_dict.items()}
    if connection.vendor == "sqlite":
        return f"sqlite:///{at['NAME']}"
    return f"postgres://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}/{at['NAME']}"


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """A Redis. Others may use it too: take names from ``unique_name`` and never flush it."""
    if running := redis_server.url():
        yield running
    else:
        with redis_server.started() as own:
            yield own


@pytest.fixture(scope="session")
def rabbitmq_url() -> str | None:
    """A RabbitMQ. Others may use it too: take names from ``unique_name``."""
    return rabbitmq_server.url()


@pytest.fixture
def unique_name() -> str:
    """A name for a queue, a key or a database that nobody else uses."""
    return f"authmigration_{CHECKOUT}_{os.getpid()}_{uuid.uuid4().hex[:8]}"
