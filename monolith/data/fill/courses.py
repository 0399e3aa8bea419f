"""Courses, who owns them, who assists and who moderates."""

from monolith.accounts.models import Profile, User
from monolith.courses.models import Course
from monolith.data.world import World

# Courses that hold a number past these go to the teachers again, from the first on, by then at
# another school; the teachers that are left over own none.
_TEACHERS_WITH_COURSES = 18
_WITHOUT_OWNER = 16
_OWNER_WITHOUT_FLAG = (10, 21)
_ARCHIVED = (1, 7)
_STUDENTS_ASSISTING, _MODERATORS = 2, 2
_PROFILES_OF_NOBODY = 5


def add_courses(world: World) -> None:
    """Add a course for each presentation, spread over the schools; every third is public."""
    world.courses = world.insert(
        [
            Course(
                code=presentation.code,
                title=presentation.title,
                school=world.schools[number % len(world.schools)],
                owner=_owner(world, number),
                is_public=number % 3 == 0,
                archived=number in _ARCHIVED,
            )
            for number, presentation in enumerate(world.intake.presentations)
        ]
    )


def _owner(world: World, number: int) -> User | None:
    if number == _WITHOUT_OWNER:
        return None
    if number in _OWNER_WITHOUT_FLAG:
        return world.owners_without_flag[_OWNER_WITHOUT_FLAG.index(number)]
    return world.teachers[number % _TEACHERS_WITH_COURSES]


def add_assistants(world: World) -> None:
    """Add to each course two students and one of the teachers who own none."""
    spare = world.teachers[_TEACHERS_WITH_COURSES:]
    through = Course.assistants.through
    rows = []
    for number, course in enumerate(world.courses):
        people = [*world.pick(world.students, _STUDENTS_ASSISTING), spare[number % len(spare)]]
        rows += [through(course=course, user=user) for user in people]
    world.insert(rows)


def add_moderators(world: World) -> None:
    """Add two students for each course, a teacher for three, and profiles that list none."""
    moderated: dict[User, list[int]] = {world.teachers[-1]: [c.pk for c in world.courses[:3]]}
    for course in world.courses:
        for user in world.pick(world.students, _MODERATORS):
            moderated.setdefault(user, []).append(course.pk)
    for user in world.pick(world.students, _PROFILES_OF_NOBODY):
        moderated.setdefault(user, [])
    world.insert(
        [Profile(user=user, moderated_courses=courses) for user, courses in moderated.items()]
    )
