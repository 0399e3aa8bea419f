"""Exercises, what was handed in for them, and grades."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from monolith.courses.models import Enrolment
from monolith.data.world import World
from monolith.gradebook.averages import refresh_averages
from monolith.gradebook.models import Exercise, Grade, GradeChange, Submission

_TITLES = ("Essay", "Problem set", "Project")
_DUE = (datetime(2024, 5, 31, 22, tzinfo=UTC), None, datetime(2040, 5, 31, 22, tzinfo=UTC))
_HANDED_IN = datetime(2024, 5, 20, 9, tzinfo=UTC)
_GRADED = 2
_EVERY = 4
_WAITING_EVERY = 12
_CHANGED_EVERY = 5


def add_grades(world: World) -> None:
    """Add three exercises to each course, and grades in two of them for a sample of learners.

    Whoever has a grade has handed in; for the third exercise some have, and wait.
    """
    rows = [
        Exercise(course=course, title=title, due_at=due_at)
        for course in world.courses
        for title, due_at in zip(_TITLES, _DUE, strict=True)
    ]
    exercises: dict[int, list[Exercise]] = {}
    for exercise in world.insert(rows):
        exercises.setdefault(exercise.course_id, []).append(exercise)
    learners = [row for row in world.registrations if row.status == "active"]
    graded = [
        (exercise, learner)
        for learner in learners[::_EVERY]
        for exercise in exercises[learner.course_id][:_GRADED]
    ]
    grades = world.insert(
        [
            Grade(
                exercise=exercise,
                student_id=learner.student_id,
                points=world.rng.randrange(20, 101),
            )
            for exercise, learner in graded
        ]
    )
    waiting = [
        (exercises[learner.course_id][_GRADED], learner) for learner in learners[1::_WAITING_EVERY]
    ]
    world.insert(list(_submissions(graded + waiting)))
    world.insert([_change(grade, number) for number, grade in enumerate(grades[::_CHANGED_EVERY])])
    refresh_averages(Exercise.objects.all())


def _submissions(pairs: list[tuple[Exercise, Enrolment]]) -> Iterator[Submission]:
    once = {(exercise.pk, learner.student_id): exercise for exercise, learner in pairs}
    for number, ((_, student), exercise) in enumerate(once.items()):
        yield Submission(
            exercise=exercise,
            student_id=student,
            text=f"{exercise.title}, answer {number + 1}.",
            handed_in_at=_HANDED_IN + timedelta(minutes=number % 10_000),
        )


def _change(grade: Grade, number: int) -> GradeChange:
    """Return the change by which the course's owner raised a grade by a few points."""
    return GradeChange(
        grade=grade,
        points_before=grade.points - number % 10,
        points_after=grade.points,
        changed_by_id=grade.exercise.course.owner_id,
        changed_at=_HANDED_IN + timedelta(days=20, minutes=number % 10_000),
    )
