"""A difference is looked at once more, at one moment, with rows as they stand then."""

import pytest

from authmigration import Stage, pinned, shadow
from authmigration.decisions import answers
from authmigration.decisions.confirming import settled
from authmigration.decisions.targets import Target, target_of
from authmigration.models import Mismatch
from authmigration.registry import get
from authmigration.rollout.overrides import forced
from authmigration.subjects import subject_of
from monolith.accounts.models import User
from monolith.courses.models import Course, Enrolment
from tests.authmigration import worlds
from tests.authmigration.rows import captured, sync

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def algebra(db):
    return worlds.course(worlds.school())


@pytest.fixture
def learner(algebra):
    """Enrolled and migrated; what happens to them from here on is captured."""
    anna = worlds.user()
    worlds.enrol(anna, algebra)
    with captured(), forced(Stage.SHADOW):
        sync(anna)
        yield anna


def pair_of(snapshot, course):
    target = target_of(get(), course)
    return answers._pair(snapshot, "course.view", Target(target.declared, target.first), None)


def test_both_answers_are_given_where_nothing_changes(learner, algebra):
    found = settled(subject_of(learner), lambda snapshot: pair_of(snapshot, algebra))

    assert (found.control, found.candidate.allowed) == (True, True)


def test_a_revoke_between_candidate_and_control_is_no_escalation(learner, algebra):
    def looked_at_while_it_is_taken_away(snapshot):
        Enrolment.objects.update(status="withdrawn")
        found = pair_of(snapshot, algebra)
        assert (found.control, found.candidate.allowed) == (False, True)
        return found

    assert settled(subject_of(learner), looked_at_while_it_is_taken_away) is None


def test_a_change_that_nobody_follows_yet_is_no_difference(learner, algebra, monkeypatch):
    """The second snapshot is stale, so that nothing can be said."""

    def looked_at_while_marked(snapshot):
        Enrolment.objects.update(status="withdrawn")
        monkeypatch.setattr("authmigration.lazy_migration.on_access.synchronise", busy)
        return pair_of(snapshot, algebra)

    def busy(*_, **__):
        raise OSError("no")

    assert settled(subject_of(learner), looked_at_while_marked) is None


def test_the_old_check_is_asked_with_the_user_as_it_stands_now(learner):
    User.objects.filter(pk=learner.pk).update(is_teacher=True)
    seen = []

    settled(subject_of(learner), lambda snapshot: seen.append(snapshot.subject.user.is_teacher))

    assert (learner.is_teacher, seen) == (False, [True])


def test_parents_are_looked_up_anew(learner, algebra):
    other = worlds.school()
    seen = []
    with pinned() as pin:
        subject = subject_of(learner)
        context = target_of(get(), f"course:{algebra.pk}")
        assert str(context.lineage()[1]) == f"school:{algebra.school_id}"
        Course.objects.update(school=other)
        before = dict(pin.parents)

        settled(subject, lambda _: seen.append(context.lineage()[1]))

        assert pin.parents == before
    assert [str(parent) for parent in seen] == [f"school:{other.pk}"]


def test_whoever_is_gone_has_no_answers(learner, algebra):
    User.objects.filter(pk=learner.pk).delete()

    assert settled(subject_of(learner), lambda _: pytest.fail("asked")) is None


def test_a_grant_that_the_request_has_not_seen_sets_nobody_back(learner, algebra):
    """The row of the user was read before the flag was set, and the old check reads that row."""
    User.objects.filter(pk=learner.pk).update(is_superuser=True)

    answers.answer(get(), subject_of(learner), "course.edit", target_of(get(), algebra))

    shadow.flush()
    assert not Mismatch.objects.exists()
