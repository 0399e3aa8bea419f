"""The people of the demo, found in whatever data the platform holds."""

from dataclasses import dataclass

from django.db.models import Count, Q

from monolith.accounts.models import User
from monolith.courses.models import Course, Enrolment
from monolith.gradebook.models import Exercise, Grade
from monolith.schools.units import schools_of


@dataclass(frozen=True)
class Cast:
    """Who plays what.

    Attributes:
        stranger: a teacher of one school, who edits courses of others in the old world (F01).
        foreign: such a course; editing it is denied in the new world.
        school: the stranger's school, the first cohort to be enforced.
        learner: a student of one course who becomes teaching assistant of another.
        assisted: that other course.
        grade: a grade on it.
        third: a course on which the learner is enrolled by an unrelated write.
        leaver: somebody whose enrolment ends by raw SQL.
        left: the course of that enrolment.
        mentor: somebody who mentors a course.
        mentored: a grade on that course.

    """

    stranger: int
    foreign: int
    school: str
    learner: int
    assisted: int
    grade: int
    third: int
    leaver: int
    left: int
    mentor: int
    mentored: int


def find_cast() -> Cast:
    """Return the cast.

    Raises:
        LookupError: the data is too small for the story; the message says what to do.

    """
    stranger = _stranger()
    (school,) = schools_of(str(stranger.pk))
    foreign = _private().exclude(school=_key(school)).filter(archived=False).first()
    grade = _grade()
    learner = _learner(grade)
    third = _private().exclude(pk=grade.exercise.course_id).exclude(enrolments__student=learner)
    leaver = _only_enrolment(learner)
    mentor, mentored = _mentor()
    if foreign is None or third.first() is None:
        raise LookupError(TOO_SMALL)
    return Cast(
        stranger.pk,
        foreign.pk,
        school,
        learner,
        grade.exercise.course_id,
        grade.pk,
        third.first().pk,
        leaver.student_id,
        leaver.course_id,
        mentor,
        mentored,
    )


TOO_SMALL = "The data is too small for the demo; take --users 500 or more."


def _key(school: str) -> int:
    return int(school.removeprefix("school:"))


def _private():
    return Course.objects.filter(is_public=False).order_by("pk")


def _stranger() -> User:
    owners = User.objects.filter(is_teacher=True, is_active=True, owned_courses__isnull=False)
    for user in owners.exclude(person__positions__isnull=False).distinct().order_by("pk"):
        if len(schools_of(str(user.pk))) == 1:
            return user
    raise LookupError(TOO_SMALL)


def _grade() -> Grade:
    found = Grade.objects.filter(exercise__course__is_public=False).select_related("exercise")
    return _or_too_small(found.order_by("pk").first())


def _learner(grade: Grade) -> int:
    active = Enrolment.objects.filter(status="active", kind=10, ends_at=None)
    elsewhere = active.exclude(course=grade.exercise.course_id).filter(
        student__is_active=True, student__is_teacher=False, student__is_superuser=False
    )
    alone = elsewhere.annotate(places=Count("student__enrolments")).filter(places=1)
    return _or_too_small(alone.order_by("pk").first()).student_id


def _only_enrolment(learner: int) -> Enrolment:
    found = Enrolment.objects.filter(
        status="active", kind=10, ends_at=None, course__is_public=False, student__is_active=True
    )
    found = found.exclude(student=learner).annotate(places=Count("student__enrolments"))
    return _or_too_small(found.filter(places=1).order_by("-pk").first())


def _mentor() -> tuple[int, int]:
    mentors = Enrolment.objects.filter(Q(ends_at=None), status="active", kind=5)
    for place in mentors.filter(student__is_teacher=False).order_by("pk"):
        grade = Grade.objects.filter(exercise__course=place.course_id).first()
        if grade is not None:
            return place.student_id, grade.pk
    exercise = _or_too_small(Exercise.objects.filter(grades__isnull=False).first())
    raise LookupError(f"{TOO_SMALL} (nobody mentors a course like {exercise.course_id})")


def _or_too_small(found):
    if found is None:
        raise LookupError(TOO_SMALL)
    return found
