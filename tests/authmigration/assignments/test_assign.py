"""Assigning: into the legacy tables where they can hold it, natively where not, and why."""

import pytest
from django.db import transaction
from django.db.models import signals
from django.utils import timezone

from authmigration import Stage, acting_as, assign, check, pinned, unassign
from authmigration.models import AuditEvent
from authmigration.rollout.overrides import forced
from monolith.accounts.authz import REGISTRAR, SUPERUSER
from monolith.accounts.models import OutboxMail
from monolith.courses.authz import ASSISTANT, GUEST, MENTOR, MODERATOR, STUDENT, TA, TEACHER
from monolith.courses.models import Course, Enrolment
from monolith.payments.authz import BURSAR
from monolith.payments.models import Bursar
from monolith.schools.authz import PRINCIPAL
from tests.authmigration import worlds
from tests.authmigration.rows import (
    events,
    facts,
    is_fresh,
    legacy_rows,
    roles,
    state,
    sync,
    toolkit_rows,
)

WHO = {"actor": "test", "reason": "a test"}


@pytest.mark.parametrize(
    ("role", "kind"),
    [(STUDENT, Enrolment.LEARNER), (GUEST, Enrolment.AUDITOR), (MENTOR, Enrolment.MENTOR)],
)
def test_a_role_of_an_enrolment_is_one_in_legacy_too(anna, algebra, role, kind):
    done = assign(anna, role, algebra, **WHO)

    row = Enrolment.objects.get()
    assert (row.student, row.course, row.kind, row.status) == (anna, algebra, kind, "active")
    assert facts(anna) == {f"{role.name} in course:{algebra.pk} (courses.Enrolment)"}
    assert (done.changed, done.sources, done.not_representable) == (
        True,
        ("courses.Enrolment",),
        "",
    )
    assert done.generation == state(anna).generation == 1


def test_an_assistant_is_one_in_the_many_to_many_too(anna, algebra):
    assign(anna, ASSISTANT, algebra, **WHO)

    assert list(algebra.assistants.all()) == [anna]
    assert roles(anna) == {"assistant"}


def test_a_bursar_is_one_in_the_table_too(anna, north):
    assign(anna, BURSAR, north, **WHO)

    assert Bursar.objects.get().user == anna
    assert facts(anna) == {f"bursar in school:{north.pk} (payments.Bursar)"}


def test_a_superuser_is_one_by_the_flag_too(anna):
    assign(anna, SUPERUSER, **WHO)

    anna.refresh_from_db()
    assert anna.is_superuser
    assert facts(anna) == {"superuser in platform:- (accounts.User)"}


def test_a_teacher_with_the_flag_becomes_the_owner_of_a_course_without_one(algebra):
    teacher = worlds.user(is_teacher=True)

    done = assign(teacher, TEACHER, algebra, **WHO)

    algebra.refresh_from_db()
    assert algebra.owner == teacher
    assert done.sources == ("courses.Course",)


def test_a_course_that_has_an_owner_keeps_it_and_the_new_teacher_is_native(algebra):
    owner, second = worlds.user(is_teacher=True), worlds.user(is_teacher=True)
    Course.objects.update(owner=owner)

    done = assign(second, TEACHER, algebra, **WHO)

    algebra.refresh_from_db()
    assert algebra.owner == owner
    assert "is somebody else's in the legacy tables" in done.not_representable
    assert facts(second) == {f"teacher in course:{algebra.pk} (native)"}


def test_a_teacher_without_the_flag_is_native_and_the_course_keeps_no_owner(anna, algebra):
    """Half a fact in legacy is none: the flag stands elsewhere, and is not this source's to set."""
    before = legacy_rows()

    done = assign(anna, TEACHER, algebra, **WHO)

    assert "had no effect there" in done.not_representable
    assert legacy_rows() == before
    assert facts(anna) == {f"teacher in course:{algebra.pk} (native)"}


@pytest.mark.parametrize("role", [TA, MODERATOR])
def test_a_role_that_legacy_cannot_be_given_is_native_and_says_why(anna, algebra, role):
    before = legacy_rows()

    done = assign(anna, role, algebra, **WHO)

    assert (done.changed, done.sources) == (True, ())
    assert done.not_representable == "no legacy source that yields this role can be written"
    assert legacy_rows() == before
    assert facts(anna) == {f"{role.name} in course:{algebra.pk} (native)"}


def test_a_principal_and_a_registrar_are_native_since_their_sources_declare_no_way(anna, north):
    before = legacy_rows()

    assert not assign(anna, PRINCIPAL, north, **WHO).sources
    assert not assign(anna, REGISTRAR, **WHO).sources
    assert legacy_rows() == before


def test_what_is_held_already_changes_nothing(anna, algebra):
    for role in (STUDENT, TA):
        assign(anna, role, algebra, **WHO)
    before = legacy_rows(), toolkit_rows()

    again = [assign(anna, role, algebra, **WHO) for role in (STUDENT, TA)]

    assert [each.changed for each in again] == [False, False]
    assert [each.sources for each in again] == [("courses.Enrolment",), ()]
    assert (legacy_rows(), toolkit_rows()) == before


