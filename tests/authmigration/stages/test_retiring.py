"""The point of no return: who may pass it, and that nobody comes back."""

import pytest
from django.utils import timezone

import feature_flags
from authmigration import Stage, assign, check, filter_queryset, unassign
from authmigration.assignments import Outcome
from authmigration.assignments.failing import record_failure
from authmigration.errors import StageRefused
from authmigration.models import AuditEvent, SubjectState
from authmigration.rollout import killing, stage_of
from authmigration.stages import Unretirable, retiring, set_stage, setting
from authmigration.subjects import subject_of
from monolith.courses.authz import STUDENT, TA
from monolith.courses.models import Course, Enrolment
from tests.authmigration import worlds
from tests.authmigration.rows import (
    facts,
    legacy_rows,
    mark,
    outcome,
    roles,
    state,
    sync,
    toolkit_rows,
)

pytestmark = pytest.mark.django_db

WHO = {"actor": "test", "reason": "a test"}


@pytest.fixture
def retired(captures, learner, north):
    sync(learner)
    set_stage(f"school:{north.pk}", Stage.RETIRED, **WHO)
    return learner


def test_a_whole_cohort_passes_at_once_and_is_counted(captures, learner, north, algebra):
    other = worlds.user()
    worlds.enrol(other, algebra)
    elsewhere = worlds.user()
    sync(learner, other, elsewhere)

    done = set_stage(f"school:{north.pk}", Stage.RETIRED, **WHO)

    assert (done.stage, done.retired) == (Stage.RETIRED, 2)
    assert [state(w).retired_at is not None for w in (learner, other, elsewhere)] == [
        True,
        True,
        False,
    ]
    event = AuditEvent.objects.get(action="retire")
    assert set(event.detail["subjects"]) == {str(learner.pk), str(other.pk)}


@pytest.mark.parametrize("how", ["unmigrated", "stale", "quarantined", "another mapping"])
def test_one_member_who_may_not_pass_holds_up_all(captures, learner, north, algebra, how):
    other = worlds.user()
    worlds.enrol(other, algebra)
    sync(learner, other)
    states = SubjectState.objects.filter(subject=str(other.pk))
    {
        "unmigrated": states.delete,
        "stale": lambda: mark(other),
        "quarantined": lambda: states.update(status="quarantined"),
        "another mapping": lambda: states.update(mapping_hash="older"),
    }[how]()
    before = toolkit_rows()

    with pytest.raises(Unretirable) as raised:
        set_stage(f"school:{north.pk}", Stage.RETIRED, **WHO)

    assert raised.value.subjects == (str(other.pk),)
    assert "After retiring there is no way back." in str(raised.value)
    assert toolkit_rows() == before
    assert stage_of(subject_of(learner)).stage is Stage.OFF


def test_whoever_becomes_stale_meanwhile_stops_it_and_nothing_is_written(
    captures, learner, north, monkeypatch
):
    sync(learner)
    require = setting.require_retirable

    def beaten(spec):
        members = require(spec)
        mark(learner)
        return members

    monkeypatch.setattr(setting, "require_retirable", beaten)

    with pytest.raises(Unretirable, match="The cohort cannot be retired"):
        set_stage(f"school:{north.pk}", Stage.RETIRED, **WHO)

    assert state(learner).retired_at is None
    assert stage_of(subject_of(learner)).stage is Stage.OFF
    assert not AuditEvent.objects.filter(action__in=["stage", "retire"]).exists()


def test_without_the_second_look_somebody_stale_would_pass(captures, learner, north, monkeypatch):
    monkeypatch.setattr(retiring, "_RETIRE", retiring._RETIRE.replace("AND NOT {marked}", ""))
    test = test_whoever_becomes_stale_meanwhile_stops_it_and_nothing_is_written

    with pytest.raises(pytest.fail.Exception, match="DID NOT RAISE"):
        test(captures, learner, north, monkeypatch)


def may_view(who, what):
    found = check(who, "course.view", what)
    return found.allowed, found.world, found.stage


