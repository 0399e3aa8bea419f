"""Taking a role away: from every source that yields it, or not at all."""

from datetime import UTC, datetime

import pytest
from django.db.models import Q

from authmigration import assign, legacy, registry, unassign
from authmigration.errors import NotRepresentable
from authmigration.models import AuditEvent
from monolith.accounts.authz import REGISTRAR, SUPERUSER
from monolith.accounts.models import OutboxMail, User
from monolith.courses.authz import ASSISTANT, MODERATOR, STUDENT, TA, TEACHER
from monolith.courses.models import Course, Enrolment
from monolith.payments.authz import BURSAR
from monolith.payments.models import Bursar
from monolith.schools.authz import PRINCIPAL
from tests.authmigration import worlds
from tests.authmigration.rows import facts, is_fresh, legacy_rows, roles, state, sync, toolkit_rows

WHO = {"actor": "test", "reason": "a test"}
LONG_AGO = datetime(2019, 1, 1, tzinfo=UTC)


def everything():
    ours = toolkit_rows()
    del ours["authmigration_mappingversion"]  # written once for each process, whatever it does
    return legacy_rows(), ours


def test_an_enrolment_is_withdrawn(learner, algebra):
    done = unassign(learner, STUDENT, algebra, **WHO)

    assert Enrolment.objects.get().status == "withdrawn"
    assert (done.changed, done.sources, facts(learner)) == (True, ("courses.Enrolment",), set())


def test_an_owner_leaves_the_course_and_keeps_the_flag(algebra):
    owner = worlds.user(is_teacher=True)
    Course.objects.update(owner=owner)

    unassign(owner, TEACHER, algebra, **WHO)

    algebra.refresh_from_db()
    owner.refresh_from_db()
    assert (algebra.owner, owner.is_teacher) == (None, True)


def test_an_assistant_leaves_this_course_and_no_other(anna, north, algebra):
    other = worlds.course(north)
    worlds.assist(anna, algebra)
    worlds.assist(anna, other)

    unassign(anna, ASSISTANT, algebra, **WHO)

    assert list(anna.assisted_courses.all()) == [other]


def test_a_superuser_loses_the_flag(db):
    boss = worlds.user(is_superuser=True)

    unassign(boss, SUPERUSER, **WHO)

    boss.refresh_from_db()
    assert not boss.is_superuser


def test_a_bursar_leaves_and_the_row_stays(anna, north):
    worlds.bursar(anna, north)

    unassign(anna, BURSAR, north, **WHO)

    assert Bursar.with_those_who_left.get().deleted_at is not None
    assert roles(anna) == set()


def test_every_duplicate_is_ended(learner, algebra):
    worlds.enrol(learner, algebra)

    unassign(learner, STUDENT, algebra, **WHO)

    assert {row.status for row in Enrolment.objects.all()} == {"withdrawn"}


def test_rows_that_count_no_more_are_left_as_they_are(learner, north, algebra):
    worlds.enrol(learner, algebra, status="pending")
    worlds.bursar(learner, north, deleted_at=LONG_AGO)
    worlds.bursar(learner, north)

    unassign(learner, STUDENT, algebra, **WHO)
    unassign(learner, BURSAR, north, **WHO)

    assert sorted(row.status for row in Enrolment.objects.all()) == ["pending", "withdrawn"]
    assert Bursar.with_those_who_left.order_by("pk").first().deleted_at == LONG_AGO


def test_a_role_that_has_ended_can_be_taken_away_too(learner, algebra):
    Enrolment.objects.update(ends_at=LONG_AGO)

    assert unassign(learner, STUDENT, algebra, **WHO).changed
    assert Enrolment.objects.get().status == "withdrawn"


def test_a_native_role_leaves_legacy_alone(learner, algebra):
    assign(learner, TA, algebra, **WHO)
    before = legacy_rows()

    unassign(learner, TA, algebra, **WHO)

    assert legacy_rows() == before
    assert roles(learner) == {"student"}


def test_a_role_that_is_held_natively_and_in_legacy_goes_from_both(anna, algebra):
    owner = worlds.user(is_teacher=True)
    Course.objects.update(owner=owner)
    assign(anna, TEACHER, algebra, **WHO)
    User.objects.filter(pk=anna.pk).update(is_teacher=True)
    Course.objects.update(owner=anna)
    sync(anna)
    both = facts(anna)

    done = unassign(anna, TEACHER, algebra, **WHO)

    assert len(both) == 2
    assert (facts(anna), done.sources) == (set(), ("courses.Course",))
    algebra.refresh_from_db()
    assert algebra.owner is None


def test_what_nobody_holds_is_taken_from_nobody(anna, algebra):
    before = everything()

    assert not unassign(anna, STUDENT, algebra, **WHO).changed
    assert everything() == before


def test_what_was_never_migrated_is_taken_away_all_the_same(learner, algebra):
    worlds.assist(learner, algebra)

    unassign(learner, STUDENT, algebra, **WHO)

    assert (roles(learner), is_fresh(learner)) == ({"assistant"}, True)


def test_taking_away_is_told_with_who_and_why(learner, algebra):
    sync(learner)

    unassign(learner, STUDENT, algebra, **WHO)

    event = AuditEvent.objects.get(action="unassign")
    assert (event.actor, event.reason, event.role) == ("test", "a test", "student")
    assert event.generation == state(learner).generation == 2


@pytest.mark.parametrize("shape", ["group", "staff", "profile"])
def test_a_source_that_cannot_be_written_makes_it_fail_and_nothing_is_written(
    anna, north, algebra, shape
):
    prepare = {
        "group": lambda: worlds.registrar(anna),
        "staff": lambda: worlds.staff(anna, north),
        "profile": lambda: worlds.moderate(anna, algebra),
    }
    role, where, source = {
        "group": (REGISTRAR, None, "accounts.User_groups"),
        "staff": (PRINCIPAL, north, "schools.SchoolStaff"),
        "profile": (MODERATOR, algebra, "monolith.courses.moderators"),
    }[shape]
    prepare[shape]()
    sync(anna)
    before = everything()

    with pytest.raises(NotRepresentable, match=f"Source {source} yields {role.name} in"):
        unassign(anna, role, where, **WHO)

    assert everything() == before


ALSO_MENTORS = legacy.table(
    Enrolment,
    user="student",
    context="course",
    role=STUDENT,
    where=Q(kind=Enrolment.MENTOR),
    name="mentors learn",
)


def test_one_source_that_cannot_be_written_saves_the_others(learner, algebra):
    worlds.enrol(learner, algebra, Enrolment.MENTOR)
    with registry.override(worlds.tables_only(also=ALSO_MENTORS)):
        sync(learner)
        before = everything()

        with pytest.raises(NotRepresentable, match="Source mentors learn yields student"):
            unassign(learner, STUDENT, algebra, **WHO)

        assert everything() == before


def test_nothing_is_mailed(learner, algebra):
    unassign(learner, STUDENT, algebra, **WHO)

    assert not OutboxMail.objects.exists()
