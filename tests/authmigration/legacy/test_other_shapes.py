"""Shapes that the monolith does not have, said in the words of an ``authz.py``."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.db.models import Q

from auth_lib import Context, Role
from authmigration import ContextType, assign, legacy, registry
from authmigration.assignments.gathering import facts_of, gather
from monolith.accounts.models import Person, User
from monolith.courses.models import Course, Enrolment
from tests.authmigration import worlds
from tests.authmigration.legacy.declaring import BOSS, STUDENT, TEACHER, declared
from tests.authmigration.rows import facts, legacy_rows

WHO = {"actor": "test", "reason": "a test"}


@pytest.fixture
def anna(db):
    return worlds.user()


@pytest.fixture
def algebra(db):
    return worlds.course(worlds.school())


def read(who, *sources, **named):
    found = gather(declared(*sources, **named), [str(who.pk)], using="default")
    return {fact for _, fact in facts_of(found[str(who.pk)])}


def test_somebody_may_be_joined_by_name_and_not_by_key(anna):
    """A person without a foreign key to the user; whoever changes it raises the epoch."""

    @legacy.roles(watch=[legacy.watch(Person, columns=["staff_number"])])
    def staff(user):
        if Person.objects.filter(staff_number=user.username).exists():
            yield BOSS.at()

    before = read(anna, staff)
    Person.objects.create(full_name="anna", staff_number=anna.username)

    assert (before, read(anna, staff)) == (set(), {BOSS.at()})
    assert [watch.user for watch in declared(staff).watches] == [None]


def test_a_role_may_be_made_of_permissions_that_stand_in_rows(anna):
    """One role for each bundle; a bundle that nobody named stops loudly."""
    bundles = {frozenset({"change_course"}): TEACHER, frozenset({"view_course"}): STUDENT}

    @legacy.roles(watch=[legacy.watch(Group)])
    def bundled(user):
        for group in user.groups.all():
            held = frozenset(group.permissions.values_list("codename", flat=True))
            yield bundles[held].at(group.name)

    group = Group.objects.create(name="17")
    anna.groups.add(group)
    with pytest.raises(KeyError, match="frozenset"):
        read(anna, bundled)

    group.permissions.add(Permission.objects.get(codename="change_course"))
    assert read(anna, bundled) == {TEACHER.at(17)}


def test_of_several_rows_the_source_may_keep_the_strongest(anna, algebra):
    order = [STUDENT, TEACHER]

    @legacy.roles(watch=[legacy.watch(Enrolment, user="student")])
    def strongest(user):
        kinds = {Enrolment.LEARNER: STUDENT, Enrolment.MENTOR: TEACHER}
        rows = Enrolment.objects.filter(student=user).values_list("course", "kind")
        best = {}
        for course, kind in rows:
            best[course] = max(best.get(course, STUDENT), kinds[kind], key=order.index)
        for course, role in best.items():
            yield role.at(course)

    worlds.enrol(anna, algebra, Enrolment.LEARNER)
    worlds.enrol(anna, algebra, Enrolment.MENTOR)

    assert read(anna, strongest) == {TEACHER.at(algebra.pk)}


def test_a_role_may_follow_from_the_absence_of_a_row(anna, algebra):
    @legacy.roles(watch=[legacy.watch(Enrolment, user="student")])
    def visitors(user):
        if not Enrolment.objects.filter(student=user).exists():
            yield BOSS.at()

    without = read(anna, visitors)
    worlds.enrol(anna, algebra)

    assert (without, read(anna, visitors)) == ({BOSS.at()}, set())


def test_all_or_this_list_are_two_sources_of_one_table(anna, algebra):
    """Whoever is flagged reaches everything, whoever is not reaches what is listed."""
    everything = legacy.table(User, user="pk", role=BOSS, where=Q(is_staff=True), name="all")
    listed = legacy.table(
        Course.assistants.through,
        user="user",
        context="course",
        role=STUDENT,
        where=Q(user__is_staff=False),
        name="listed",
    )
    worlds.assist(anna, algebra)
    limited = read(anna, everything, listed)
    User.objects.update(is_staff=True)

    assert limited == {STUDENT.at(algebra.pk)}
    assert read(anna, everything, listed) == {BOSS.at()}


def test_an_empty_scope_is_the_platform_and_any_other_is_a_context(anna, algebra):
    wide = legacy.table(Course, user="owner", role=BOSS, where=Q(code=""), name="wide")
    room = Role("keeper", on="room", can={"room.view"})
    narrow = legacy.table(
        Course, user="owner", context="code", role=room, where=~Q(code=""), name="narrow"
    )
    kind = ContextType("room", Group)
    Course.objects.update(owner=anna, code="")
    wider = read(anna, wide, narrow, kind, KEEPER=room)
    Course.objects.update(code="R2")

    assert wider == {BOSS.at()}
    assert {f.context for f in read(anna, wide, narrow, kind, KEEPER=room)} == {
        Context("room", "R2")
    }


def test_a_group_may_hold_what_its_members_hold(anna, algebra):
    """Nested groups, and a rule in place of rows, are a function."""

    @legacy.roles(watch=[legacy.watch(User.groups.through, user="user"), legacy.watch(Group)])
    def by_group(user):
        names = set(user.groups.values_list("name", flat=True))
        if names & {"tutors", "head tutors"}:
            for key in Course.objects.values_list("pk", flat=True):
                yield TEACHER.at(key)

    anna.groups.add(Group.objects.create(name="head tutors"))

    assert read(anna, by_group) == {TEACHER.at(algebra.pk)}


def test_an_end_may_be_computed_from_another_table(anna, algebra):
    ends = datetime(2031, 3, 31, tzinfo=UTC)

    @legacy.roles(watch=[legacy.watch(Course.assistants.through, user="user")])
    def until_the_term_ends(user):
        for key in user.assisted_courses.values_list("pk", flat=True):
            yield TEACHER.at(key, valid_until=ends + timedelta(days=1))

    worlds.assist(anna, algebra)

    (found,) = read(anna, until_the_term_ends)
    assert found.valid_until == datetime(2031, 4, 1, tzinfo=UTC)


def test_a_table_that_takes_one_row_for_each_user_keeps_the_one_it_has(anna):
    """The rule of the table wins: a second role is native, and the first one stays."""
    deputy = Role("deputy", can={"course.view"})
    posts = legacy.table(
        Person,
        user="user",
        role="full_name",
        roles={"boss": BOSS, "deputy": deputy},
        name="posts",
        write=legacy.write(off={"full_name": ""}),
    )
    Person.objects.create(user=anna, full_name="boss", staff_number="n1")
    before = legacy_rows()

    with registry.override(declared(posts, DEPUTY=deputy)):
        done = assign(anna, deputy, **WHO)

    assert "source posts takes no such row" in done.not_representable
    assert legacy_rows() == before
    assert facts(anna) == {
        "boss in platform:- (posts)",
        "deputy in platform:- (native)",
    }
