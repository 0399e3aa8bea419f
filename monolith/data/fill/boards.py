"""Tutorial groups, and what stands on the notice boards."""

from datetime import UTC, datetime, timedelta

from monolith.courses.models import Announcement, Section
from monolith.data.world import World

_GROUPS = ("Monday group", "Thursday group")
_NOTICES = (
    ("Welcome", "The first session is a tour of the material. Bring questions."),
    ("A change of room", "The Thursday group meets one floor higher from now on."),
)
_FIRST_DAY = datetime(2024, 2, 1, 8, tzinfo=UTC)


def add_sections(world: World) -> None:
    """Add two tutorial groups to each course."""
    world.insert(
        [
            Section(
                course=course,
                title=title,
                room=f"Room {100 + number}",
                notes=f"The code of the door is {course.pk * 37 % 9000 + 1000 + number}.",
            )
            for course in world.courses
            for number, title in enumerate(_GROUPS)
        ]
    )


def add_announcements(world: World) -> None:
    """Add two notices to each course, from its owner."""
    world.insert(
        [
            Announcement(
                course=course,
                author_id=course.owner_id,
                title=title,
                body=body,
                posted_at=_FIRST_DAY + timedelta(days=20 * number, hours=place),
            )
            for place, course in enumerate(world.courses)
            for number, (title, body) in enumerate(_NOTICES)
        ]
    )
