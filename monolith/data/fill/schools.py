"""Schools, and who holds which position there."""

import uuid
from typing import NamedTuple

from monolith.accounts.models import Person
from monolith.data.fill.accounts import account, employee
from monolith.data.names import full_name
from monolith.data.world import World
from monolith.schools.models import School, SchoolStaff

_NAMES = (
    *("North", "South", "East", "West", "Harbour", "Hill", "River", "Park", "Market", "Castle"),
    *("Garden", "Bridge"),
)
_KEYS = uuid.UUID("5f1c1e6e-7a0e-4f6b-9a53-0d3b5a2f7c11")
# Places in the list of schools.
_PRINCIPAL_WHO_NEVER_LOGGED_IN = 3
_PRINCIPAL_WHO_TEACHES_ELSEWHERE = 4
_SECRETARY_ALSO_AT_THE_NEXT = 5


class _Post(NamedTuple):
    position: str
    school: int


def add_schools(world: World) -> None:
    """Add twelve schools."""
    world.schools = world.insert([School(name=f"{name} School") for name in _NAMES])


def add_staff(world: World) -> None:
    """Add for each school a principal, a secretary and a caretaker, not all with an account."""
    posts = [
        _Post(position, school)
        for position, _ in SchoolStaff.POSITIONS
        for school in range(len(world.schools))
    ]
    people = _people(world, posts)
    secretary = people[_Post(SchoolStaff.SECRETARY, _SECRETARY_ALSO_AT_THE_NEXT)]
    held = [*people.items()]
    held += [(_Post(SchoolStaff.SECRETARY, _SECRETARY_ALSO_AT_THE_NEXT + 1), secretary)]
    world.insert(
        [
            SchoolStaff(
                pk=uuid.uuid5(_KEYS, str(number)),
                school=world.schools[post.school],
                person=person,
                position=post.position,
            )
            for number, (post, person) in enumerate(held)
        ]
    )


def _people(world: World, posts: list[_Post]) -> dict[_Post, Person]:
    teaches = _Post(SchoolStaff.PRINCIPAL, _PRINCIPAL_WHO_TEACHES_ELSEWHERE)
    hired = [post for post in posts if post != teaches]
    with_account = [post for post in hired if _has_account(post)]
    accounts = world.insert(
        [account(f"{post.position}{post.school + 1:02}", *_name(post)) for post in with_account]
    )
    users = dict(zip(with_account, accounts, strict=True))
    persons = world.insert(
        [
            employee(users.get(post), number, " ".join(_name(post)))
            for number, post in enumerate(hired, start=1)
        ]
    )
    teacher = Person.objects.get(user=world.teachers[0])
    return {**dict(zip(hired, persons, strict=True)), teaches: teacher}


def _has_account(post: _Post) -> bool:
    if post.position == SchoolStaff.CARETAKER:
        return post.school % 2 == 0
    return post != _Post(SchoolStaff.PRINCIPAL, _PRINCIPAL_WHO_NEVER_LOGGED_IN)


def _name(post: _Post) -> tuple[str, str]:
    positions = [position for position, _ in SchoolStaff.POSITIONS]
    return full_name(700 + 20 * positions.index(post.position) + post.school)
