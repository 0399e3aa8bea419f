"""Installing, replacing, removing, and what the status says of it."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection, connections, router

from authmigration import capture
from authmigration.capture import TableBusy, TableState, state
from authmigration.errors import DeclarationError, UnsupportedDatabase
from authmigration.legacy import watch
from authmigration.models import ChangeMark
from monolith.accounts.models import Person
from monolith.courses.models import Enrolment
from tests.authmigration.capture.shapes import Listed

ENROLMENTS = watch(Enrolment, user="student", columns=["kind"])
GROUPS = watch(Group, columns=["name"])


def triggers():
    """Every trigger of ours, with whatever defines it."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute(
                "SELECT tgname, t.oid, prosrc, p.xmin FROM pg_trigger t "
                "JOIN pg_proc p ON p.oid = tgfoid WHERE tgname LIKE 'authz%'"
            )
        return sorted(cursor.fetchall())


def test_before_anything_is_installed_every_watched_table_is_missing(declare, db):
    declare(ENROLMENTS, GROUPS)

    assert [(each.table, each.state, each.triggers) for each in capture.status()] == [
        ("auth_group", TableState.MISSING, ()),
        ("courses_enrolment", TableState.MISSING, ()),
    ]
    assert capture.missing_tables() == capture.status()
    assert not capture.is_installed()


def test_an_installation_says_what_it_did(declare, db):
    declare(ENROLMENTS)

    report = capture.install()

    assert report == capture.InstallReport(installed=("courses_enrolment",))
    assert report.changed


def test_after_an_installation_every_table_shows_its_columns_and_triggers(install):
    install(ENROLMENTS)

    (status,) = capture.status()

    names = ["delete", "insert", "truncate", "update"]
    if connection.vendor == "sqlite":
        names.remove("truncate")
    assert status.state is TableState.INSTALLED
    assert status.columns == ("id", "kind", "student_id")
    assert [name.rpartition("_")[2] for name in status.triggers] == names
    assert capture.missing_tables() == ()
    assert capture.is_installed()


def test_an_installation_raises_the_epoch_since_earlier_changes_went_unseen(declare, db):
    declare(ENROLMENTS)
    before = capture.current_epoch()

    capture.install()

    assert capture.current_epoch() == before + 1
    assert ChangeMark.objects.get().source == "capture"


def test_installing_twice_changes_nothing(install):
    install(ENROLMENTS, GROUPS)
    before, epoch = triggers(), capture.current_epoch()

    report = capture.install()

    assert report == capture.InstallReport(unchanged=("auth_group", "courses_enrolment"))
    assert not report.changed
    assert (triggers(), capture.current_epoch()) == (before, epoch)


def test_a_changed_declaration_is_outdated_until_it_replaces_the_triggers(
    install, declare, marked, anna
):
    install(watch(Person, user="user", columns=["staff_number"]), GROUPS)
    person = Person.objects.create(user=anna, full_name="Anna", staff_number="1")
    declare(watch(Person, user="user", columns=["full_name"]), GROUPS)
    epoch = capture.current_epoch()

    (outdated,) = capture.missing_tables()
    installed = capture.is_installed()
    report = capture.install()

    assert (outdated.table, outdated.state) == ("accounts_person", TableState.OUTDATED)
    assert not installed
    assert report.replaced == ("accounts_person",)
    assert report.unchanged == ("auth_group",)
    assert capture.current_epoch() == epoch + 1
    marked()
    Person.objects.filter(pk=person.pk).update(full_name="Anna B.")
    assert marked() == [str(anna.pk)]


def test_a_table_that_is_watched_no_more_loses_its_triggers(install, declare, marked):
    install(ENROLMENTS, GROUPS)
    declare(ENROLMENTS)

    left = capture.status()[-1]
    report = capture.install()

    assert (left.state, left.columns) == (TableState.OUTDATED, ())
    assert left.table.endswith("auth_group")
    assert "watched no more" in left.reason.lower()
    assert len(report.removed) == 1
    assert report.unchanged == ("courses_enrolment",)
    Group.objects.create(name="registrars")
    assert marked() == []


def test_a_leftover_does_not_make_the_watched_tables_missing(install, declare):
    install(ENROLMENTS, GROUPS)
    declare(ENROLMENTS)

    assert capture.is_installed()
    assert capture.missing_tables() == ()


def test_removing_leaves_nothing_behind(install, marked, anna):
    before = triggers()
    install(ENROLMENTS, GROUPS)

    report = capture.remove()

    assert len(report.removed) == 2
    assert triggers() == before == []
    assert not capture.is_installed()
    Group.objects.create(name="registrars")
    assert marked() == []


def test_removing_twice_is_no_error(install):
    install(GROUPS)
    capture.remove()

    assert capture.remove() == capture.InstallReport()


