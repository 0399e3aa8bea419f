"""Triggers outlive the host's migrations."""

from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.models.signals import post_migrate, pre_migrate

from authmigration import capture
from authmigration.capture import TableState
from authmigration.legacy import watch
from authmigration.models import ChangeMark
from tests.authmigration.capture.shapes import TABLES, Deanery, Deputy, Member, Office

DEPUTIES = watch(Deputy, user="deanery__holder")
GROUPS = watch(Group, columns=["name"])
PLAN = [(SimpleNamespace(), False)]


@pytest.fixture
def deputy(committed, members):
    """A row whose user stands behind two further tables, all of them watched."""
    committed(DEPUTIES)
    anna = Member.objects.create(username="anna")
    yield Deputy.objects.create(deanery=Deanery.objects.create(holder=anna))
    for model in reversed(TABLES):
        model.objects.all().delete()


def rebuild(model):
    """Do to a table what Django's migrations do when they alter a column."""
    with connection.schema_editor() as editor:
        if connection.vendor == "sqlite":
            editor._remake_table(model)
        else:
            last = editor.quote_name(model._meta.local_concrete_fields[-1].column)
            table = editor.quote_name(model._meta.db_table)
            editor.execute(f"ALTER TABLE {table} RENAME {last} TO passing")
            editor.execute(f"ALTER TABLE {table} RENAME passing TO {last}")


def name(user):
    return [str(user.pk)]


@pytest.mark.sqlite
def test_sqlite_drops_the_triggers_of_a_rebuilt_table(deputy):
    rebuild(Deputy)

    (missing,) = capture.missing_tables()
    assert (missing.table, missing.state) == ("capture_shapes_deputy", TableState.MISSING)


@pytest.mark.sqlite
def test_sqlite_refuses_to_rebuild_a_table_that_a_trigger_of_another_joins(deputy):
    deputy.delete()  # or Django, on its way out, would stumble over it before it rolls back

    with pytest.raises(OperationalError, match="error in trigger authz_capture_"):
        rebuild(Deanery)


@pytest.mark.parametrize("model", [Deputy, Deanery])
def test_a_migration_that_rebuilds_tables_leaves_the_triggers_in_place(deputy, marked, model):
    marked()

    capture.suspend_before_migrate(using="default", plan=PLAN)
    rebuild(model)
    capture.reinstall_after_migrate(using="default")

    assert capture.missing_tables() == ()
    marked()
    Deputy.objects.all().delete()
    assert marked() == name(deputy.deanery.holder)


@pytest.mark.sqlite
def test_changes_during_a_migration_raise_the_epoch(deputy):
    before = capture.current_epoch()

    capture.suspend_before_migrate(using="default", plan=PLAN)
    Deputy.objects.all().delete()
    capture.reinstall_after_migrate(using="default")

    assert capture.current_epoch() > before


@pytest.mark.sqlite
def test_a_migration_that_dies_is_made_good_by_the_next(deputy):
    capture.suspend_before_migrate(using="default", plan=PLAN)
    capture.migrations._suspended.clear()

    missing = capture.missing_tables()
    capture.reinstall_after_migrate(using="default")

    assert len(missing) == 2
    assert capture.missing_tables() == ()


@pytest.mark.sqlite
def test_a_rebuilt_log_takes_nothing_from_the_others(deputy):
    capture.suspend_before_migrate(using="default", plan=PLAN)
    rebuild(ChangeMark)
    capture.reinstall_after_migrate(using="default")

    assert capture.missing_tables() == ()


def test_nothing_is_installed_where_nothing_was(declare, transactional_db):
    declare(GROUPS)

    capture.suspend_before_migrate(using="default", plan=PLAN)
    capture.reinstall_after_migrate(using="default")

    assert capture.status()[0].state is TableState.MISSING


def test_nothing_is_installed_again_after_a_removal(committed):
    committed(GROUPS)
    capture.remove()

    capture.suspend_before_migrate(using="default", plan=PLAN)
    capture.reinstall_after_migrate(using="default")

    assert capture.status()[0].state is TableState.MISSING


def test_without_a_migration_to_run_nothing_is_touched(committed):
    committed(GROUPS)
    epoch = capture.current_epoch()

    capture.suspend_before_migrate(using="default", plan=[])
    during = capture.status()
    capture.reinstall_after_migrate(using="default")

    assert during[0].state is TableState.INSTALLED
    assert capture.current_epoch() == epoch


def test_another_database_is_left_alone(committed, monkeypatch):
    committed(GROUPS)

    capture.suspend_before_migrate(using="other", plan=PLAN)
    capture.reinstall_after_migrate(using="other")

    assert capture.missing_tables() == ()


def test_a_new_declaration_is_followed_by_the_migration_that_brings_it(committed, declare):
    committed(GROUPS)
    declare(GROUPS, watch(Office, columns=["title"]), watch(Group.permissions.through))

    capture.reinstall_after_migrate(using="default")

    assert [each.table for each in capture.missing_tables()] == []


def test_triggers_go_with_the_log(deputy):
    with connection.cursor() as cursor:
        capture.suspend_before_migrate(using="default", plan=PLAN)
        cursor.execute("ALTER TABLE authmigration_changemark RENAME TO gone")
        try:
            capture.reinstall_after_migrate(using="default")
            Deputy.objects.all().delete()
            left = [each.triggers for each in capture.status()]
        finally:
            cursor.execute("ALTER TABLE gone RENAME TO authmigration_changemark")

    assert left == [(), ()]


def test_the_command_that_migrates_keeps_them(committed, marked):
    committed(GROUPS)
    signals = {
        pre_migrate: capture.suspend_before_migrate,
        post_migrate: capture.reinstall_after_migrate,
    }
    for signal, receiver in signals.items():
        signal.connect(receiver, apps.get_app_config("authmigration"), dispatch_uid="of this test")
    with connection.cursor() as cursor:
        for status in capture.status():
            on = " ON auth_group" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER {status.triggers[0]}{on}")

    call_command("migrate", verbosity=0)

    for signal in signals:
        signal.disconnect(sender=apps.get_app_config("authmigration"), dispatch_uid="of this test")
    marked()
    Group.objects.create(name="registrars").delete()
    assert marked() == ["", ""]
