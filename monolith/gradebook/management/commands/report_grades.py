"""The command `report_grades`: what the nightly job reads from the gradebook service, as CSV."""

import csv
import os
from argparse import ArgumentParser
from collections import defaultdict
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from monolith.gradebook.grade_table import plain

HEAD = ("course", "exercise", "grades", "mean")


class Command(BaseCommand):
    """Print how many grades each exercise has, and their mean, of all courses one may list.

    The service is called as the program whose name and secret stand in
    MONOLITH_GRADEBOOK_CLIENT and MONOLITH_GRADEBOOK_SECRET (manage.py authz_service add); with
    --for-user as the user whose access token stands in MONOLITH_GRADEBOOK_USER_TOKEN.
    """

    help = __doc__
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--for-user",
            action="store_true",
            help="call for the user whose token stands in MONOLITH_GRADEBOOK_USER_TOKEN",
        )

    def handle(self, *, for_user: bool, **_: Any) -> None:
        """Ask the service, and print the table once everything was answered."""
        if not settings.GRADEBOOK_URL:
            raise CommandError("There is no gradebook service: set MONOLITH_GRADEBOOK_URL.")
        try:
            from monolith.gradebook import service_calls
        except ImportError as error:
            raise CommandError(
                "The client is not installed: pip install ./clients/python"
            ) from error
        url, issuer = settings.GRADEBOOK_URL, settings.AUTHMIGRATION["TOKENS"]["ISSUER"]
        if for_user:
            token = os.environ.get(service_calls.USER_TOKEN, "")
            calling = service_calls.for_user(url, token)
        else:
            calling = service_calls.as_program(url, issuer)
        try:
            with calling as gradebook:
                rows = _rows(gradebook)
        except service_calls.CallFailed as error:
            raise CommandError(str(error)) from error
        if not rows:
            self.stderr.write("Nothing was found: the caller may list no course with grades.")
        table = csv.writer(self.stdout, lineterminator="\n")
        table.writerow(HEAD)
        table.writerows(rows)


def _rows(gradebook: Any) -> list[tuple]:
    found = gradebook.courses()
    if not found["complete"]:
        # A report that silently leaves courses out would be believed.
        raise CommandError(
            "The token does not hold every course: split them among several programs."
        )
    rows = []
    for course in found["courses"]:
        points = defaultdict(list)
        for grade in gradebook.grades_of(course["id"]):
            points[grade["exercise"]["title"]].append(grade["points"])
        for title, each in points.items():
            rows.append((course["code"], plain(title), len(each), f"{sum(each) / len(each):.1f}"))
    return rows
