"""The command: what it says, and what it refuses."""

import sys
from io import StringIO

import pytest
from celery import current_app
from django.core.management import CommandError, call_command

from authmigration import registry
from monolith.courses.models import Enrolment
from tests.authmigration import worlds
from tests.authmigration.rows import captured, sync

from .crowds import crowd, differing, nobody_lost_nobody_doubled
from .processes import ended, environment, started

pytestmark = pytest.mark.django_db(transaction=True)


def command(*arguments):
    """Run the command; return what it writes to each of its streams."""
    out, err = StringIO(), StringIO()
    call_command("authz_backfill", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_it_says_what_became_of_everybody():
    crowd(40)

    out, err = command()

    assert out.startswith("40 users: 40 migrated.\n1 chunks in ")
    assert err.splitlines()[-1] == "backfill: 100 %  40/40"
    assert nobody_lost_nobody_doubled()


def test_it_says_who_is_not_migrated_and_where_to_look():
    people = crowd(5)
    worlds.enrol(people[0], worlds.course(worlds.school()), kind=99)

    out, err = command()

    assert out.startswith("5 users: 4 migrated, 1 quarantined.\n")
    assert "1 users are not migrated; legacy decides for them. `manage.py authz_status`" in err


def test_it_is_silent_about_progress_when_asked():
    crowd(5)

    assert command("--verbosity=0")[1] == ""


def test_stale_brings_those_up_to_date_who_changed():
    people = crowd(6)
    with captured():
        sync(*people)
        assert command("--stale")[0] == "0 users: nothing to do.\n"
        Enrolment.objects.filter(student=people[0]).update(status="withdrawn")

        assert command("--stale")[0] == "1 users: 1 migrated.\n"
    assert differing() == []


def test_a_release_that_was_taken_back_is_refused_until_its_mapping_is_adopted():
    crowd(4)
    command()
    with registry.override(worlds.tables_only()):
        command()
    assert len(differing()) == 4

    with pytest.raises(CommandError, match="--adopt-mapping"):
        command()

    out, _ = command("--adopt-mapping")
    assert "is the newest now (version 3)." in out
    assert "4 users: 4 unchanged." in out
    assert differing() == []


@pytest.mark.parametrize(
    ("arguments", "mend"),
    [
        (["--every=5"], "--every goes with --stale only"),
        (["--stale", "--celery"], "let beat send|where beat sends"),
        (["--celery", "--chunk-size=5"], "CHUNK_SIZE"),
        (["--workers=0"], "0 is not a whole number above zero"),
        (["--celery"], "in this process's memory"),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_mend(arguments, mend):
    with pytest.raises(CommandError, match=mend):
        command(*arguments)


@pytest.mark.slow
def test_a_broker_that_does_not_answer_is_named(database_url):
    env = environment(database_url, MONOLITH_BROKER_URL="redis://127.0.0.1:1/0")

    with started("child", "authz_backfill", "--celery", env=env) as process:
        status, written = ended(process)

    assert status == 1
    assert "CommandError: Celery's broker does not answer" in written
    assert "Traceback" not in written


def test_without_celery_it_says_how_to_do_without(monkeypatch):
    monkeypatch.setitem(sys.modules, "authmigration.tasks", None)

    with pytest.raises(CommandError, match="leave --celery away"):
        command("--celery")


def test_celery_that_works_in_place_needs_no_worker(monkeypatch, settings):
    settings.AUTHMIGRATION = {**settings.AUTHMIGRATION, "CHUNK_SIZE": 7}
    monkeypatch.setitem(current_app.conf.changes, "task_always_eager", True)
    crowd(40)

    assert command("--celery")[0] == "40 users: 40 migrated.\n"
    assert nobody_lost_nobody_doubled()
