"""What is done with courses at night."""

from celery import shared_task
from django.utils import timezone

from monolith.courses.models import Enrolment


@shared_task
def close_ended_enrolments() -> int:
    """Mark active enrolments whose access has ended as completed; return how many. Mails nobody."""
    ended = Enrolment.objects.filter(status="active", ends_at__lte=timezone.now())
    return ended.update(status="completed")
