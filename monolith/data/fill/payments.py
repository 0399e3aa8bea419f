"""Bursars and invoices."""

from datetime import UTC, datetime

from monolith.data.fill.accounts import account
from monolith.data.names import full_name
from monolith.data.world import World
from monolith.payments.models import Bursar, Invoice

_LEFT_AT = datetime(2025, 3, 31, 15, tzinfo=UTC)
_SCHOOLS_WITH_A_PREDECESSOR = 4
_EVERY = 3
_AMOUNTS = (19_900, 24_900, 29_900)


def add_bursars(world: World) -> None:
    """Add a bursar for each school, the first for two; some left, and one of those came back."""
    count = len(world.schools)
    people = world.insert(
        [
            account(f"bursar{number + 1:02}", *full_name(760 + number))
            for number in range(count + _SCHOOLS_WITH_A_PREDECESSOR)
        ]
    )
    serving, former = people[:count], people[count:]
    rows = [
        Bursar(user=user, school=school)
        for user, school in zip(serving, world.schools, strict=True)
    ]
    rows += [Bursar(user=serving[0], school=world.schools[1])]
    rows += [
        Bursar(user=user, school=school, deleted_at=_LEFT_AT)
        for user, school in zip(former, world.schools, strict=False)
    ]
    rows += [Bursar(user=serving[-1], school=world.schools[-1], deleted_at=_LEFT_AT)]
    world.insert(rows)


def add_invoices(world: World) -> None:
    """Add invoices for a sample of the registrations; some who withdrew got the money back."""
    invoiced = world.registrations[::_EVERY]
    world.insert(
        [
            Invoice(
                student_id=row.student_id,
                course_id=row.course_id,
                amount_cents=world.rng.choice(_AMOUNTS),
                status=world.rng.choice(
                    ("paid", "refunded") if row.status == "withdrawn" else ("open", "paid", "paid")
                ),
            )
            for row in invoiced
        ]
    )
