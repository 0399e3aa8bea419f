"""The command `close_term`: closes the exercises and discussions of courses that are archived."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from monolith.gradebook.averages import refresh_averages
from monolith.gradebook.models import Exercise
from monolith.lectures.models import Lecture


class Command(BaseCommand):
    """Close what is still open on archived courses, and average their grades for the record."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--school", type=int, metavar="ID", help="that school alone")

    @transaction.atomic
    def handle(self, *, school: int | None, **_: Any) -> None:
        """Close, and print how much was open."""
        now = timezone.now()
        exercises = Exercise.objects.filter(course__archived=True)
        lectures = Lecture.objects.filter(course__archived=True, discussion_open=True)
        if school is not None:
            exercises = exercises.filter(course__school=school)
            lectures = lectures.filter(course__school=school)
        refresh_averages(exercises)
        closed = exercises.filter(Q(due_at=None) | Q(due_at__gt=now)).update(due_at=now)
        silenced = lectures.update(discussion_open=False)
        self.stdout.write(f"{closed} exercises and {silenced} discussions closed.")
