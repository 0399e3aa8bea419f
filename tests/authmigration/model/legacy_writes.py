"""What happens to the legacy tables behind everybody's back: by SQL, in bulk, by cascades."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection, models
from django.utils import timezone

from monolith.accounts.models import Person, Profile, User
from monolith.courses.models import Course, Enrolment
from monolith.payments.models import Bursar
from monolith.schools.models import School, SchoolStaff
from tests.authmigration import worlds


def execute(sql: str, *params: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def _enrol(who: User, other: User, course: Course, school: School) -> None:
    worlds.enrol(who, course)


def _enrol_as_guest(who: User, other: User, course: Course, school: School) -> None:
    worlds.enrol(who, course, Enrolment.AUDITOR)


def _withdraw(who: User, other: User, course: Course, school: School) -> None:
    execute("UPDATE courses_enrolment SET status = 'withdrawn' WHERE student_id = %s", who.pk)


def _let_back_in(who: User, other: User, course: Course, school: School) -> None:
    execute("UPDATE courses_enrolment SET status = 'active' WHERE course_id = %s", course.pk)


def _promote(who: User, other: User, course: Course, school: School) -> None:
    execute("UPDATE courses_enrolment SET kind = 5 WHERE course_id = %s", course.pk)


def _hand_over(who: User, other: User, course: Course, school: School) -> None:
    """One row, two people: whoever loses it and whoever gets it."""
    execute("UPDATE courses_enrolment SET student_id = %s WHERE student_id = %s", other.pk, who.pk)


def _expire(who: User, other: User, course: Course, school: School) -> None:
    ended = timezone.now() - timedelta(seconds=1)
    Enrolment.objects.filter(course=course).update(ends_at=ended)


def _forget(who: User, other: User, course: Course, school: School) -> None:
    execute("DELETE FROM courses_enrolment WHERE student_id = %s", who.pk)


def _own(who: User, other: User, course: Course, school: School) -> None:
    execute("UPDATE courses_course SET owner_id = %s WHERE id = %s", who.pk, course.pk)


def _disown(who: User, other: User, course: Course, school: School) -> None:
    execute("UPDATE courses_course SET owner_id = NULL WHERE owner_id = %s", who.pk)


def _flag(who: User, other: User, course: Course, school: School) -> None:
    User.objects.filter(pk=who.pk).update(is_teacher=~models.F("is_teacher"))


def _crown(who: User, other: User, course: Course, school: School) -> None:
    User.objects.filter(pk=who.pk).update(is_superuser=~models.F("is_superuser"))


def _log_in(who: User, other: User, course: Course, school: School) -> None:
    User.objects.filter(pk=who.pk).update(last_login=timezone.now())


def _assist(who: User, other: User, course: Course, school: School) -> None:
    course.assistants.set([who])


def _hire(who: User, other: User, course: Course, school: School) -> None:
    worlds.staff(who, school)


def _dismiss(who: User, other: User, course: Course, school: School) -> None:
    SchoolStaff.objects.filter(school=school).delete()


def _swap_person(who: User, other: User, course: Course, school: School) -> None:
    """The account of a member of staff becomes somebody else's: a change in the middle."""
    Person.objects.filter(user=other).update(user=None)
    Person.objects.filter(user=who).update(user=other)


def _moderate(who: User, other: User, course: Course, school: School) -> None:
    worlds.moderate(who, course)


def _silence(who: User, other: User, course: Course, school: School) -> None:
    Profile.objects.all().delete()


def _pay(who: User, other: User, course: Course, school: School) -> None:
    worlds.bursar(who, school)


def _leave(who: User, other: User, course: Course, school: School) -> None:
    Bursar.objects.filter(user=who).update(deleted_at=timezone.now())


def _register(who: User, other: User, course: Course, school: School) -> None:
    worlds.registrar(who)


def rename_registrars() -> None:
    """Take the group its name, or give it back: nobody can be named for that, the epoch rises."""
    execute(
        "UPDATE auth_group SET name = CASE name WHEN 'registrars' THEN 'gardeners' "
        "ELSE 'registrars' END"
    )


def _move(who: User, other: User, course: Course, school: School) -> None:
    execute("UPDATE courses_course SET school_id = %s WHERE id = %s", school.pk, course.pk)


def _publish(who: User, other: User, course: Course, school: School) -> None:
    Course.objects.filter(pk=course.pk).update(is_public=~models.F("is_public"))


WRITES: tuple[Callable[[User, User, Course, School], None], ...] = (
    _enrol,
    _enrol_as_guest,
    _withdraw,
    _let_back_in,
    _promote,
    _hand_over,
    _expire,
    _forget,
    _own,
    _disown,
    _flag,
    _crown,
    _log_in,
    _assist,
    _hire,
    _dismiss,
    _swap_person,
    _moderate,
    _silence,
    _pay,
    _leave,
    _register,
    _move,
    _publish,
)
