"""Making stored facts those that the legacy sources yield: once, again, and for many."""

import pytest
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from auth_lib import Effect
from authmigration import assign, legacy, registry, unassign
from authmigration.assignments import Outcome, synchronise
from authmigration.models import Assignment, AuditEvent, CounterDelta, SubjectState
from authmigration.trail import MIGRATOR
from monolith.accounts.models import OutboxMail
from monolith.courses.authz import STUDENT, TA
from monolith.courses.models import Enrolment
from tests.authmigration import worlds
from tests.authmigration.rows import (
    events,
    facts,
    is_fresh,
    legacy_rows,
    loaded,
    mark,
    outcome,
    roles,
    state,
    sync,
)


def test_a_first_synchronisation_copies_the_facts_and_says_so(learner, algebra):
    assert outcome(learner) is Outcome.MIGRATED

    assert facts(learner) == {f"student in course:{algebra.pk} (courses.Enrolment)"}
    found = state(learner)
    assert (found.status, found.generation, found.revision) == ("migrated", 1, 1)
    assert found.mapping_hash == registry.get().mapping_hash
    assert found.contexts == 1
    assert is_fresh(learner)


def test_a_user_who_holds_nothing_is_migrated_too(anna):
    assert outcome(anna) is Outcome.MIGRATED
    assert facts(anna) == set()
    assert (state(anna).generation, is_fresh(anna)) == (1, True)


def test_a_second_synchronisation_changes_nothing_but_the_revision(learner):
    sync(learner)
    before = list(Assignment.objects.values()), state(learner).generation

    assert outcome(learner) is Outcome.UNCHANGED

    assert (list(Assignment.objects.values()), state(learner).generation) == before
    assert state(learner).revision == 2
    assert events(learner) == ["migrate"]


@pytest.mark.parametrize(
    ("change", "left"),
    [
        ({"status": "withdrawn"}, set()),
        ({"kind": Enrolment.MENTOR}, {"mentor"}),
        ({"ends_at": timezone.now()}, {"student"}),
    ],
)
def test_the_generation_rises_when_the_facts_differ(learner, change, left):
    sync(learner)
    Enrolment.objects.update(**change)

    assert outcome(learner) is Outcome.CHANGED

    assert roles(learner) == left
    assert state(learner).generation == 2
    assert events(learner) == ["migrate", "resync"]


def test_a_changed_end_is_stored(learner):
    sync(learner)
    ends = timezone.now()
    Enrolment.objects.update(ends_at=ends)

    sync(learner)

    assert Assignment.objects.get().valid_until == ends


def test_a_fact_that_comes_back_raises_the_generation_again(learner):
    for status in ("active", "withdrawn", "active"):
        Enrolment.objects.update(status=status)
        sync(learner)

    assert state(learner).generation == 3
    assert roles(learner) == {"student"}


def test_duplicate_rows_are_stored_once(learner, algebra):
    worlds.enrol(learner, algebra)

    sync(learner)
    Enrolment.objects.first().delete()

    assert Assignment.objects.count() == 1
    assert outcome(learner) is Outcome.UNCHANGED


def test_one_role_from_two_sources_is_two_facts(anna, north):
    mine = worlds.course(north, owner=anna)
    twice = legacy.table(
        Enrolment,
        user="student",
        context="course",
        role=registry.get().policy.by_key["course", "teacher"],
        where=Q(kind=Enrolment.MENTOR),
        name="mentors teach",
    )
    worlds.enrol(anna, mine, Enrolment.MENTOR)
    anna.is_teacher = True
    anna.save()

    with registry.override(worlds.tables_only(twice=twice)):
        sync(anna)
        Enrolment.objects.all().delete()
        before = facts(anna)
        sync(anna)

    assert {text.partition("(")[2] for text in before} == {
        "courses.Course)",
        "courses.Enrolment)",
        "mentors teach)",
    }
    assert facts(anna) == {f"teacher in course:{mine.pk} (courses.Course)"}


def test_native_facts_survive_every_synchronisation(learner, algebra):
    assign(learner, TA, algebra, actor="test", reason="help")
    for change in ({"status": "withdrawn"}, {"status": "active"}, {"kind": Enrolment.AUDITOR}):
        Enrolment.objects.update(**change)
        sync(learner)
        assert f"ta in course:{algebra.pk} (native)" in facts(learner)

    unassign(learner, TA, algebra, actor="test", reason="done")

    assert roles(learner) == {"guest"}


