"""People with roles in the legacy tables, all alike, so that each of them costs the same."""

from itertools import count

from authmigration.models import Assignment
from benchmarks import population
from monolith.accounts.models import Person, User
from monolith.courses.models import Course, Enrolment
from monolith.schools.models import School, SchoolStaff

LIGHT, HEAVY = "a student on 3 courses", "20 roles in 4 tables"
ENROLLED = {LIGHT: 3, HEAVY: 15}
TAUGHT, ASSISTED = 2, 2
_numbers = count(1)


def people(shape: str, number: int, schools: list[School], courses: list[Course]) -> list[User]:
    """Make users of one shape, who hold roles in the legacy tables alone."""
    users = population.users(number, is_teacher=shape == HEAVY)
    enrolled = ENROLLED[shape]
    Enrolment.objects.bulk_create(
        [
            Enrolment(student=user, course=course)
            for place, user in enumerate(users)
            for course in some(courses, place, enrolled)
        ],
        batch_size=population.ROWS,
    )
    if shape == HEAVY:
        _teach(users, schools)
        _assist(users, courses)
        _work(users, schools)
    return users


def some(courses: list[Course], place: int, number: int) -> list[Course]:
    """Return a few courses, others for each place."""
    return [courses[(place * 7 + step) % len(courses)] for step in range(number)]


def _teach(users: list[User], schools: list[School]) -> None:
    owned = [
        Course(title="owned", code="O", school=schools[place % len(schools)], owner=user)
        for place, user in enumerate(users)
        for _ in range(TAUGHT)
    ]
    Course.objects.bulk_create(owned, batch_size=population.ROWS)


def _assist(users: list[User], courses: list[Course]) -> None:
    through = Course.assistants.through
    rows = [
        through(user=user, course=course)
        for place, user in enumerate(users)
        for course in some(courses, place + 1, ASSISTED)
    ]
    through.objects.bulk_create(rows, batch_size=population.ROWS)


def _work(users: list[User], schools: list[School]) -> None:
    staff = Person.objects.bulk_create(
        Person(user=user, full_name="", staff_number=str(next(_numbers))) for user in users
    )
    SchoolStaff.objects.bulk_create(
        SchoolStaff(
            person=person,
            school=schools[place % len(schools)],
            position=SchoolStaff.PRINCIPAL,
        )
        for place, person in enumerate(staff)
    )


def held(user: User) -> set[tuple[str, str, str]]:
    """Return what is stored for a user: context and role, whatever the source is called."""
    rows = Assignment.objects.filter(subject=str(user.pk))
    return set(rows.values_list("context_type", "context_id", "role"))
