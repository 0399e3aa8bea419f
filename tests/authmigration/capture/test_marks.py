"""Which writes mark whom, on either engine."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.utils import timezone

from authmigration.legacy import watch
from authmigration.models import ChangeMark
from monolith.accounts.models import Profile, User
from monolith.courses.models import Course, Enrolment
from monolith.schools.models import School

ENROLMENTS = watch(Enrolment, user="student", columns=["kind", "status"])
FLAGS = watch(User, user="pk", columns=["is_teacher"])
GROUPS = watch(Group, columns=["name"])


@pytest.fixture
def school(db):
    return School.objects.create(name="north")


@pytest.fixture
def course(school):
    return Course.objects.create(title="Algebra", code="A", school=school)


@pytest.fixture
def enrolment(anna, course):
    return Enrolment.objects.create(student=anna, course=course)


def name(*users):
    return sorted(str(user.pk) for user in users)


def test_a_saved_row_marks_its_user(install, marked, anna, course):
    install(ENROLMENTS)

    enrolment = Enrolment.objects.create(student=anna, course=course)
    created = marked()
    enrolment.kind = Enrolment.MENTOR
    enrolment.save()
    changed = marked()
    enrolment.delete()

    assert (created, changed, marked()) == (name(anna), name(anna), name(anna))


def test_a_mark_says_which_table_changed_and_when(install, anna, course):
    install(ENROLMENTS)
    before = timezone.now()

    Enrolment.objects.create(student=anna, course=course)

    mark = ChangeMark.objects.get()
    assert mark.source == "courses.Enrolment"
    assert abs((mark.at - before).total_seconds()) < 5


def test_a_queryset_update_marks_everybody_that_it_changes(
    install, marked, anna, bert, course, enrolment
):
    Enrolment.objects.create(student=bert, course=course, status="withdrawn")
    install(ENROLMENTS)

    Enrolment.objects.update(status="withdrawn")

    assert marked() == name(anna)


def test_bulk_writes_mark_everybody_once(install, marked, anna, bert, course):
    install(ENROLMENTS)

    rows = Enrolment.objects.bulk_create(
        [Enrolment(student=user, course=course) for user in (anna, bert)]
    )
    created = marked()
    for row in rows:
        row.kind = Enrolment.AUDITOR
    Enrolment.objects.bulk_update(rows, ["kind"])

    assert (created, marked()) == (name(anna, bert), name(anna, bert))


def test_raw_sql_is_seen(install, marked, anna, enrolment):
    install(ENROLMENTS)

    with connection.cursor() as cursor:
        cursor.execute("UPDATE courses_enrolment SET kind = 5 WHERE id = %s", [enrolment.pk])
        changed = marked()
        cursor.execute("DELETE FROM courses_enrolment WHERE id = %s", [enrolment.pk])

    assert (changed, marked()) == (name(anna), name(anna))


def test_an_upsert_marks_whoever_it_changes(install, marked, anna):
    profile = Profile.objects.create(user=anna, moderated_courses=[])
    install(watch(Profile, user="user", columns=["moderated_courses"]))

    Profile.objects.bulk_create(
        [Profile(id=profile.pk, user=anna, moderated_courses=[1])],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["moderated_courses"],
    )

    assert marked() == name(anna)


def test_a_row_given_to_another_user_marks_both(install, marked, anna, bert, enrolment):
    install(ENROLMENTS)

    Enrolment.objects.update(student=bert)

    assert marked() == name(anna, bert)


def test_a_log_in_marks_nobody(install, marked, anna):
    install(FLAGS)

    User.objects.filter(pk=anna.pk).update(last_login=timezone.now())
    anna.last_login = timezone.now()
    anna.save()

    assert marked() == []


def test_an_update_that_changes_nothing_marks_nobody(install, marked, enrolment):
    install(ENROLMENTS)

    Enrolment.objects.update(status="active", kind=Enrolment.LEARNER)
    enrolment.save()

    assert marked() == []


def test_a_flag_on_the_user_marks_the_user(install, marked, anna, bert):
    install(FLAGS)

    User.objects.filter(pk=anna.pk).update(is_teacher=True)

    assert marked() == name(anna)


def test_a_column_set_to_null_and_back_is_a_change(install, marked, anna, enrolment):
    install(watch(Enrolment, user="student", columns=["ends_at"]))

    Enrolment.objects.update(ends_at=timezone.now())
    filled = marked()
    Enrolment.objects.update(ends_at=None)

    assert (filled, marked()) == (name(anna), name(anna))


def test_json_is_compared_by_what_it_holds(install, marked, anna):
    Profile.objects.create(user=anna, moderated_courses=[1, 2])
    install(watch(Profile, user="user", columns=["moderated_courses"]))

    Profile.objects.update(moderated_courses=[1, 2], about="hello")
    same = marked()
    Profile.objects.update(moderated_courses=[1])

    assert (same, marked()) == ([], name(anna))


def test_without_columns_every_column_counts(install, marked, anna):
    Profile.objects.create(user=anna)
    install(watch(Profile, user="user"))

    Profile.objects.update(about="hello")

    assert marked() == name(anna)


def test_members_of_a_many_to_many_are_marked_when_added_removed_and_cleared(
    install, marked, anna, bert, course
):
    install(watch(Course.assistants.through, user="user"))

    course.assistants.add(anna, bert)
    added = marked()
    course.assistants.remove(anna)
    removed = marked()
    course.assistants.clear()

    assert (added, removed, marked()) == (name(anna, bert), name(anna), name(bert))


def test_a_renamed_group_leaves_one_mark_without_a_subject(install, marked, anna):
    group = Group.objects.create(name="registrars")
    install(GROUPS)

    Group.objects.filter(pk=group.pk).update(name="registrars")
    same = marked()
    Group.objects.filter(pk=group.pk).update(name="former registrars")

    assert (same, marked()) == ([], [""])


def test_two_paths_from_one_table_mark_both_ends(install, marked, anna, bert, course):
    install(
        watch(Course, user="owner", columns=["owner"]),
        watch(Course, columns=["school"]),
    )

    Course.objects.update(owner=anna)
    owned = marked()
    Course.objects.update(school=School.objects.create(name="south"))
    moved = marked()
    Course.objects.update(title="Geometry")

    assert (owned, moved, marked()) == (name(anna), [""], [])


def test_a_write_that_is_rolled_back_leaves_no_mark(install, marked, enrolment):
    install(ENROLMENTS)

    with transaction.atomic():
        Enrolment.objects.update(kind=Enrolment.MENTOR)
        transaction.set_rollback(True)

    assert marked() == []


def test_a_deleted_user_is_marked_by_the_rows_that_go_along(install, marked, anna, enrolment):
    install(ENROLMENTS, FLAGS)
    subject = str(anna.pk)

    anna.delete()

    assert set(marked()) == {subject}
