"""Many at once on PostgreSQL: each user migrated once, nobody kept waiting, nothing lost."""

from functools import partial
from threading import Lock

import pytest
from django.db import connection, transaction

from authmigration import Stage, assign, check, counters, unassign
from authmigration.assignments import Outcome, claims
from authmigration.errors import Busy
from authmigration.models import Assignment, AuditEvent, ChangeMark, SubjectState
from authmigration.rollout.overrides import forced
from authmigration.snapshots import snapshot_of
from authmigration.subjects import subject_of
from monolith.accounts.models import User
from monolith.courses.authz import STUDENT, TA
from monolith.courses.models import Enrolment
from tests.authmigration import worlds
from tests.authmigration.rows import facts, is_fresh, know_the_mapping, outcome, roles, state, sync
from tests.authmigration.threads import Pause, timed, together

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

THREADS, USERS, ROUNDS = 12, 100, 8


@pytest.fixture
def algebra(transactional_db):
    know_the_mapping()
    return worlds.course(worlds.school())


@pytest.fixture
def learner(algebra):
    anna = worlds.user()
    worlds.enrol(anna, algebra)
    return anna


@pytest.fixture
def people(algebra):
    made = User.objects.bulk_create([User(username=f"p{n}") for n in range(USERS)])
    Enrolment.objects.bulk_create([Enrolment(student=who, course=algebra) for who in made])
    return made


def first_access(people):
    return [snapshot_of(subject_of(who)).world for who in people]


def test_twelve_threads_migrate_a_hundred_users_once_each(people, settings):
    given = {"LAZY_CONCURRENCY": THREADS, "LAZY_BUDGET": 30}
    settings.AUTHMIGRATION = {**settings.AUTHMIGRATION, **given}
    with forced(Stage.ENFORCE):
        worlds_of_all = together(*[partial(first_access, people)] * THREADS)

    assert {world for worlds in worlds_of_all for world in worlds} <= {"central", "legacy"}
    assert SubjectState.objects.filter(status="migrated", generation=1).count() == USERS
    assert AuditEvent.objects.filter(action="migrate").count() == USERS
    assert Assignment.objects.count() == USERS
    assert counters._tallies.counts["lazy", "migrated"] == USERS
    assert counters._tallies.counts["lazy", "error"] == 0
    assert not ChangeMark.objects.exists()


def test_a_dozen_losers_wait_for_nobody(learner, algebra):
    pause = Pause()

    def hold():
        with transaction.atomic():
            claims.claim([str(learner.pk)], using="default", version=1)
            pause.stop()

    with forced(Stage.ENFORCE):
        check(worlds.user(), "course.view", algebra)
        with pause.while_stopped(hold):
            answers = together(
                *[lambda: timed(lambda: check(learner, "course.view", algebra))] * THREADS
            )

    assert [found.world for _, found in answers] == ["legacy"] * THREADS
    assert max(seconds for seconds, _ in answers) < 3


def test_with_a_lock_that_waits_the_losers_would_wait(learner, algebra, monkeypatch):
    waiting = claims._POSTGRESQL.replace(
        "pg_try_advisory_xact_lock({key})", "pg_advisory_xact_lock({key}) IS NOT NULL"
    )
    assert waiting != claims._POSTGRESQL
    pause = Pause()

    def hold():
        with transaction.atomic():
            claims.claim([str(learner.pk)], using="default", version=1)
            pause.stop()

    with pause.while_stopped(hold):
        monkeypatch.setattr(claims, "_POSTGRESQL", waiting)
        with pytest.raises(Exception, match="statement timeout"), transaction.atomic():
            limited(lambda: claims.claim([str(learner.pk)], using="default", version=1))


def limited(work):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 300")
    return work()


def test_without_the_lock_two_would_migrate_one_user_at_once(learner, monkeypatch):
    """The comparison of revisions is the second lock; only one of them writes all the same."""
    free = claims._POSTGRESQL.replace("pg_try_advisory_xact_lock({key})", "{key} IS NOT NULL")
    assert free != claims._POSTGRESQL
    monkeypatch.setattr(claims, "_POSTGRESQL", free)

    def race():
        try:
            return outcome(learner)
        except Busy:
            return Outcome.BUSY

    for _ in range(ROUNDS):
        SubjectState.objects.all().delete()
        Assignment.objects.all().delete()
        found = together(race, race)
        assert Outcome.MIGRATED in found
        assert state(learner).revision == 1 + found.count(Outcome.UNCHANGED)
    assert roles(learner) == {"student"}


def quietly(work, *given, **named):
    """Take part in a race that somebody else may win."""
    try:
        return work(*given, **named)
    except Busy:
        return None


def test_an_assignment_beside_a_synchronisation_is_never_lost(learner, algebra):
    for number in range(ROUNDS):
        Enrolment.objects.update(kind=(10, 5)[number % 2])
        together(
            lambda: assign(learner, TA, algebra, actor="test", reason="help"),
            lambda: quietly(sync, learner),
        )
        sync(learner)

        assert f"ta in course:{algebra.pk} (native)" in facts(learner)
        unassign(learner, TA, algebra, actor="test", reason="done")
        assert roles(learner) == {("student", "mentor")[number % 2]}


def test_a_revoke_beside_a_synchronisation_is_never_undone(learner, algebra):
    for _ in range(ROUNDS):
        Enrolment.objects.update(status="active")
        quietly(sync, learner)
        together(
            lambda: unassign(learner, STUDENT, algebra, actor="test", reason="left"),
            lambda: quietly(sync, learner),
        )

        assert roles(learner) == set()
        assert not Enrolment.objects.filter(status="active").exists()


def test_two_assignments_to_one_subject_both_hold(learner, algebra):
    biology = worlds.course(algebra.school)
    for _ in range(ROUNDS):
        together(
            lambda: assign(learner, TA, algebra, actor="test", reason="help"),
            lambda: assign(learner, TA, biology, actor="test", reason="help"),
        )

        found = {text for text in facts(learner) if text.startswith("ta ")}
        assert found == {f"ta in course:{each.pk} (native)" for each in (algebra, biology)}
        for each in (algebra, biology):
            unassign(learner, TA, each, actor="test", reason="done")


def test_two_synchronisations_of_many_agree(people):
    names = people[:20]
    done = []
    keep = Lock()

    def run(order):
        found = quietly(sync, *order)
        with keep:
            done.append(found)

    for number in range(5):
        Enrolment.objects.update(kind=(5, 10)[number % 2])
        together(partial(run, names), partial(run, names[::-1]))
        sync(*names)

        assert all(is_fresh(who) for who in names)
        assert {role for who in names for role in roles(who)} == {("mentor", "student")[number % 2]}
    assert Assignment.objects.count() == len(names)
