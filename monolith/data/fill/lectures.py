"""Lectures, and what people did with them."""

from datetime import UTC, datetime, timedelta

from monolith.courses.models import Enrolment
from monolith.data.world import World
from monolith.lectures.models import Attachment, Comment, Lecture, Progress

_TITLES = ("Welcome", "First steps", "A closer look", "Where to go from here")
_WITH_HANDOUT = 2
_FIRST_DAY = datetime(2024, 3, 1, 10, tzinfo=UTC)
_WATCHED_EVERY = 5
_COMMENTED_EVERY = 25
_SAID = ("Thank you, this helps.", "Could you say more about the second part?", "See the handout.")


def add_lectures(world: World) -> None:
    """Add four lectures to each course, the last of them a draft; two come with a handout."""
    lectures = world.insert(
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
    by_course: dict[int, list[Lecture]] = {}
    for lecture in lectures:
        by_course.setdefault(lecture.course_id, []).append(lecture)
    world.insert(
        [
            Attachment(lecture=lecture, name="handout", text=f"{lecture.title}, on one page.")
            for found in by_course.values()
            for lecture in found[:_WITH_HANDOUT]
        ]
    )
    learners = [row for row in world.registrations if row.status == "active"]
    world.insert(_progress(learners[::_WATCHED_EVERY], by_course))
    world.insert(_comments(learners[::_COMMENTED_EVERY], by_course))


def _progress(learners: list[Enrolment], by_course: dict[int, list[Lecture]]) -> list[Progress]:
    once = {(row.student_id, row.course_id): row for row in learners}
    return [
        Progress(
            lecture=by_course[row.course_id][0],
            student_id=row.student_id,
            percent=number * 37 % 101,
            seen_at=_FIRST_DAY + timedelta(minutes=number % 10_000),
        )
        for number, row in enumerate(once.values())
    ]


def _comments(learners: list[Enrolment], by_course: dict[int, list[Lecture]]) -> list[Comment]:
    return [
        Comment(
            lecture=by_course[row.course_id][number % (len(_TITLES) - 1)],
            author_id=row.student_id,
            text=_SAID[number % len(_SAID)],
            written_at=_FIRST_DAY + timedelta(hours=number % 10_000),
        )
        for number, row in enumerate(learners)
    ]