def test_what_legacy_alone_held_so_far_changes_nothing_either(learner, algebra):
    assert not assign(learner, STUDENT, algebra, **WHO).changed
    assert Enrolment.objects.count() == 1


def test_an_ended_row_is_revived(learner, algebra):
    Enrolment.objects.update(status="withdrawn", ends_at=timezone.now())

    assign(learner, STUDENT, algebra, **WHO)

    row = Enrolment.objects.get()
    assert (row.status, row.ends_at) == ("active", None)


def test_a_row_of_another_kind_stays_as_it_is(learner, algebra):
    assign(learner, MENTOR, algebra, **WHO)

    assert sorted(row.kind for row in Enrolment.objects.all()) == [
        Enrolment.MENTOR,
        Enrolment.LEARNER,
    ]
    assert roles(learner) == {"student", "mentor"}


def test_whoever_was_never_migrated_is_migrated_with_the_assignment(learner, algebra):
    assign(learner, TA, algebra, **WHO)

    assert roles(learner) == {"student", "ta"}
    assert is_fresh(learner)
    assert events(learner) == ["migrate", "assign"]


def test_who_and_why_stand_in_one_event(anna, algebra):
    boss = worlds.user()

    assign(anna, TA, algebra, actor=boss, reason="needs help")

    event = AuditEvent.objects.get(action="assign")
    assert (event.actor, event.reason) == (f"user:{boss.pk}", "needs help")
    assert (event.subject, event.role, event.context) == (
        str(anna.pk),
        "ta",
        f"course:{algebra.pk}",
    )
    assert event.generation == 1


def test_who_and_why_may_be_said_once_for_several(anna, algebra):
    with acting_as("nightly-import", reason="the import of May"):
        assign(anna, STUDENT, algebra)
        unassign(anna, STUDENT, algebra)

    told = AuditEvent.objects.filter(action__in=["assign", "unassign"])
    assert {(each.actor, each.reason) for each in told} == {("nightly-import", "the import of May")}


def test_a_service_is_a_subject_too(algebra):
    done = assign("service:grader", TA, algebra, **WHO)

    assert done.changed
    assert AuditEvent.objects.get(action="assign").subject == "service:grader"


def test_a_role_may_wait_for_its_context(anna):
    assign(anna, TA, "course:999999", must_exist=False, **WHO)

    assert facts(anna) == {"ta in course:999999 (native)"}


@pytest.mark.parametrize("form", ["object", "id", "number", "text"])
def test_user_and_context_may_be_given_as_object_or_id(anna, algebra, form):
    given = {
        "object": algebra,
        "id": str(algebra.pk),
        "number": algebra.pk,
        "text": f"course:{algebra.pk}",
    }

    assign(str(anna.pk), TA, given[form], **WHO)

    assert facts(anna) == {f"ta in course:{algebra.pk} (native)"}


@pytest.mark.parametrize("stage", [Stage.OFF, Stage.SHADOW, Stage.ENFORCE])
def test_both_worlds_are_written_whatever_stage_decides(anna, algebra, stage):
    with forced(stage):
        assign(anna, STUDENT, algebra, **WHO)
        written = Enrolment.objects.filter(status="active").count(), roles(anna)
        unassign(anna, STUDENT, algebra, **WHO)

    assert written == (1, {"student"})
    assert (Enrolment.objects.filter(status="active").count(), roles(anna)) == (0, set())


def test_the_models_of_the_host_are_not_asked_to_save_or_delete(anna, north, algebra):
    called = []

    def note(sender, **_):
        if sender._meta.app_label not in {"authmigration", "contenttypes"}:
            called.append(sender)

    changes = (signals.pre_save, signals.post_save, signals.pre_delete, signals.post_delete)
    for signal in (*changes, signals.m2m_changed):
        signal.connect(note)
    held = [(STUDENT, algebra), (ASSISTANT, algebra), (BURSAR, north), (SUPERUSER, None)]
    try:
        for role, where in held:
            assign(anna, role, where, **WHO)
            unassign(anna, role, where, **WHO)
    finally:
        for signal in (*changes, signals.m2m_changed):
            signal.disconnect(note)

    assert called == []
    assert not OutboxMail.objects.exists()


def test_inside_a_unit_of_work_ones_own_change_is_seen_at_once(anna, algebra):
    with forced(Stage.ENFORCE), pinned():
        sync(anna)
        before = check(anna, "grade.edit", f"course:{algebra.pk}")
        assign(anna, TA, algebra, **WHO)
        assigned = check(anna, "grade.edit", f"course:{algebra.pk}")
        unassign(anna, TA, algebra, **WHO)
        after = check(anna, "grade.edit", f"course:{algebra.pk}")

    assert [bool(each) for each in (before, assigned, after)] == [False, True, False]


def test_a_change_that_is_rolled_back_by_its_caller_is_in_neither_world(anna, algebra):
    before = legacy_rows(), toolkit_rows()

    with transaction.atomic():
        assign(anna, STUDENT, algebra, **WHO)
        assign(anna, TA, algebra, **WHO)
        transaction.set_rollback(True)

    assert (legacy_rows(), toolkit_rows()) == before
