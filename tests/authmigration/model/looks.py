"""How the toolkit answers, beside what the facts say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from authmigration import Stage, check, filter_queryset, is_authorized, registry, shadow
from authmigration.models import Mismatch
from monolith.accounts.models import User
from monolith.courses.models import Course
from tests.authmigration.model import oracle
from tests.authmigration.model.oracle import Held
from tests.authmigration.rows import loaded

PERMISSIONS = ("course.view", "course.edit", "course.withdraw", "grade.edit")
ASKED_BY_NAME = ("student", "teacher", "ta")


def compare(who: User, courses: Iterable[Course], held: Mapping[Stage, set[Held]]) -> None:
    """Ask every question in every way, and insist on the answer that the facts give."""
    policy = registry.get().policy
    fresh = list(Course.objects.filter(pk__in=[each.pk for each in courses]))
    for permission in PERMISSIONS:
        allowed = set()
        for course in fresh:
            found = check(who, permission, course)
            roles = oracle.held_roles(who, held[Stage(found.stage)])
            assert found.allowed is oracle.may(policy, roles, permission, course), (found, held)
            allowed |= {course} if found.allowed else set()
        listed = set(filter_queryset(who, permission, Course.objects.all()))
        assert listed == allowed, (permission, listed, allowed)
    for role in ASKED_BY_NAME:
        for course in fresh:
            found = is_authorized(who, "course", course.pk, role)
            roles = oracle.held_roles(who, held[Stage(found.stage)])
            assert found.allowed is oracle.has(policy, roles, role, course), (found, held)


def find_no_mismatch() -> None:
    """Both worlds answer from facts that agree: whatever is reported would be a false alarm."""
    assert not shadow.is_waiting()
    assert not Mismatch.objects.exists()


def stored(who: User) -> tuple[set[Held], set[Held]]:
    """Return the stored facts of somebody that hold now: those of legacy, and the native ones."""
    found = loaded(who)
    holding = [s for s in found.facts if s.fact.holds_at(found.now)]
    legacy = {_held(s.fact) for s in holding if not s.is_native}
    return legacy, {_held(s.fact) for s in holding if s.is_native}


def _held(fact) -> Held:
    return Held(fact.role, fact.context, fact.effect == "refuse")
