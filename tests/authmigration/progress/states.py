"""Subjects in every state, one statement each."""

from django.utils import timezone

from authmigration.assignments import synchronise
from authmigration.models import ChangeMark, SubjectState
from monolith.accounts.models import User
from tests.authmigration import worlds


def migrate(*people: User) -> None:
    synchronise([str(each.pk) for each in people], using="default", reason="test")


def mark(person: User) -> None:
    ChangeMark.objects.create(subject=str(person.pk), source="test")


def update(person: User, **columns) -> None:
    assert SubjectState.objects.filter(subject=str(person.pk)).update(**columns) == 1


def one_in_each_state() -> dict[str, User]:
    """Return a user in each state; the one who is retired holds roles in two contexts."""
    school = worlds.school()
    first, second = worlds.course(school), worlds.course(school)
    names = ("retired", "migrated", "stale", "failing", "quarantined", "unmigrated")
    people = {name: worlds.user() for name in names}
    for person in people.values():
        worlds.enrol(person, first)
    worlds.enrol(people["retired"], second)
    migrate(*(person for name, person in people.items() if name != "unmigrated"))
    mark(people["stale"])
    update(people["retired"], retired_at=timezone.now())
    for name in ("failing", "quarantined"):
        update(people[name], status=name, reason="a test says so")
    return people
