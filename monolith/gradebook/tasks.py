"""What the gradebook does at night."""

from celery import shared_task

from monolith.gradebook.averages import refresh_averages
from monolith.gradebook.models import Exercise


@shared_task(name="gradebook.refresh_averages")
def refresh_all_averages() -> int:
    """Average every exercise anew: imports and bulk updates call no signal."""
    return refresh_averages(Exercise.objects.all())
