"""People: students, teachers, registrars, support, the superuser."""

from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import Group

from monolith.accounts.models import Person, User
from monolith.data.names import full_name
from monolith.data.world import World

_TEACHERS = 30
_OWNERS_WITHOUT_FLAG = 2
_REGISTRARS = 3
_SUPPORTERS = 2
_INACTIVE_STUDENTS = 20
# One hash for everybody, made once: nobody on a demo logs in with a password.
_PASSWORD = f"{UNUSABLE_PASSWORD_PREFIX}demo-accounts-have-no-password"
_JOINED = datetime(2024, 1, 15, 9, tzinfo=UTC)


def account(username: str, first_name: str, last_name: str, **fields: Any) -> User:
    """Return an unsaved account that nobody can log in to with a password."""
    return User(
        username=username,
        first_name=first_name,
        last_name=last_name,
        email=f"{username}@campus.example",
        password=_PASSWORD,
        date_joined=_JOINED,
        **fields,
    )


def employee(user: User | None, number: int, full_name: str) -> Person:
    """Return the unsaved entry of a member of staff in the personnel office's list."""
    return Person(user=user, full_name=full_name, staff_number=f"P{number:04}")


def add_superuser(world: World) -> None:
    """Add one superuser, `root`."""
    world.insert([account("root", "Root", "Admin", is_staff=True, is_superuser=True)])


def add_teachers(world: World) -> None:
    """Add teachers, and two people who own courses without ever having got the teacher's flag."""
    people = [
        account(f"teacher{number + 1:02}", *full_name(500 + number), is_teacher=True)
        for number in range(_TEACHERS)
    ]
    people += [
        account(f"lecturer{number + 1:02}", *full_name(600 + number))
        for number in range(_OWNERS_WITHOUT_FLAG)
    ]
    people = world.insert(people)
    world.teachers, world.owners_without_flag = people[:_TEACHERS], people[_TEACHERS:]
    world.insert(
        [employee(user, 100 + number, user.get_full_name()) for number, user in enumerate(people)]
    )


def add_students(world: World) -> None:
    """Add the intake's students; a few accounts are no longer active."""
    inactive = set(world.pick(range(len(world.intake.students)), world.scaled(_INACTIVE_STUDENTS)))
    world.students = world.insert(
        [
            account(*student, is_active=number not in inactive)
            for number, student in enumerate(world.intake.students)
        ]
    )


def add_registrars(world: World) -> None:
    """Add the group `registrars`: the office, and one student who helps out there."""
    group = Group.objects.create(name="registrars")
    office = world.insert(
        [
            account(f"registrar{number + 1:02}", *full_name(650 + number))
            for number in range(_REGISTRARS)
        ]
    )
    membership = User.groups.through
    world.insert(
        [membership(user=user, group=group) for user in [*office, *world.pick(world.students, 1)]]
    )


def add_support(world: World) -> None:
    """Add the group `support`, and two people who sit at its desk."""
    group = Group.objects.create(name="support")
    desk = world.insert(
        [
            account(f"support{number + 1:02}", *full_name(660 + number))
            for number in range(_SUPPORTERS)
        ]
    )
    membership = User.groups.through
    world.insert([membership(user=user, group=group) for user in desk])
