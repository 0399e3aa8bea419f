"""Small platforms for tests, built row by row, without the letters that the platform writes."""

from itertools import count
from types import SimpleNamespace
from typing import Any

from django.contrib.auth.models import Group

from authmigration.legacy import GeneratorSource
from authmigration.registry import Registry, _modules
from monolith.accounts.models import Person, Profile, User
from monolith.courses.models import Course, Enrolment
from monolith.payments.models import Bursar
from monolith.schools.models import School, SchoolStaff

_numbers = count(1)


def user(**columns: Any) -> User:
    name = f"u{next(_numbers)}"
    return User.objects.create(username=name, email=f"{name}@campus.example", **columns)


def school() -> School:
    return School.objects.create(name=f"school {next(_numbers)}")


def course(at: School, **columns: Any) -> Course:
    number = next(_numbers)
    return Course.objects.create(title=f"course {number}", code=f"C{number}", school=at, **columns)


def enrol(who: User, into: Course, kind: int = Enrolment.LEARNER, **columns: Any) -> Enrolment:
    row = Enrolment(student=who, course=into, kind=kind, **columns)
    return Enrolment.objects.bulk_create([row])[0]


def assist(who: User, on: Course) -> None:
    Course.assistants.through.objects.bulk_create([Course.assistants.through(user=who, course=on)])


def staff(who: User, at: School, position: str = SchoolStaff.PRINCIPAL) -> SchoolStaff:
    number = f"n{next(_numbers)}"
    person, _ = Person.objects.get_or_create(
        user=who, defaults={"full_name": number, "staff_number": number}
    )
    return SchoolStaff.objects.create(person=person, school=at, position=position)


def bursar(who: User, at: School, **columns: Any) -> Bursar:
    return Bursar.objects.create(user=who, school=at, **columns)


def moderate(who: User, *courses: Course) -> Profile:
    listed = [each.pk for each in courses]
    return Profile.objects.update_or_create(user=who, defaults={"moderated_courses": listed})[0]


def registrar(who: User) -> None:
    who.groups.add(Group.objects.get_or_create(name="registrars")[0])


def demo_registry() -> Registry:
    """Return what the monolith declares, as a registry of its own."""
    return Registry(_modules())


def demo_registry_with(**others: Any) -> Registry:
    """Return what the monolith declares, with some of it replaced or added by name."""
    return registry_of(**{**declared(), **others})


def tables_only(**more: Any) -> Registry:
    """Return what the monolith declares less its generators, and with further declarations."""
    kept = {n: value for n, value in declared().items() if not isinstance(value, GeneratorSource)}
    return registry_of(**{**kept, **more})


def registry_of(**values: Any) -> Registry:
    """Return a registry of exactly these declarations."""
    return Registry([SimpleNamespace(**values)])


def declared() -> dict[str, Any]:
    """Return every value of the monolith's authz.py files by module and name."""
    return {
        f"{module.__name__}.{name}": value
        for module in _modules()
        for name, value in vars(module).items()
    }
