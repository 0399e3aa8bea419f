"""The nine shapes in which the monolith keeps roles, read one by one and all at once."""

from datetime import UTC, datetime, timedelta

import pytest

from auth_lib import PLATFORM, Context, Effect, Fact
from authmigration import registry
from authmigration.assignments.gathering import facts_of, gather
from monolith.accounts.models import Person, User
from monolith.courses.models import Enrolment
from monolith.schools.models import SchoolStaff
from tests.authmigration import worlds

ENDS = datetime(2031, 5, 6, 7, 8, 9, 500_000, tzinfo=UTC)


def read(*people):
    """Return the facts of each, read together, once they are known to equal those read alone."""
    names = [str(each.pk) for each in people]
    together = gather(registry.get(), names, using="default")
    for name in names:
        alone = gather(registry.get(), [name], using="default")
        assert facts_of(alone[name]) == facts_of(together[name])
    return [facts_of(together[name]) for name in names]


def fact(source, role, where, ends=None):
    context = PLATFORM if where is None else Context(type(where).__name__.lower(), str(where.pk))
    return (source, Fact(role, context, Effect.GRANT, None, ends))


@pytest.fixture
def north(db):
    return worlds.school()


@pytest.fixture
def algebra(north):
    return worlds.course(north)


@pytest.fixture
def anna(db):
    return worlds.user()


def test_a_user_without_rows_holds_nothing(anna):
    assert read(anna) == [frozenset()]


def test_a_flag_means_teacher_where_the_user_owns_a_course(north):
    flagged, unflagged, idle = (worlds.user(is_teacher=b) for b in (True, False, True))
    mine, _ = worlds.course(north, owner=flagged), worlds.course(north, owner=unflagged)

    assert read(flagged, unflagged, idle) == [
        {fact("courses.Course", "teacher", mine)},
        frozenset(),
        frozenset(),
    ]


@pytest.mark.parametrize(("code", "role"), [(5, "mentor"), (10, "student"), (20, "guest")])
def test_a_number_without_order_is_mapped_by_name(anna, algebra, code, role):
    worlds.enrol(anna, algebra, code)

    assert read(anna) == [{fact("courses.Enrolment", role, algebra)}]


@pytest.mark.parametrize("status", ["withdrawn", "pending"])
def test_a_row_with_another_status_yields_nothing(anna, algebra, status):
    worlds.enrol(anna, algebra, status=status)

    assert read(anna) == [frozenset()]


def test_an_enrolment_ends_at_the_microsecond(anna, algebra):
    worlds.enrol(anna, algebra, ends_at=ENDS)

    assert read(anna) == [{fact("courses.Enrolment", "student", algebra, ENDS)}]


def test_duplicate_rows_are_one_fact(anna, algebra):
    worlds.enrol(anna, algebra)
    worlds.enrol(anna, algebra)

    assert read(anna) == [{fact("courses.Enrolment", "student", algebra)}]


def test_of_duplicates_that_differ_in_their_end_the_latest_counts(anna, algebra):
    for ends in (ENDS, ENDS + timedelta(days=1), ENDS - timedelta(days=1)):
        worlds.enrol(anna, algebra, ends_at=ends)

    (found,) = read(anna)
    assert found == {fact("courses.Enrolment", "student", algebra, ENDS + timedelta(days=1))}


def test_a_duplicate_without_an_end_counts_longer_than_any(anna, algebra):
    worlds.enrol(anna, algebra)
    worlds.enrol(anna, algebra, ends_at=ENDS)

    assert read(anna) == [{fact("courses.Enrolment", "student", algebra)}]


def test_two_kinds_on_one_course_are_two_facts(anna, algebra):
    worlds.enrol(anna, algebra, Enrolment.LEARNER)
    worlds.enrol(anna, algebra, Enrolment.MENTOR)

    (found,) = read(anna)
    assert {f.role for _, f in found} == {"student", "mentor"}


def test_an_assistant_stands_in_a_many_to_many(anna, algebra):
    worlds.assist(anna, algebra)

    assert read(anna) == [{fact("courses.Course_assistants", "assistant", algebra)}]


def test_a_registrar_is_one_by_the_name_of_a_group(anna):
    worlds.registrar(anna)
    anna.groups.create(name="chess")

    assert read(anna) == [{fact("accounts.User_groups", "registrar", None)}]


def test_a_moderator_stands_in_a_list_in_a_profile(anna, north, algebra):
    other = worlds.course(north)
    worlds.moderate(anna, algebra, other)

    name = "monolith.courses.moderators"
    assert read(anna) == [{fact(name, "moderator", algebra), fact(name, "moderator", other)}]


def test_a_bursar_who_left_is_none_although_the_row_is_there(anna, north):
    worlds.bursar(anna, north, deleted_at=ENDS)
    former = read(anna)
    worlds.bursar(anna, north)

    assert former == [frozenset()]
    assert read(anna) == [{fact("payments.Bursar", "bursar", north)}]


def test_a_principal_is_reached_through_a_person(anna, north):
    worlds.staff(anna, north)
    worlds.staff(anna, worlds.school(), SchoolStaff.CARETAKER)

    assert read(anna) == [{fact("schools.SchoolStaff", "principal", north)}]


def test_staff_who_never_logged_in_disturb_nobody(anna, north):
    nobody = Person.objects.create(full_name="never here", staff_number="n0")
    SchoolStaff.objects.create(person=nobody, school=north, position=SchoolStaff.PRINCIPAL)

    assert read(anna) == [frozenset()]


def test_a_superuser_holds_a_role_on_the_platform(db):
    boss = worlds.user(is_superuser=True)

    assert read(boss) == [{fact("accounts.User", "superuser", None)}]


def test_several_shapes_of_several_people_are_read_in_one_statement(
    north, algebra, anna, django_assert_num_queries
):
    boss, teacher = worlds.user(is_superuser=True), worlds.user(is_teacher=True)
    mine = worlds.course(north, owner=teacher)
    worlds.enrol(anna, algebra)
    worlds.enrol(anna, mine, Enrolment.MENTOR)
    worlds.staff(teacher, north, SchoolStaff.SECRETARY)
    declared = worlds.tables_only()
    names = [str(each.pk) for each in (anna, boss, teacher)]

    with django_assert_num_queries(1):
        found = gather(declared, names, using="default")

    assert [{f.role for _, f in facts_of(found[name])} for name in names] == [
        {"student", "mentor"},
        {"superuser"},
        {"teacher", "secretary"},
    ]


@pytest.mark.parametrize("subject", ["service:payments", "nobody", "999999999", "1.5", ""])
def test_a_subject_that_is_no_user_holds_nothing(db, subject):
    assert facts_of(gather(registry.get(), [subject], using="default")[subject]) == frozenset()


def test_reading_alters_no_row(anna, algebra):
    worlds.enrol(anna, algebra, ends_at=ENDS)
    before = list(User.objects.values()), list(Enrolment.objects.values())

    read(anna)

    assert (list(User.objects.values()), list(Enrolment.objects.values())) == before
