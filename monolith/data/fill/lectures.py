"""Lectures."""

from monolith.data.world import World
from monolith.lectures.models import Lecture

_TITLES = ("Welcome", "First steps", "A closer look", "Where to go from here")


def add_lectures(world: World) -> None:
    """Add four lectures to each course, the last of them a draft."""
    world.insert(
        [
            Lecture(
                course=course,
                title=title,
                body=f"{title}: notes on {course.title}.",
                published=title != _TITLES[-1],
            )
            for course in world.courses
            for title in _TITLES
        ]
    )
