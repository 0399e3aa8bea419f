"""Setting the stage of a cohort: whom it reaches, what it refuses, and what it leaves behind."""

import pytest

from authmigration import Stage
from authmigration.errors import CaptureMissing, MissingReason, StageRefused, UnknownStage
from authmigration.models import AuditEvent, Mismatch
from authmigration.rollout import stage_of
from authmigration.stages import cap_stage, set_back, set_stage
from authmigration.subjects import Subject, subject_of
from feature_flags import InvalidCohort, UnknownCohort
from tests.authmigration import worlds
from tests.authmigration.rows import toolkit_rows

pytestmark = pytest.mark.django_db

WHO = {"actor": "test", "reason": "a test"}


def stage(who):
    return stage_of(subject_of(who)).stage


@pytest.fixture
def read_once(settings):
    """Read the flags when somebody changes them, and not at each of many questions."""
    settings.FEATURE_FLAGS = {**settings.FEATURE_FLAGS, "SNAPSHOT_SECONDS": 60}


def of_cohort(kind, north, learner):
    worlds.registrar(learner)
    return {
        "everyone": "everyone",
        "unit": f"school:{north.pk}",
        "group": "group:registrars",
        "user": f"user:{learner.pk}",
        "all": "100%",
    }[kind]


@pytest.mark.parametrize("kind", ["everyone", "unit", "group", "user", "all"])
@pytest.mark.parametrize("wanted", [Stage.SHADOW, Stage.ENFORCE])
def test_a_cohort_may_be_named_in_five_ways(captures, north, learner, kind, wanted):
    cohort = of_cohort(kind, north, learner)

    set_stage(cohort, wanted, **WHO)
    up = stage(learner)
    set_stage(cohort, Stage.OFF, **WHO)

    assert (up, stage(learner)) == (wanted, Stage.OFF)


@pytest.mark.parametrize("kind", ["unit", "group", "user"])
def test_whoever_is_not_in_the_cohort_stays_where_they_are(north, learner, biology, kind):
    other = worlds.user()
    worlds.enrol(other, biology)

    set_stage(of_cohort(kind, north, learner), Stage.SHADOW, **WHO)

    assert (stage(learner), stage(other)) == (Stage.SHADOW, Stage.OFF)


def test_of_several_cohorts_the_highest_stage_counts(captures, north, learner):
    set_stage("everyone", Stage.SHADOW, **WHO)
    set_stage(f"school:{north.pk}", Stage.ENFORCE, **WHO)

    assert stage(learner) is Stage.ENFORCE


def test_a_cap_beats_every_cohort_and_may_be_taken_away(captures, north, learner):
    set_stage("everyone", Stage.ENFORCE, **WHO)

    found = []
    for most in (Stage.SHADOW, Stage.OFF, Stage.ENFORCE, Stage.RETIRED):
        cap_stage(f"school:{north.pk}", most, **WHO)
        found.append(stage(learner))

    assert found == [Stage.SHADOW, Stage.OFF, Stage.ENFORCE, Stage.ENFORCE]


def test_a_cap_reaches_its_cohort_alone(captures, north, learner, biology):
    other = worlds.user()
    worlds.enrol(other, biology)
    set_stage("everyone", Stage.ENFORCE, **WHO)

    cap_stage(f"school:{north.pk}", Stage.SHADOW, **WHO)

    assert (stage(learner), stage(other)) == (Stage.SHADOW, Stage.ENFORCE)


def test_somebody_in_two_schools_is_on_only_if_both_are(north, south, algebra, biology):
    both = worlds.user()
    worlds.enrol(both, algebra)
    worlds.enrol(both, biology)

    set_stage(f"school:{north.pk}", Stage.SHADOW, **WHO)
    one = stage(both)
    set_stage(f"school:{south.pk}", Stage.SHADOW, **WHO)

    assert (one, stage(both)) == (Stage.OFF, Stage.SHADOW)


def test_whoever_is_at_enforce_by_a_percentage_is_at_shadow_by_one_of_the_same_draw(
    captures, read_once
):
    set_stage("50%", Stage.SHADOW, **WHO)
    set_stage("25%", Stage.ENFORCE, **WHO)

    people = [Subject(str(number)) for number in range(400)]
    enforced = {s.id for s in people if stage_of(s).stage is Stage.ENFORCE}
    shadowed = {s.id for s in people if stage_of(s).stage is Stage.SHADOW}
    set_stage("25%", Stage.OFF, **WHO)
    set_stage("50%", Stage.SHADOW, **WHO)
    after = {s.id for s in people if stage_of(s).stage is Stage.SHADOW}

    assert 60 < len(enforced) < 140
    assert enforced | shadowed == after


def test_a_larger_percentage_loses_nobody(read_once):
    people = [Subject(str(number)) for number in range(200)]
    reached = []
    for percentage in ("5%", "25%", "60%"):
        set_stage(percentage, Stage.SHADOW, **WHO)
        reached.append({s.id for s in people if stage_of(s).stage is Stage.SHADOW})

    assert reached[0] < reached[1] < reached[2]


