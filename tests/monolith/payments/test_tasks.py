"""What happens at night to those who do not pay."""

from datetime import timedelta

import pytest
from django.utils import timezone

from authmigration import Stage, check
from authmigration.models import AuditEvent
from authmigration.rollout.overrides import forced
from monolith.accounts.models import OutboxMail
from monolith.celery import app
from monolith.courses.models import Enrolment
from monolith.payments.models import Invoice
from monolith.payments.tasks import (
    remind_of_unpaid_invoices,
    take_place_of_debtor,
    take_places_of_debtors,
)


@pytest.fixture
def overdue(platform):
    def make(days, name="learner", **fields):
        due_on = timezone.localdate() - timedelta(days=days)
        return Invoice.objects.create(
            student=platform[name],
            course=platform.course,
            amount_cents=100,
            due_on=due_on,
            **fields,
        )

    return make


@pytest.fixture
def eager():
    app.conf.update(task_always_eager=True, task_eager_propagates=True)
    yield
    app.conf.update(task_always_eager=False, task_eager_propagates=False)


def place(platform, name="learner"):
    return Enrolment.objects.get(student=platform[name], course=platform.course)


def test_whoever_is_late_is_reminded_every_fortnight(overdue):
    invoice = overdue(1)
    assert [remind_of_unpaid_invoices() for _ in range(2)] == [1, 0]
    Invoice.objects.filter(pk=invoice.pk).update(
        reminded_on=timezone.localdate() - timedelta(days=14)
    )
    assert remind_of_unpaid_invoices() == 1
    letters = OutboxMail.objects.values_list("to", "subject")
    assert list(letters) == [("learner@campus.example", f"Please pay invoice {invoice.pk}")] * 2


@pytest.mark.parametrize(("days", "status"), [(0, "open"), (-5, "open"), (9, "paid")])
def test_whoever_is_in_time_or_has_paid_is_left_in_peace(overdue, days, status):
    overdue(days, status=status)
    assert remind_of_unpaid_invoices() == 0


@pytest.mark.parametrize("stage", [Stage.OFF, Stage.SHADOW, Stage.ENFORCE])
def test_a_debtor_loses_the_place_at_every_stage_and_the_trail_says_why(
    platform, overdue, eager, stage
):
    invoice = overdue(90)
    with forced(stage):
        assert take_places_of_debtors() == 1
        assert not check(platform["learner"], "exercise.submit", platform.exercise)
    assert place(platform).status == "withdrawn"
    event = AuditEvent.objects.filter(actor="payments.debtors").latest("pk")
    assert event.reason == f"Invoice {invoice.pk} is overdue by 90 days."


def test_nobody_loses_a_place_too_early_twice_or_after_paying(platform, overdue, eager):
    overdue(89)
    overdue(90, "mentor")
    assert take_places_of_debtors() == 0
    late = overdue(90)
    assert take_places_of_debtors() == 1
    assert take_places_of_debtors() == 0
    Enrolment.objects.filter(student=platform["learner"]).update(status="active")
    Invoice.objects.filter(pk=late.pk).update(status="paid")
    assert not take_place_of_debtor(late.pk)
    assert place(platform).status == "active"
    assert place(platform, "limited").status == "active"


def test_the_nightly_tasks_are_known_to_the_worker():
    app.loader.import_default_modules()
    wanted = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert wanted <= set(app.tasks)
