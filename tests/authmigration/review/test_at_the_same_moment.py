"""Changes of access while the old platform goes on writing rows of the same subject."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from auth_lib import Effect
from authmigration import assign, is_authorized, unassign
from authmigration.assignments import legacy_side
from authmigration.errors import Busy
from authmigration.models import Assignment
from monolith.courses.authz import STUDENT, TA
from monolith.courses.models import Enrolment
from tests.authmigration import worlds
from tests.authmigration.rows import captured, facts, is_fresh, roles, sync
from tests.authmigration.threads import alone

pytestmark = pytest.mark.django_db(transaction=True)

ACT = {"actor": "a test", "reason": "to be seen"}


@pytest.fixture
def biology(school):
    return worlds.course(school)


@pytest.fixture
def meanwhile(monkeypatch):
    """Let the old platform do something on its own connection when a change writes into legacy."""

    def during(name, work):
        real, done = getattr(legacy_side, name), []

        def watched(*given, **how):
            if not done:
                done.append(True)
                with ThreadPoolExecutor(1) as pool:
                    pool.submit(alone, work).result(20)
            return real(*given, **how)

        monkeypatch.setattr(legacy_side, name, watched)

    return during


@pytest.mark.postgres
def test_a_role_is_not_kept_from_legacy_because_another_row_was_written(
    anna, algebra, biology, meanwhile
):
    meanwhile("write_on", lambda: worlds.enrol(anna, biology))
    with pytest.raises(Busy, match="try again"):
        assign(anna, STUDENT, algebra, **ACT)
    assert not Assignment.objects.filter(source="native").exists()
    assert assign(anna, STUDENT, algebra, **ACT).sources == ("courses.Enrolment",)
    assert Enrolment.objects.filter(student=anna, status="active").count() == 2


@pytest.mark.postgres
def test_taking_a_role_is_tried_again_where_another_row_was_written(
    anna, algebra, biology, meanwhile
):
    worlds.enrol(anna, algebra)
    sync(anna)
    meanwhile("write_off", lambda: worlds.enrol(anna, biology))
    with pytest.raises(Busy, match="try again"):
        unassign(anna, STUDENT, algebra, **ACT)
    assert Enrolment.objects.filter(course=algebra, status="active").exists()
    assert unassign(anna, STUDENT, algebra, **ACT).changed
    assert facts(anna) == {f"student in course:{biology.pk} (courses.Enrolment)"}


def test_taking_a_native_role_asks_nothing_of_legacy(anna, algebra, biology, monkeypatch):
    assign(anna, TA, algebra, **ACT)

    def compared(*_, **__):
        raise AssertionError

    monkeypatch.setattr(legacy_side, "require_only", compared)
    assert unassign(anna, TA, algebra, **ACT).changed
    assert facts(anna) == set()


def test_a_failed_write_leaves_nothing_behind(anna, algebra, monkeypatch):
    def half(source, subject, role, fact, *, using):
        with connection.cursor() as cursor:
            cursor.execute("UPDATE accounts_user SET is_superuser = %s", [True])

    monkeypatch.setattr(legacy_side, "write_on", half)
    change = assign(anna, STUDENT, algebra, **ACT)
    assert "had no effect" in change.not_representable
    anna.refresh_from_db()
    assert not anna.is_superuser


@pytest.mark.parametrize("change", [assign, unassign])
def test_a_change_that_changes_nothing_leaves_a_pending_revoke_pending(
    anna, algebra, enforced, change
):
    """Somebody who was withdrawn a moment ago is given what they have, or loses what they lack."""
    worlds.enrol(anna, algebra)
    if change is assign:
        assign(anna, TA, algebra, **ACT)
    sync(anna)
    with captured():
        Enrolment.objects.filter(student=anna).update(status="withdrawn")
        assert not change(anna, TA, algebra, **ACT).changed
        assert not is_authorized(anna, "course", algebra.pk, "student")
    assert roles(anna) == ({"ta"} if change is assign else set())


def test_a_change_that_changes_nothing_leaves_the_callers_transaction_alone(anna, algebra):
    with transaction.atomic():
        assert assign(anna, TA, algebra, **ACT).changed
        assert not assign(anna, TA, algebra, **ACT).changed
        worlds.enrol(anna, algebra)
    assert Enrolment.objects.exists()
    assert roles(anna) == {"ta"}


def test_barring_somebody_who_cannot_be_read_leaves_the_change_to_be_followed(
    anna, algebra, biology, enforced
):
    worlds.enrol(anna, algebra)
    sync(anna)
    with captured():
        Enrolment.objects.filter(student=anna).update(kind=77)  # which nobody mapped
        assign(anna, TA, biology, effect=Effect.REFUSE, **ACT)
        assert not is_fresh(anna)
        found = is_authorized(anna, "course", algebra.pk, "student")  # legacy decides, and cannot
    assert (found.allowed, found.world) == (False, "legacy")
