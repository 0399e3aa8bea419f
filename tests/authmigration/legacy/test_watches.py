"""Which columns of which tables can alter whose facts."""

import pytest
from django.contrib.auth.models import Group
from django.db.models import Q

from authmigration import legacy, registry
from authmigration.legacy import Watch
from authmigration.legacy.watches import merged
from monolith.accounts.models import Person, Profile, User
from monolith.courses.models import Course, Enrolment
from monolith.payments.models import Bursar
from monolith.schools.models import SchoolStaff

OF_THE_MONOLITH = [
    Watch(Enrolment, ("course", "ends_at", "kind", "status", "student"), "student"),
    Watch(Course, ("id", "owner"), "owner"),
    Watch(User, ("id", "is_superuser", "is_teacher"), "pk"),
    Watch(Course.assistants.through, ("course", "user"), "user"),
    Watch(User.groups.through, ("group", "user"), "user"),
    Watch(Group, ("name",), None),
    Watch(SchoolStaff, ("person", "position", "school"), "person__user"),
    Watch(Person, ("user",), "user"),
    Watch(Bursar, ("deleted_at", "school", "user"), "user"),
    Watch(Profile, ("moderated_courses",), "user"),
]


def key(watch):
    return (watch.label, str(watch.user))


def test_the_monolith_is_watched_where_a_fact_comes_from_and_nowhere_else():
    assert sorted(registry.get().watches, key=key) == sorted(OF_THE_MONOLITH, key=key)


def test_the_school_of_a_course_is_not_watched_since_lineage_is_read_live():
    (found,) = [w for w in registry.get().watches if w.model is Course]

    assert "school" not in found.columns


def test_the_log_in_of_a_user_is_not_watched():
    (found,) = [w for w in registry.get().watches if w.model is User]

    assert not {"last_login", "password", "email"} & set(found.columns)


@pytest.mark.parametrize(
    ("where", "watch"),
    [
        (Q(student__is_teacher=True), Watch(User, ("is_teacher",), "pk")),
        (Q(course__archived=False), Watch(Course, ("archived",), None)),
        (Q(course__school__name="x"), Watch(Course, ("school",), None)),
        (~Q(course__owner__is_active=True), Watch(User, ("is_active",), None)),
    ],
)
def test_a_condition_on_another_table_is_watched_there(where, watch):
    source = legacy.table(
        Enrolment, user="student", context="course", role="kind", roles={}, where=where
    )

    assert watch in list(source.watches())


def test_a_row_in_the_middle_of_the_way_to_the_user_marks_that_user():
    source = legacy.table(SchoolStaff, user="person__user", context="school", role="position")

    assert Watch(Person, ("user",), "user") in list(source.watches())


def test_watches_of_one_table_and_way_are_one():
    one, two = (
        legacy.watch(User, user="pk", columns=["a"]),
        legacy.watch(User, user="pk", columns="b"),
    )

    assert list(merged([one, two])) == [Watch(User, ("a", "b"), "pk")]


def test_a_watch_of_all_columns_swallows_that_of_some():
    every, one = legacy.watch(User, user="pk"), legacy.watch(User, user="pk", columns=["a"])

    assert list(merged([one, every, one])) == [Watch(User, (), "pk")]


def test_another_way_to_the_user_is_another_watch():
    one, two = legacy.watch(Course, user="owner"), legacy.watch(Course)

    assert list(merged([one, two])) == [one, two]
