"""Keeps the averages up to date."""

from typing import Any

from monolith.gradebook.averages import refresh_averages
from monolith.gradebook.models import Exercise, Grade


def follow_the_grade(sender: type[Grade], instance: Grade, *, raw: bool = False, **_: Any) -> None:
    """Receiver of `post_save` and `post_delete`: average the grade's exercise anew."""
    if not raw:
        refresh_averages(Exercise.objects.filter(pk=instance.exercise_id))