def test_a_native_refusal_survives_every_synchronisation(learner, algebra):
    assign(learner, STUDENT, algebra, effect=Effect.REFUSE, actor="test", reason="cheated")

    sync(learner)

    assert f"refused student in course:{algebra.pk} (native)" in facts(learner)
    assert f"student in course:{algebra.pk} (courses.Enrolment)" in facts(learner)


def test_no_legacy_row_is_altered(north, algebra):
    people = [worlds.user(is_teacher=True, is_superuser=bool(n % 2)) for n in range(4)]
    for who in people:
        worlds.enrol(who, algebra)
        worlds.enrol(who, algebra, Enrolment.MENTOR, status="withdrawn")
        worlds.staff(who, north)
        worlds.bursar(who, north)
        worlds.moderate(who, algebra)
        worlds.registrar(who)
        worlds.course(north, owner=who)
    before = legacy_rows()

    sync(*people, bulk=True)
    sync(*people)

    assert Assignment.objects.count() > 20
    assert legacy_rows() == before
    assert not OutboxMail.objects.exists()


def test_each_first_synchronisation_has_an_event_with_actor_and_reason(learner, algebra):
    sync(learner)

    event = AuditEvent.objects.get()
    assert (event.actor, event.action, event.reason) == (MIGRATOR, "migrate", "a test")
    assert event.detail == {
        "added": [f"student in course:{algebra.pk} (courses.Enrolment)"],
        "removed": [],
    }


def test_an_event_of_following_says_what_came_and_what_went(learner, algebra):
    sync(learner)
    Enrolment.objects.update(kind=Enrolment.MENTOR)

    sync(learner)

    event = AuditEvent.objects.get(action="resync")
    assert event.detail == {
        "added": [f"mentor in course:{algebra.pk} (courses.Enrolment)"],
        "removed": [f"student in course:{algebra.pk} (courses.Enrolment)"],
    }
    assert event.generation == 2


def test_many_first_synchronisations_have_one_event(learner, bert):
    sync(learner, bert, bulk=True)

    assert events() == ["migrate_many"]
    assert AuditEvent.objects.get().detail["subjects"] == 2


def test_a_subject_that_is_named_twice_is_synchronised_once(learner):
    done = sync(learner, learner)

    assert list(done.outcomes.values()) == [Outcome.MIGRATED]
    assert state(learner).revision == 1


def test_subjects_are_counted_by_status(learner, bert):
    sync(learner)
    sync(bert)
    sync(learner)

    deltas = CounterDelta.objects.filter(name="subjects", label="migrated")
    assert [each.delta for each in deltas] == [1, 1]


def test_what_is_returned_is_what_a_reading_finds(learner, algebra):
    assign(learner, TA, algebra, actor="test", reason="help")
    Enrolment.objects.update(kind=Enrolment.MENTOR)
    mark(learner)

    returned = sync(learner).loaded[str(learner.pk)]

    def told(found):
        return found.state, found.marked, {(s.source, s.fact) for s in found.facts}

    assert told(returned) == told(loaded(learner))


def test_synchronising_is_never_part_of_a_transaction_of_the_caller(transactional_db):
    anna = worlds.user()
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        sync(anna)


def test_a_role_of_every_shape_is_followed_when_it_goes(north, algebra):
    anna = worlds.user(is_teacher=True, is_superuser=True)
    worlds.course(north, owner=anna)
    worlds.assist(anna, algebra)
    worlds.enrol(anna, algebra, Enrolment.MENTOR)
    worlds.staff(anna, north)
    worlds.bursar(anna, north)
    worlds.moderate(anna, algebra)
    worlds.registrar(anna)
    sync(anna)
    held = roles(anna)

    anna.is_teacher = anna.is_superuser = False
    anna.save()
    anna.groups.clear()
    algebra.assistants.clear()
    Enrolment.objects.all().delete()
    anna.person.positions.all().delete()
    anna.bursaries.update(deleted_at=timezone.now())
    worlds.moderate(anna)
    sync(anna)

    assert held == {
        "assistant",
        "bursar",
        "mentor",
        "moderator",
        "principal",
        "registrar",
        "superuser",
        "teacher",
    }
    assert facts(anna) == set()
    assert SubjectState.objects.get().contexts == 0


def test_a_service_is_a_subject_without_legacy_facts(db, algebra):
    found = synchronise(["service:payments"], using="default", reason="a test")

    assert list(found.outcomes.values()) == [Outcome.MIGRATED]
    assert SubjectState.objects.get().subject == "service:payments"
