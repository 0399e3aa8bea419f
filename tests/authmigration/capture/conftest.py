"""Watches in force, triggers in place, and the log as subjects."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from types import SimpleNamespace

import pytest
from django.db import connection

from authmigration import capture, legacy
from authmigration import registry as registries
from authmigration.capture import InstallReport
from authmigration.models import ChangeMark
from monolith.accounts.models import User
from tests.authmigration.capture import shapes


def registry_of(*watches: legacy.Watch) -> registries.Registry:
    def source(user):
        return ()

    return registries.Registry([SimpleNamespace(source=legacy.roles(watch=watches)(source))])


@pytest.fixture
def declare(shape_tables) -> Iterator[Callable[..., None]]:
    """Put watches in force, in place of those of the monolith; the tables of all shapes exist."""
    with ExitStack() as stack:
        yield lambda *watches: stack.enter_context(registries.override(registry_of(*watches)))


@pytest.fixture
def install(declare, db) -> Callable[..., InstallReport]:
    """Declare watches, install their triggers and empty the log."""

    def do(*watches: legacy.Watch) -> InstallReport:
        declare(*watches)
        report = capture.install()
        ChangeMark.objects.all().delete()
        return report

    return do


@pytest.fixture
def committed(declare, transactional_db) -> Iterator[Callable[..., InstallReport]]:
    """Like ``install``, for tests that commit."""

    def do(*watches: legacy.Watch) -> InstallReport:
        declare(*watches)
        report = capture.install()
        ChangeMark.objects.all().delete()
        return report

    yield do
    capture.remove()


@pytest.fixture
def marked() -> Callable[[], list[str]]:
    """Return the subjects in the log, sorted, and empty it."""

    def read() -> list[str]:
        rows = ChangeMark.objects.order_by("subject").values_list("id", "subject")
        found = list(rows)
        ChangeMark.objects.filter(id__in=[key for key, _ in found]).delete()
        return [subject for _, subject in found]

    return read


@pytest.fixture
def anna(db) -> User:
    return User.objects.create(username="anna")


@pytest.fixture
def bert(db) -> User:
    return User.objects.create(username="bert")


@pytest.fixture(scope="session")
def shape_tables(django_db_setup, django_db_blocker) -> None:
    with django_db_blocker.unblock(), connection.schema_editor() as editor:
        for model in shapes.TABLES:
            editor.create_model(model)


@pytest.fixture
def members(shape_tables, db, monkeypatch) -> type[shapes.Member]:
    """Make the model with UUID keys the one of the users."""
    monkeypatch.setattr("authmigration.capture.routes.get_user_model", lambda: shapes.Member)
    return shapes.Member
