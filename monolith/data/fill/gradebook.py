"""Exercises and grades."""

from monolith.data.world import World
from monolith.gradebook.models import Exercise, Grade

_TITLES = ("Essay", "Problem set", "Project")
_GRADED = 2
_EVERY = 4


def add_grades(world: World) -> None:
    """Add three exercises to each course, and grades in two of them for a sample of learners."""
    rows = [Exercise(course=course, title=title) for course in world.courses for title in _TITLES]
    exercises: dict[int, list[Exercise]] = {}
    for exercise in world.insert(rows):
        exercises.setdefault(exercise.course_id, []).append(exercise)
    learners = [row for row in world.registrations if row.status == "active"]
    world.insert(
        [
            Grade(
                exercise=exercise,
                student_id=learner.student_id,
                points=world.rng.randrange(20, 101),
            )
            for learner in learners[::_EVERY]
            for exercise in exercises[learner.course_id][:_GRADED]
        ]
    )