def test_at_a_percentage_no_school_is_mixed(captures):
    members = {}
    for _ in range(8):
        here = worlds.course(worlds.school())
        members[here] = [worlds.user() for _ in range(3)]
        for who in members[here]:
            worlds.enrol(who, here)

    set_stage("50%", Stage.ENFORCE, **WHO)

    by_school = [{stage(who) for who in people} for people in members.values()]
    assert {len(stages) for stages in by_school} == {1}
    assert {s for stages in by_school for s in stages} == {Stage.OFF, Stage.ENFORCE}


def test_a_stage_is_taken_with_those_below_it(captures, learner):
    set_stage("everyone", Stage.ENFORCE, **WHO)
    set_stage("everyone", Stage.SHADOW, **WHO)

    assert stage(learner) is Stage.SHADOW


def test_a_change_of_stage_is_told_with_who_and_why(north):
    set_stage(f"school:{north.pk}", Stage.SHADOW, actor="anna", reason="first school")
    cap_stage(f"school:{north.pk}", Stage.OFF, actor="bert", reason="exams")

    told = AuditEvent.objects.order_by("id").values_list("action", "actor", "reason", "detail")
    assert list(told) == [
        (
            "stage",
            "anna",
            "first school",
            {
                "cohort": f"unit:school:{north.pk}",
                "before": "off",
                "after": "shadow",
                "retired": 0,
            },
        ),
        ("cap", "bert", "exams", {"cohort": f"unit:school:{north.pk}", "at_most": "off"}),
    ]


def everything():
    return toolkit_rows()


@pytest.mark.parametrize(
    ("cohort", "error", "says"),
    [
        ("school:999", UnknownCohort, "schools.School has no row with that id"),
        ("school:x", UnknownCohort, "schools.School has no row with that id"),
        ("group:gardeners", UnknownCohort, "no group is called 'gardeners'"),
        ("user:999999", UnknownCohort, "no user has that id"),
        ("nobody knows", UnknownCohort, "nobody knows"),
        ("101%", InvalidCohort, "101"),
    ],
)
def test_a_cohort_that_does_not_exist_is_refused(cohort, error, says):
    before = everything()

    with pytest.raises(error, match=says):
        set_stage(cohort, Stage.SHADOW, **WHO)

    assert everything() == before


def test_an_unknown_cohort_says_how_cohorts_are_written():
    with pytest.raises(UnknownCohort, match="Write everyone, 25%, <context type>:<id>"):
        set_stage("school:999", Stage.SHADOW, **WHO)


def test_a_stage_that_does_not_exist_is_refused():
    with pytest.raises(UnknownStage, match="'on' is no stage; use one of off, shadow, enforce"):
        Stage.named("on")


@pytest.mark.parametrize("given", [{}, {"actor": "x"}, {"reason": "y"}])
def test_without_who_and_why_no_stage_is_set(given):
    for act in (set_stage, cap_stage):
        with pytest.raises(MissingReason):
            act("everyone", Stage.SHADOW, **given)


def test_enforcing_is_refused_while_changes_go_unseen(learner):
    before = everything()

    with pytest.raises(CaptureMissing, match=r"courses_enrolment.*authz_capture install"):
        set_stage("everyone", Stage.ENFORCE, **WHO)

    assert everything() == before
    assert stage(learner) is Stage.OFF
    set_stage("everyone", Stage.SHADOW, **WHO)


def escalation(**columns):
    return Mismatch.objects.create(
        fingerprint="abc",
        kind="escalation",
        permission="course.edit",
        context_type="course",
        origin="monolith/courses/authz.py:17",
        **columns,
    )


def test_an_open_escalation_stands_in_the_way(captures, learner):
    row = escalation()

    with pytest.raises(StageRefused, match=r"escalation abc is open \(course.edit on course"):
        set_stage("everyone", Stage.ENFORCE, **WHO)

    assert stage(learner) is Stage.OFF
    Mismatch.objects.update(resolved_at=row.last_seen)
    set_stage("everyone", Stage.ENFORCE, **WHO)
    assert stage(learner) is Stage.ENFORCE


def test_an_open_escalation_does_not_stand_in_the_way_back(captures, learner):
    set_stage("everyone", Stage.ENFORCE, **WHO)
    escalation()

    set_stage("everyone", Stage.SHADOW, **WHO)

    assert stage(learner) is Stage.SHADOW


@pytest.mark.parametrize("kind", ["intended", "expected", "lockout"])
def test_other_differences_do_not(captures, kind):
    escalation()
    Mismatch.objects.update(kind=kind)

    assert set_stage("everyone", Stage.ENFORCE, **WHO).stage is Stage.ENFORCE


def test_setting_back_lowers_the_cohort_of_a_rule_and_says_why(
    captures, north, learner, django_capture_on_commit_callbacks
):
    set_stage(f"school:{north.pk}", Stage.ENFORCE, **WHO)
    rule = stage_of(subject_of(learner)).rule

    with django_capture_on_commit_callbacks(execute=True):
        set_back(rule, "confirmed escalation abc")

    assert stage(learner) is Stage.SHADOW
    event = AuditEvent.objects.get(action="set_back")
    assert (event.actor, event.reason) == ("authmigration.shadow", "confirmed escalation abc")


def test_setting_back_twice_is_told_once(captures, north, django_capture_on_commit_callbacks):
    set_stage("everyone", Stage.ENFORCE, **WHO)

    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(2):
            set_back("admit everyone", "confirmed escalation abc")

    assert AuditEvent.objects.filter(action="set_back").count() == 1
