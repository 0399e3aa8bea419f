"""A backfill in this process: everybody, once, whatever some of them are like."""

import threading
from contextlib import contextmanager

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.utils import timezone

from authmigration import backfill
from authmigration.assignments.claims import claim
from authmigration.assignments.mappings import version_of
from authmigration.models import BackfillChunk, BackfillRun, SubjectState
from monolith.courses.models import Enrolment
from tests.authmigration import worlds
from tests.authmigration.rows import legacy_rows, sync

from .crowds import crowd, differing, nobody_lost_nobody_doubled, stored, subjects
from .sources import sources
from .triggers import REFUSAL, refused

pytestmark = pytest.mark.django_db(transaction=True)


def states(**conditions):
    return {s.subject: s for s in SubjectState.objects.filter(**conditions)}


def test_everybody_is_migrated_and_legacy_is_not_written():
    crowd(250)
    before = legacy_rows()

    report = backfill.run(chunk_size=60)

    assert nobody_lost_nobody_doubled()
    assert legacy_rows() == before
    assert (report.total, report.migrated, report.chunks) == (250, 250, 5)
    assert report.users_per_second > 0


def test_a_second_run_changes_nothing():
    crowd(120)
    backfill.run()
    before = stored()

    report = backfill.run()

    assert stored() == before
    assert (report.total, report.unchanged) == (120, 120)
    assert BackfillRun.objects.exclude(finished_at=None).count() == 2


def test_a_run_that_was_left_is_taken_up_and_not_begun_again():
    crowd(120)
    left = backfill.open_run(using="default")
    sync(*get_user_model().objects.order_by("pk")[:40])

    report = backfill.run(chunk_size=50)

    assert BackfillRun.objects.get().pk == left.pk
    assert (report.total, report.migrated, report.unchanged) == (120, 80, 40)


def test_a_user_with_an_unmapped_value_is_quarantined_with_the_reason():
    people = crowd(90)
    poison = people[33]
    worlds.enrol(poison, worlds.course(worlds.school()), kind=99)

    report = backfill.run(chunk_size=50)

    assert (report.migrated, report.quarantined) == (89, 1)
    state = states()[str(poison.pk)]
    assert state.status == "quarantined"
    assert "'99', which is neither mapped nor ignored" in state.reason
    assert differing([s for s in subjects() if s != str(poison.pk)]) == []


def test_users_whom_the_database_refuses_are_split_off_and_quarantined():
    people = crowd(130)
    poison = {str(people[n].pk) for n in (0, 17, 18, 99, 129)}

    with refused(poison):
        report = backfill.run()

    assert (report.migrated, report.quarantined) == (125, 5)
    assert set(states(status="quarantined")) == poison
    assert all(REFUSAL in s.reason for s in states(status="quarantined").values())
    assert differing([s for s in subjects() if s not in poison]) == []


def test_a_quarantined_user_is_left_alone_by_the_next_run():
    people = crowd(10)
    worlds.enrol(people[3], worlds.course(worlds.school()), kind=99)
    backfill.run()
    before = stored()

    report = backfill.run()

    assert (report.unchanged, report.quarantined) == (9, 1)
    assert stored() == before


def test_a_fault_of_the_installation_stops_the_run_and_is_charged_to_nobody():
    crowd(120)

    with refused(subjects()), pytest.raises(backfill.BackfillStopped, match=REFUSAL):
        backfill.run()

    assert states() == {}
    assert BackfillChunk.objects.get().lease_until is None
    assert backfill.run().migrated == 120
    assert nobody_lost_nobody_doubled()


def test_a_retired_user_is_left_alone():
    people = crowd(10)
    sync(*people)
    SubjectState.objects.filter(subject=str(people[2].pk)).update(retired_at=timezone.now())
    Enrolment.objects.update(kind=Enrolment.MENTOR)
    before = {k: v.revision for k, v in states().items()}
    SubjectState.objects.update(mapping_hash="older", mapping_version=0)

    report = backfill.run()

    assert (report.migrated, report.unchanged) == (9, 1)
    changed = {k for k, v in states().items() if v.revision != before[k]}
    assert changed == set(subjects()) - {str(people[2].pk)}


def test_progress_is_told_and_ends_with_everybody():
    crowd(300)
    told = []

    backfill.run(progress=told.append, chunk_size=50)

    done = [each.done for each in told]
    assert done == sorted(done)
    assert (told[-1].done, told[-1].total, told[-1].finished) == (300, 300, True)
    assert told[-1].counts.migrated == 300


def test_progress_has_no_end_in_sight_before_anything_moved():
    crowd(5)
    run = backfill.open_run(using="default")

    seen = backfill.progress(run)

    assert (seen.total, seen.done, seen.rate, seen.eta_seconds) == (5, 0, 0.0, None)


@pytest.mark.parametrize("wrong", [{"workers": 0}, {"chunk_size": 0}])
def test_a_size_below_one_is_refused(wrong):
    with pytest.raises(ValueError, match="must be at least 1"):
        backfill.run(**wrong)


@pytest.mark.postgres
def test_several_workers_of_one_process_share_the_run():
    crowd(400)

    report = backfill.run(workers=4, chunk_size=20)

    assert (report.total, report.migrated) == (400, 400)
    assert nobody_lost_nobody_doubled()


@contextmanager
def held(subject):
    """Hold a user in another session until the block ends, or until what is yielded is set."""
    taken, release = threading.Event(), threading.Event()

    def hold():
        connection.set_autocommit(False)
        version = version_of(sources().mapping_hash, using="default")
        claim([subject], using="default", version=version)
        taken.set()
        release.wait(20)
        connection.rollback()
        connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    taken.wait(20)
    try:
        yield release
    finally:
        release.set()
        thread.join()


@pytest.mark.postgres
def test_a_user_whom_somebody_holds_for_a_moment_is_migrated_in_the_end():
    people, busy = crowd(30), []

    with held(str(people[4].pk)) as release:

        def told(progress):
            busy.append(progress.counts.busy)
            release.set()

        report = backfill.run(progress=told)

    assert max(busy) == 1
    assert (report.migrated, report.busy) == (30, 0)
    assert nobody_lost_nobody_doubled()


@pytest.mark.postgres
def test_a_user_whom_somebody_holds_for_long_is_counted_and_left():
    people = crowd(30)

    with held(str(people[4].pk)):
        report = backfill.run()

    assert (report.migrated, report.busy) == (29, 1)
    assert backfill.run().migrated == 1
    assert differing() == []
