"""Bursars, invoices, and how they are paid."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from monolith.courses.models import Enrolment
from monolith.data.fill.accounts import account
from monolith.data.names import full_name
from monolith.data.world import World
from monolith.payments.models import Bursar, Instalment, Invoice, Receipt
from monolith.payments.settling import reference_of

_LEFT_AT = datetime(2025, 3, 31, 15, tzinfo=UTC)
_SCHOOLS_WITH_A_PREDECESSOR = 4
_EVERY = 3
_AMOUNTS = (19_900, 24_900, 29_900)
_DUE_LATER = date(2040, 6, 30)
_ISSUED_AT = datetime(2025, 4, 1, 9, tzinfo=UTC)
_IN_PARTS_EVERY = 4
_PARTS = 3


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
    """Add invoices for a sample of the registrations; some who withdrew got the money back.

    What was paid has a receipt; some pay in three parts, and half of the open ones are overdue.
    """
    invoices = world.insert(
        [
            Invoice(
                student_id=row.student_id,
                course_id=row.course_id,
                amount_cents=world.rng.choice(_AMOUNTS),
                status=world.rng.choice(
                    ("paid", "refunded") if row.status == "withdrawn" else ("open", "paid", "paid")
                ),
                due_on=_due(row, number),
            )
            for number, row in enumerate(world.registrations[::_EVERY])
        ]
    )
    world.insert(
        [
            Receipt(invoice=each, reference=reference_of(each), issued_at=_ISSUED_AT)
            for each in invoices
            if each.status != "open"
        ]
    )
    world.insert([part for each in invoices[::_IN_PARTS_EVERY] for part in _parts(each)])


def _due(row: Enrolment, number: int) -> date:
    if number % 2 or row.registered_on is None:
        return _DUE_LATER
    return row.registered_on + timedelta(days=30)


def _parts(invoice: Invoice) -> Iterator[Instalment]:
    part = invoice.amount_cents // _PARTS
    rest = invoice.amount_cents - part * (_PARTS - 1)
    for number, cents in enumerate([rest] + [part] * (_PARTS - 1)):
        due_on = invoice.due_on + timedelta(days=30 * number)
        yield Instalment(invoice=invoice, due_on=due_on, amount_cents=cents)