def test_a_kill_does_not_reach_who_has_passed(retired, algebra):
    killing.kill(actor="test", reason="a fire")

    assert may_view(retired, algebra) == (True, "central", "retired")
    assert list(filter_queryset(retired, "course.view", Course.objects.all())) == [algebra]


def test_whoever_leaves_the_cohort_has_passed_all_the_same(retired, algebra, biology):
    Enrolment.objects.update(course=biology)

    assert may_view(retired, algebra) == (True, "central", "retired")


@pytest.mark.parametrize("stage", [Stage.ENFORCE, Stage.SHADOW, Stage.OFF])
def test_a_cohort_is_not_set_lower_again(retired, north, algebra, stage):
    before = toolkit_rows()

    with pytest.raises(StageRefused, match="was retired, after which there is no way back"):
        set_stage(f"school:{north.pk}", stage, **WHO)

    assert toolkit_rows() == before
    assert may_view(retired, algebra) == (True, "central", "retired")


@pytest.mark.parametrize("killed", [False, True])
def test_whoever_takes_the_rule_away_by_hand_brings_nobody_back(retired, north, algebra, killed):
    feature_flags.remove("authz_retired", f"unit:school:{north.pk}", **WHO)
    feature_flags.remove("authz_enforce", f"unit:school:{north.pk}", **WHO)
    feature_flags.remove("authz_shadow", f"unit:school:{north.pk}", **WHO)
    if killed:
        killing.kill(actor="test", reason="a fire")

    assert may_view(retired, algebra) == (True, "central", "retired")


def test_legacy_is_read_no_more(retired, algebra):
    Enrolment.objects.all().delete()
    mark(retired)
    mark(None)

    assert outcome(retired) is Outcome.RETIRED
    assert may_view(retired, algebra) == (True, "central", "retired")
    assert roles(retired) == {"student"}


def test_a_failure_is_counted_no_more(retired):
    before = toolkit_rows()

    record_failure(str(retired.pk), ValueError("unmapped"), using="default")

    assert toolkit_rows() == before


def test_changes_are_written_into_the_new_world_alone(retired, algebra, north):
    other = worlds.course(north)
    before = legacy_rows()

    given = assign(retired, STUDENT, other, **WHO)
    taken = unassign(retired, STUDENT, algebra, **WHO)

    assert legacy_rows() == before
    assert (given.sources, taken.changed) == ((), True)
    assert facts(retired) == {f"student in course:{other.pk} (native)"}
    assert state(retired).retired_at is not None
    assert may_view(retired, other)[0]
    assert not may_view(retired, algebra)[0]


def test_what_is_held_already_is_known_to_be(retired, algebra):
    assert not assign(retired, STUDENT, algebra, **WHO).changed
    assert assign(retired, TA, algebra, **WHO).changed


def test_whoever_has_passed_passes_again_without_being_counted(retired, north, algebra):
    late = worlds.user()
    worlds.enrol(late, algebra)
    sync(late)

    assert set_stage(f"school:{north.pk}", Stage.RETIRED, **WHO).retired == 1
    assert state(late).retired_at is not None


def test_a_newcomer_of_the_cohort_is_decided_by_the_central_world(retired, algebra):
    late = worlds.user()
    worlds.enrol(late, algebra)
    sync(late)

    assert may_view(late, algebra) == (True, "central", "retired")
    assert state(late).retired_at is None


def test_a_kill_does_not_reach_a_newcomer_of_the_cohort_either(retired, algebra):
    """The legacy tables are dead for the whole cohort, whoever has been marked."""
    late = worlds.user()
    worlds.enrol(late, algebra)
    sync(late)

    killing.kill(actor="test", reason="a fire")

    assert may_view(late, algebra) == (True, "central", "retired")


def test_the_point_of_no_return_needs_the_triggers_too(learner, north):
    sync(learner)

    with pytest.raises(Exception, match="authz_capture install"):
        set_stage(f"school:{north.pk}", Stage.RETIRED, **WHO)


def test_the_moment_is_kept(retired):
    assert abs((timezone.now() - state(retired).retired_at).total_seconds()) < 60
