"""Columns that hold more than one fact, and functions by which the host writes."""

import pytest
from django.db.models import Q

from auth_lib import Role
from authmigration import assign, legacy, registry, unassign
from authmigration.errors import LegacyWouldLoseMore, NotRepresentable
from monolith.accounts.models import User
from monolith.courses.models import Course
from tests.authmigration import worlds
from tests.authmigration.rows import facts, legacy_rows, sync, toolkit_rows

WHO = {"actor": "test", "reason": "a test"}


def everything():
    ours = toolkit_rows()
    del ours["authmigration_mappingversion"]  # written once for each process, whatever it does
    return legacy_rows(), ours


LECTURER = Role("lecturer", can={"course.view"})


FLAGGED = legacy.table(
    User,
    user="pk",
    role=LECTURER,
    where=Q(is_teacher=True),
    name="flagged",
    write=legacy.write(on={"is_teacher": True}, off={"is_teacher": False}, insert=False),
)


def test_a_global_flag_is_not_taken_where_courses_would_go_with_it(north):
    teacher = worlds.user(is_teacher=True)
    first, second = worlds.course(north, owner=teacher), worlds.course(north, owner=teacher)
    with registry.override(worlds.tables_only(role=LECTURER, flagged=FLAGGED)):
        sync(teacher)
        before = everything()

        with pytest.raises(LegacyWouldLoseMore) as raised:
            unassign(teacher, LECTURER, **WHO)

        assert everything() == before
    assert set(raised.value.lost) == {
        f"teacher in course:{first.pk}",
        f"teacher in course:{second.pk}",
    }
    assert f"teacher in course:{first.pk}" in str(raised.value)


def test_a_global_flag_is_taken_where_nothing_goes_with_it(db):
    teacher = worlds.user(is_teacher=True)
    with registry.override(worlds.tables_only(role=LECTURER, flagged=FLAGGED)):
        unassign(teacher, LECTURER, **WHO)

    teacher.refresh_from_db()
    assert not teacher.is_teacher


def test_a_flag_is_not_set_where_courses_would_come_with_it(north):
    """The owner of a course who lost the flag would be its teacher again."""
    owner = worlds.user(is_teacher=False)
    worlds.course(north, owner=owner)
    before = legacy_rows()
    with registry.override(worlds.tables_only(role=LECTURER, flagged=FLAGGED)):
        done = assign(owner, LECTURER, **WHO)

    assert "teacher in course:" in done.not_representable
    assert legacy_rows() == before
    assert facts(owner) == {"lecturer in platform:- (native)"}


EDITOR = Role("editor", on="course", can={"course.edit"})


EDITORS = legacy.table(
    Course,
    user="owner",
    context="pk",
    role=EDITOR,
    name="editors",
    write=legacy.write(off={"owner": None}, insert=False),
)


def test_a_column_that_two_roles_share_is_not_emptied_for_one(north):
    teacher = worlds.user(is_teacher=True)
    mine = worlds.course(north, owner=teacher)
    with registry.override(worlds.tables_only(role=EDITOR, editors=EDITORS)):
        sync(teacher)
        before = everything()

        with pytest.raises(LegacyWouldLoseMore, match="teacher in course"):
            unassign(teacher, EDITOR, mine, **WHO)

        assert everything() == before


def writers(assign_, unassign_):
    def tutors(user):
        codes = Course.objects.filter(code=f"tutor {user.pk}")
        return [EDITOR.at(key) for key in codes.values_list("pk", flat=True)]

    return legacy.roles(
        watch=[legacy.watch(Course)], write=legacy.Writers(assign=assign_, unassign=unassign_)
    )(tutors)


def set_code(user, role, context_id):
    Course.objects.filter(pk=context_id).update(code=f"tutor {user.pk}")


def clear_code(user, role, context_id):
    Course.objects.filter(pk=context_id).update(code="")


def test_a_function_of_the_host_may_write_what_a_generator_reads(anna, algebra):
    source = writers(set_code, clear_code)
    with registry.override(worlds.tables_only(role=EDITOR, tutors=source)):
        done = assign(anna, EDITOR, algebra, **WHO)
        written = Course.objects.get(pk=algebra.pk).code, facts(anna)
        unassign(anna, EDITOR, algebra, **WHO)

    assert done.sources == (source.name,)
    assert written == (f"tutor {anna.pk}", {f"editor in course:{algebra.pk} ({source.name})"})
    assert (Course.objects.get(pk=algebra.pk).code, facts(anna)) == ("", set())


def test_a_function_that_does_not_take_away_makes_it_fail(anna, algebra):
    source = writers(set_code, lambda user, role, context_id: None)
    with registry.override(worlds.tables_only(role=EDITOR, tutors=source)):
        assign(anna, EDITOR, algebra, **WHO)
        before = everything()

        with pytest.raises(NotRepresentable, match="had no effect there"):
            unassign(anna, EDITOR, algebra, **WHO)

        assert everything() == before


def test_a_function_that_breaks_leaves_nothing_behind(anna, algebra):
    def broken(user, role, context_id):
        set_code(user, role, context_id)
        raise LookupError("no such tutor")

    before = everything()
    with (
        registry.override(worlds.tables_only(role=EDITOR, tutors=writers(broken, clear_code))),
        pytest.raises(LookupError),
    ):
        assign(anna, EDITOR, algebra, **WHO)

    assert everything() == before
