"""Letters that go out when enrolments change."""

from typing import Any

from monolith.accounts.models import OutboxMail
from monolith.courses.models import Enrolment


def mail_the_student(
    sender: type[Enrolment],
    instance: Enrolment,
    *,
    raw: bool = False,
    **_: Any,
) -> None:
    """Receiver of `post_save`: write to the student whenever one of their enrolments is saved."""
    if raw:
        return
    OutboxMail.objects.create(
        to=instance.student.email,
        subject=f"Your place on {instance.course.code}",
        body=f"You are on {instance.course}: {instance.get_kind_display()}, {instance.status}.",
    )
