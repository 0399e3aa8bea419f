"""Migrated when first seen: nobody waits, nobody sees an error, and legacy answers till then."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction

from authmigration import pins
from authmigration.assignments import claims
from authmigration.lazy_migration import on_access
from monolith.courses.models import Enrolment
from tests.authmigration import worlds
from tests.authmigration.lazy_migration.looking import tallied, view
from tests.authmigration.rows import (
    captured,
    events,
    is_fresh,
    mark,
    roles,
    state,
    sync,
)
from tests.authmigration.threads import Pause, timed

pytestmark = pytest.mark.django_db(transaction=True)

AT_ONCE = 1.0
"""Seconds within which somebody who does not wait has an answer, on a busy machine too."""


def test_whoever_is_seen_is_migrated(learner, algebra, stage):
    found = view(learner, algebra)

    assert (found.allowed, found.stage, found.generation) == (True, stage, 1)
    assert roles(learner) == {"student"}
    assert tallied("migrated") == 1


def test_whoever_was_seen_is_not_migrated_again(learner, algebra, stage):
    view(learner, algebra)
    view(learner, algebra)

    assert events(learner) == ["migrate"]
    assert state(learner).revision == 1


def test_at_stage_off_nobody_is_migrated(learner, algebra):
    assert view(learner, algebra)
    assert state(learner) is None


def test_somebody_anonymous_is_never_migrated(algebra, stage):
    assert not view(AnonymousUser(), algebra)
    assert events() == []


def test_whoever_is_stale_is_synchronised_before_the_answer(learner, algebra, enforced):
    assert view(learner, algebra).world == "central"
    Enrolment.objects.update(status="withdrawn")
    mark(learner)

    found = view(learner, algebra)

    assert (found.allowed, found.world, found.generation) == (False, "central", 2)


def test_inside_a_transaction_legacy_answers_and_the_migration_follows(learner, algebra, enforced):
    with transaction.atomic():
        inside = view(learner, algebra)
        view(learner, algebra)
        before = state(learner)

    assert (inside.allowed, inside.world) == (True, "legacy")
    assert before is None
    assert (state(learner).revision, is_fresh(learner)) == (1, True)


def roll_back_after(work):
    with transaction.atomic():
        work()
        transaction.set_rollback(True)


def test_a_transaction_that_is_rolled_back_migrates_nobody(learner, algebra, enforced):
    roll_back_after(lambda: view(learner, algebra))

    assert state(learner) is None
    view(learner, algebra)
    assert is_fresh(learner)


def test_after_a_rolled_back_transaction_the_next_one_migrates(learner, algebra, enforced):
    roll_back_after(lambda: view(learner, algebra))
    with transaction.atomic():
        view(learner, algebra)

    assert is_fresh(learner)


def test_in_one_transaction_everybody_who_was_seen_is_migrated_once(learner, algebra, enforced):
    bert = worlds.user()
    with transaction.atomic():
        for who in (learner, bert, learner):
            with transaction.atomic():
                view(who, algebra)

    assert [events(who) for who in (learner, bert)] == [["migrate"], ["migrate"]]


def hold(subject, pause):
    """Take a subject and keep it until the test goes on."""
    with transaction.atomic():
        claims.claim([str(subject.pk)], using="default", version=1)
        pause.stop()


def test_a_loser_is_answered_from_legacy_and_does_not_wait(learner, algebra, enforced):
    pause = Pause()

    with pause.while_stopped(lambda: hold(learner, pause)):
        seconds, found = timed(lambda: view(learner, algebra))

    assert (found.allowed, found.world) == (True, "legacy")
    assert seconds < AT_ONCE
    assert tallied("busy") == 1
    assert view(learner, algebra).world == "central"


def test_a_loser_fails_at_nothing_and_is_not_counted_as_a_failure(learner, algebra, enforced):
    pause = Pause()

    with pause.while_stopped(lambda: hold(learner, pause)):
        view(learner, algebra)

    assert state(learner) is None


@pytest.mark.postgres
def test_whoever_is_held_holds_up_nobody_else(learner, algebra, enforced):
    bert, pause = worlds.user(), Pause()

    with pause.while_stopped(lambda: hold(bert, pause)):
        assert view(learner, algebra).world == "central"


def test_a_process_migrates_no_more_than_a_few_at_a_time(learner, algebra, enforced, settings):
    settings.AUTHMIGRATION = {**settings.AUTHMIGRATION, "LAZY_CONCURRENCY": 1}

    with on_access._ceiling.place(1) as free:
        inside = view(learner, algebra)

    assert free
    assert (inside.allowed, inside.world) == (True, "legacy")
    assert tallied("ceiling") == 1
    assert view(learner, algebra).world == "central"


def test_a_place_is_given_back_after_an_error(learner):
    with pytest.raises(ZeroDivisionError), on_access._ceiling.place(1):
        raise ZeroDivisionError

    with on_access._ceiling.place(1) as free:
        assert free


def test_a_pinned_unit_of_work_goes_on_as_it_began(learner, algebra, enforced):
    """What is committed by others meanwhile counts from the next unit of work on."""
    with pins.pinned():
        before = view(learner, algebra)
        Enrolment.objects.update(status="withdrawn")
        mark(learner)
        after = view(learner, algebra)

    assert (before.allowed, after.allowed) == (True, True)
    assert not view(learner, algebra)


def test_somebody_whom_another_process_has_just_migrated_is_not_migrated_again(
    learner, algebra, enforced, monkeypatch
):
    """Between the loading that found nobody and the claim another process was faster."""
    attempt, raced = on_access._attempt, []

    def beaten(*given):
        if not raced:
            raced.append(sync(learner))
        return attempt(*given)

    monkeypatch.setattr(on_access, "_attempt", beaten)

    assert view(learner, algebra).allowed
    assert events(learner) == ["migrate"]
    assert roles(learner) == {"student"}


def test_a_change_that_is_captured_is_followed_at_the_next_access(learner, algebra, enforced):
    with captured():
        view(learner, algebra)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE courses_enrolment SET status = 'withdrawn'")

        assert not is_fresh(learner)
        assert not view(learner, algebra)
