"""Whoever is behind is brought up to date without being seen, and nobody else is touched."""

import pytest

from authmigration import backfill, registry
from authmigration.models import ChangeMark, SubjectState
from monolith.courses.models import Enrolment
from tests.authmigration import worlds
from tests.authmigration.rows import captured, mark, state, sync

from .crowds import crowd, differing, stored, subjects
from .triggers import refused

pytestmark = pytest.mark.django_db(transaction=True)


def keys(people):
    return [str(each.pk) for each in people]


def test_where_nobody_is_behind_nothing_is_done():
    sync(*crowd(5))
    before = stored()

    assert backfill.resync_stale() == backfill.Counts()

    assert stored() == before


def test_those_whose_rows_changed_follow_and_the_others_stay():
    people = crowd(20)
    with captured():
        sync(*people)
        Enrolment.objects.filter(student__in=people[:3]).update(status="withdrawn")
        before = {s.subject: s.revision for s in SubjectState.objects.all()}

        counts = backfill.resync_stale()

    assert counts == backfill.Counts(migrated=3)
    assert differing() == []
    changed = [s.subject for s in SubjectState.objects.all() if s.revision != before[s.subject]]
    assert sorted(changed) == sorted(keys(people[:3]))
    assert ChangeMark.objects.count() == 0


def test_a_change_that_nobody_can_be_named_for_is_followed_by_everybody():
    sync(*crowd(150))
    mark(None)

    assert backfill.resync_stale() == backfill.Counts(unchanged=150)

    assert differing() == []


def test_another_mapping_is_followed_by_everybody():
    people = crowd(20)
    sync(*people)

    with registry.override(worlds.tables_only()):
        assert backfill.resync_stale().total == 20
        assert differing() == []


def test_an_older_release_leaves_what_a_newer_one_migrated():
    people = crowd(20)
    sync(people[0])
    with registry.override(worlds.tables_only()):
        sync(*people)
        mark(people[3])
        before = stored()

    assert backfill.resync_stale() == backfill.Counts()
    assert stored() == before


def test_somebody_who_was_never_seen_is_left_to_the_first_access():
    people = crowd(3)
    mark(people[1])

    assert backfill.resync_stale() == backfill.Counts()

    assert SubjectState.objects.count() == 0


def test_no_more_than_the_limit_are_tried():
    people = crowd(250)
    sync(*people)
    mark(None)
    mark(people[7])

    assert [backfill.resync_stale(120).total for _ in range(3)] == [120, 120, 10]
    assert differing() == []


def test_somebody_who_failed_is_tried_again_and_quarantined_in_the_end():
    people = crowd(4)
    row = worlds.enrol(people[1], worlds.course(worlds.school()), kind=99)
    sync(*people)

    assert [backfill.resync_stale() for _ in range(3)] == [
        backfill.Counts(failed=1),
        backfill.Counts(quarantined=1),
        backfill.Counts(),
    ]
    assert state(people[1]).status == "quarantined"
    row.delete()


def test_somebody_in_quarantine_is_tried_again_once_the_rows_changed():
    people = crowd(4)
    with captured():
        row = worlds.enrol(people[1], worlds.course(worlds.school()), kind=99)
        backfill.run()
        assert state(people[1]).status == "quarantined"
        assert backfill.resync_stale() == backfill.Counts()

        Enrolment.objects.filter(pk=row.pk).update(kind=Enrolment.LEARNER)

        assert backfill.resync_stale() == backfill.Counts(migrated=1)
    assert differing() == []


def test_a_fault_of_the_installation_is_charged_to_nobody():
    people = crowd(60)
    sync(*people)
    before = stored()
    Enrolment.objects.update(kind=Enrolment.MENTOR)
    mark(None)

    with refused(subjects()), pytest.raises(backfill.BackfillStopped):
        backfill.resync_stale()

    assert stored() == before


def test_a_run_ends_with_those_who_changed_meanwhile():
    people = crowd(60)
    with captured():

        def told(_):
            Enrolment.objects.filter(student=people[0]).update(status="withdrawn")

        report = backfill.run(chunk_size=20, progress=told)

    assert report.resynced == 1
    assert differing() == []
