"""Many users with a few roles each, and what must hold of them once they are migrated."""

from itertools import cycle, islice

from django.db.models import Sum

from authmigration import registry
from authmigration.assignments.gathering import gather
from authmigration.models import Assignment, AuditEvent, BackfillChunk, SubjectState
from authmigration.selectors import load
from monolith.accounts.models import User
from monolith.courses.models import Enrolment
from tests.authmigration import worlds


def crowd(size: int) -> list[User]:
    """Make so many users, each on one course and every third on two."""
    school = worlds.school()
    courses = [worlds.course(school) for _ in range(5)]
    people = User.objects.bulk_create(
        User(username=f"crowd{number}", password="!") for number in range(size)
    )
    people = list(User.objects.order_by("pk"))
    rows = [
        Enrolment(student=user, course=course)
        for user, course in zip(people, cycle(courses), strict=False)
    ]
    rows += [Enrolment(student=user, course=courses[0]) for user in islice(people, 0, None, 3)]
    Enrolment.objects.bulk_create(rows)
    return people


def subjects() -> list[str]:
    return [str(key) for key in User.objects.order_by("pk").values_list("pk", flat=True)]


def differing(wanted: list[str] | None = None) -> list[str]:
    """Return whose stored facts are not those that the sources yield, or are not fresh."""
    declared = registry.get()
    everybody = wanted or subjects()
    yielded = gather(declared, everybody, using="default")
    stored = load(everybody, using="default")
    return [
        subject
        for subject in everybody
        if not stored[subject].is_fresh(declared.mapping_hash)
        or {(s.source, s.fact) for s in stored[subject].facts if not s.is_native}
        != set(yielded[subject].facts)
    ]


def nobody_lost_nobody_doubled() -> bool:
    """Everybody is migrated, once, and was counted and recorded once."""
    everybody = subjects()
    told = [e.detail["subjects"] for e in AuditEvent.objects.filter(action="migrate_many")]
    counted = BackfillChunk.objects.aggregate(
        sum=Sum("migrated") + Sum("unchanged") + Sum("failed") + Sum("quarantined") + Sum("busy")
    )
    assert differing() == []
    assert list(SubjectState.objects.exclude(generation=1, revision=1)) == []
    assert SubjectState.objects.count() == len(everybody)
    assert sum(told) == len(everybody)
    assert AuditEvent.objects.exclude(action="migrate_many").count() == 0
    assert counted["sum"] == len(everybody)
    return True


def stored() -> tuple[list[tuple], list[tuple], int]:
    """Return every fact and state, and how much was recorded."""
    facts = Assignment.objects.order_by("pk").values_list()
    states = SubjectState.objects.order_by("pk").values_list()
    return list(facts), list(states), AuditEvent.objects.count()
