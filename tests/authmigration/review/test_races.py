"""Several seconds of everything at once: what is committed is seen, and nothing of it undone."""

import random
import time
from contextlib import suppress

import pytest
from django.db import connection, transaction

from authmigration import (
    Stage,
    assign,
    backfill,
    capture,
    check,
    filter_queryset,
    is_authorized,
    pinned,
    prefetch,
    unassign,
)
from authmigration.errors import Busy
from authmigration.reconcile import drifts
from authmigration.rollout.overrides import forced
from monolith.courses.authz import STUDENT, TA
from monolith.courses.models import Course, Enrolment
from tests.authmigration import worlds
from tests.authmigration.rows import captured, know_the_mapping
from tests.authmigration.threads import together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

SECONDS = 6.0
ACT = {"actor": "a test", "reason": "to be seen"}


class Campus:
    """Students, each of whom comes and goes on one course, and may assist on the others."""

    def __init__(self) -> None:
        school = worlds.school()
        self.courses = [worlds.course(school) for _ in range(4)]
        self.people = [worlds.user() for _ in range(4)]
        self.until = time.monotonic() + SECONDS
        self.wrong: list[str] = []
        self.rounds = 0

    def come_and_go(self, number: int) -> None:
        """Ask after each commit on the same thread, as the next request of that user would."""
        chance = random.Random(number)
        who, course = self.people[number], self.courses[number]
        while time.monotonic() < self.until:
            worlds.enrol(who, course)
            if not check(who, "lecture.view", course):
                self.wrong.append(f"{number} was enrolled and may not look")
            self.leave(who, course, chance)
            if check(who, "lecture.view", course) or is_authorized(
                who, "course", course.pk, "student"
            ):
                self.wrong.append(f"{number} has left and may look")
            self.rounds += 1

    def leave(self, who, course, chance) -> None:
        mine = Enrolment.objects.filter(student=who, course=course)
        how = chance.choice(["withdrawn", "deleted", "unassigned"])
        if how == "withdrawn":
            with transaction.atomic():
                mine.update(status="withdrawn")
                time.sleep(chance.random() / 50)
        elif how == "deleted":
            with connection.cursor() as cursor:
                cursor.execute("DELETE FROM courses_enrolment WHERE student_id = %s", [who.pk])
        else:
            with suppress(Busy):
                unassign(who, STUDENT, course, **ACT)
            mine.filter(status="active").update(status="withdrawn")

    def bustle(self, number: int) -> None:
        """Do to anybody whatever others may do at the same time."""
        chance = random.Random(100 + number)
        works = [self.appoint, self.dismiss, self.look, self.tidy, self.follow, self.take_back]
        while time.monotonic() < self.until:
            place = chance.randrange(len(self.people))
            others = [c for n, c in enumerate(self.courses) if n != place]
            with suppress(Busy):
                chance.choice(works)(self.people[place], chance.choice(others))

    def appoint(self, who, course) -> None:
        assign(who, TA, course, **ACT)

    def dismiss(self, who, course) -> None:
        unassign(who, TA, course, **ACT)

    def look(self, who, course) -> None:
        with pinned():
            prefetch(self.people)
            check(who, "lecture.view", course)
            list(filter_queryset(who, "lecture.view", Course.objects.all()))

    def tidy(self, who, course) -> None:
        capture.compact()
        capture.thin()
        capture.raise_epoch(None, "a test")

    def follow(self, who, course) -> None:
        backfill.resync_stale(5)

    def take_back(self, who, course) -> None:
        with pinned(), transaction.atomic():
            check(who, "lecture.view", course)
            assign(who, TA, course, **ACT)
            transaction.set_rollback(True)


def test_whoever_asks_after_a_commit_is_answered_by_it():
    know_the_mapping()
    campus = Campus()
    students = [lambda n=n: campus.come_and_go(n) for n in range(len(campus.people))]
    others = [lambda n=n: campus.bustle(n) for n in range(3)]
    with captured(), forced(Stage.ENFORCE):
        together(*students, *others)
        backfill.resync_stale()
        found = list(drifts([str(who.pk) for who in campus.people], using="default"))
    assert campus.wrong == []
    assert not [drift for drift in found if drift or drift.pending]
    assert campus.rounds > 0