def test_a_table_that_does_not_exist_is_missing_and_nothing_is_half_installed(declare, db, members):
    declare(GROUPS, watch(Listed, user="member"))

    with pytest.raises(DeclarationError, match="There is no table capture_listed; run migrate"):
        capture.install()

    assert [each.state for each in capture.status()] == [TableState.MISSING] * 2
    assert triggers() == []


def test_a_column_that_does_not_exist_is_named(declare, db, members):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE capture_listed (id int PRIMARY KEY, other int)")
    declare(watch(Listed, user="member"))

    with pytest.raises(DeclarationError, match="capture_listed has no column member_id"):
        capture.install()


@pytest.mark.sqlite
def test_a_sqlite_file_in_use_is_named_with_the_mend(committed):
    committed(GROUPS)
    capture.remove()
    other = connection.copy()
    try:
        with other.cursor() as writer, connection.cursor() as cursor:
            writer.execute("BEGIN IMMEDIATE")
            cursor.execute("PRAGMA busy_timeout = 50")
            with pytest.raises(TableBusy, match=r"auth_group was locked by others at 2 attempts"):
                capture.install(attempts=2)
            writer.execute("ROLLBACK")
            cursor.execute("PRAGMA busy_timeout = 20000")
    finally:
        other.close()

    assert capture.status()[0].state is TableState.MISSING
    assert capture.install().installed == ("auth_group",)


@pytest.mark.sqlite
def test_a_view_is_refused_on_sqlite(declare, db, members):
    with connection.cursor() as cursor:
        cursor.execute("CREATE VIEW capture_listed AS SELECT 1 AS id, 'x' AS member_id")
    declare(watch(Listed, user="member"))

    with pytest.raises(DeclarationError, match="capture_listed is a view or a virtual table"):
        capture.install()
    assert capture.status()[0].state is TableState.UNSUPPORTED


def test_another_engine_is_refused_with_the_mend(declare, db, monkeypatch):
    declare(GROUPS)
    monkeypatch.setattr(connection, "vendor", "mysql")

    (status,) = capture.status()
    assert status.state is TableState.UNSUPPORTED
    assert "no capture triggers" in status.reason
    assert not capture.is_installed()
    for act in (capture.install, capture.remove):
        with pytest.raises(UnsupportedDatabase, match=r"'default' is mysql.*let the reconciler"):
            act()


def test_a_table_of_another_database_is_unsupported(declare, db, monkeypatch):
    class Elsewhere:
        def db_for_write(self, model, **hints):
            return "old" if model is Group else None

    monkeypatch.setattr(router, "routers", [Elsewhere()])
    declare(ENROLMENTS, GROUPS)

    elsewhere, here = capture.status()

    assert (elsewhere.state, here.state) == (TableState.UNSUPPORTED, TableState.MISSING)
    assert "lives in the database 'old'" in elsewhere.reason


def test_the_database_can_be_named(declare, db):
    declare(GROUPS)

    assert capture.install("default").installed == ("auth_group",)
    assert capture.is_installed("default")
    assert capture.status("default") == capture.status()


class TestTheAnswerIsRemembered:
    """Outside a test's transaction, where what was installed stays installed."""

    @pytest.fixture(autouse=True)
    def _as_in_production(self, monkeypatch):
        monkeypatch.setattr(state, "_memory", state._Memory())

    def test_it_costs_no_query_for_a_while(self, committed, django_assert_num_queries):
        committed(GROUPS)
        assert capture.is_installed()

        with django_assert_num_queries(0):
            assert capture.is_installed()

    def test_it_is_asked_again_after_five_seconds(self, committed, monkeypatch):
        committed(GROUPS)
        assert capture.is_installed()
        other = connections.create_connection("default")
        try:
            with other.cursor() as cursor:
                for status in capture.status():
                    for name in status.triggers:
                        on = " ON auth_group" if connection.vendor == "postgresql" else ""
                        cursor.execute(f'DROP TRIGGER "{name}"{on}')
        finally:
            other.close()

        remembered = capture.is_installed()
        now = state.time.monotonic()
        monkeypatch.setattr(state.time, "monotonic", lambda: now + 5.1)

        assert remembered
        assert not capture.is_installed()

    def test_our_own_changes_are_seen_at_once(self, committed):
        committed(GROUPS)
        installed = capture.is_installed()
        capture.remove()

        assert installed
        assert not capture.is_installed()

    def test_other_declarations_are_asked_for_anew(self, committed, declare):
        committed(GROUPS)
        assert capture.is_installed()

        declare(ENROLMENTS)

        assert not capture.is_installed()

    def test_nothing_is_remembered_of_what_a_transaction_may_undo(self, install):
        install(GROUPS)
        assert capture.is_installed()

        assert state._memory.answers == {}
