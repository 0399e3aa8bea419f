"""A revoke that is committed while everybody is migrated is never undone."""

import itertools
import random
import threading

import pytest
from django.db import connection

from authmigration import backfill
from tests.authmigration.rows import captured

from .crowds import crowd, differing, subjects

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

SIZE = 400
WRITERS = 3
UNDONE = """
    SELECT a.subject FROM authmigration_assignment a
    JOIN authmigration_subjectstate s ON s.subject = a.subject AND s.status = 'migrated'
    WHERE a.source = 'courses.Enrolment'
        AND NOT EXISTS (SELECT 1 FROM authmigration_changemark m WHERE m.subject = a.subject)
        AND NOT EXISTS (
            SELECT 1 FROM courses_enrolment e WHERE e.status = 'active'
                AND e.student_id::text = a.subject AND e.course_id::text = a.context_id
        )
"""


class Host:
    """Threads that revoke and grant, and one that looks for a revoke that was undone."""

    def __init__(self, people):
        self.people = people
        self.over = threading.Event()
        self.undone, self.looks, self.revokes = [], 0, itertools.count()
        self.threads = [threading.Thread(target=self.write, args=(n,)) for n in range(WRITERS)]
        self.threads.append(threading.Thread(target=self.look))

    def __enter__(self):
        for each in self.threads:
            each.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        for each in self.threads:
            each.join()

    def write(self, seed):
        chosen = random.Random(seed)
        with connection.cursor() as cursor:
            while not self.over.is_set():
                status = chosen.choice(["withdrawn", "withdrawn", "active"])
                cursor.execute(
                    "UPDATE courses_enrolment SET status = %s WHERE student_id = %s",
                    [status, chosen.choice(self.people)],
                )
                next(self.revokes)
        connection.close()

    def look(self):
        with connection.cursor() as cursor:
            while not self.over.is_set():
                # One statement sees one moment: facts, marks and legacy rows as of the same commit.
                cursor.execute(UNDONE)
                self.undone += cursor.fetchall()
                self.looks += 1
        connection.close()


def test_a_revoke_committed_during_the_backfill_is_never_undone():
    crowd(SIZE)

    with captured():
        with Host([int(s) for s in subjects()]) as host:
            report = backfill.run(workers=2, chunk_size=40)
        backfill.resync_stale()

        assert host.undone == []
        assert (host.looks > 5, next(host.revokes) > 20) == (True, True)
        assert report.total == SIZE
        assert differing() == []
