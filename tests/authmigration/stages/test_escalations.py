"""A fault of the central policy, found while it decides: the cohort goes back by itself."""

import pytest
from django.db import transaction

from authmigration import Stage, check, registry, shadow
from authmigration.errors import StageRefused
from authmigration.models import AuditEvent, Mismatch
from authmigration.rollout import stage_of
from authmigration.shadow import mismatches
from authmigration.stages import set_stage
from authmigration.subjects import subject_of
from tests.authmigration import faults, worlds
from tests.authmigration.rows import captured, sync

pytestmark = pytest.mark.django_db(transaction=True)

WHO = {"actor": "test", "reason": "a test"}


@pytest.fixture
def campus(settings, transactional_db):
    """Two schools at enforce under a policy that lets students edit, everybody compared."""
    settings.AUTHMIGRATION = {**settings.AUTHMIGRATION, "ENFORCE_SAMPLE": 1}
    with registry.override(faults.students_may_edit()), captured():
        yield [learner_of(worlds.course(worlds.school())) for _ in range(2)]


def learner_of(course):
    anna = worlds.user()
    worlds.enrol(anna, course)
    sync(anna)
    return anna, course


def stage(who):
    return stage_of(subject_of(who)).stage


def enforce(*cohorts):
    for cohort in cohorts:
        set_stage(cohort, Stage.ENFORCE, **WHO)


def edit(who, course):
    return check(who, "course.edit", course).allowed


def test_a_confirmed_escalation_sets_its_cohort_back_and_no_other(campus):
    (anna, algebra), (bert, biology) = campus
    enforce(f"school:{algebra.school_id}", f"school:{biology.school_id}")

    answers = [edit(anna, algebra), edit(anna, algebra)]

    assert answers == [True, False]
    assert (stage(anna), stage(bert)) == (Stage.SHADOW, Stage.ENFORCE)
    event = AuditEvent.objects.get(action="set_back")
    assert event.detail["cohort"] == f"unit:school:{algebra.school_id}"
    assert Mismatch.objects.get().fingerprint in event.reason


@pytest.mark.parametrize("cohort", ["everyone", "100%", "user"])
def test_any_kind_of_cohort_is_set_back(campus, cohort):
    (anna, algebra), _ = campus
    enforce(f"user:{anna.pk}" if cohort == "user" else cohort)

    edit(anna, algebra)

    assert stage(anna) is Stage.SHADOW


def test_somebody_in_two_cohorts_goes_back_in_both(campus):
    """The higher stage would win, so that one of two would leave the fault in force."""
    (anna, algebra), _ = campus
    enforce("everyone", f"school:{algebra.school_id}")

    for _ in range(3):
        edit(anna, algebra)

    assert stage(anna) is Stage.SHADOW
    assert not edit(anna, algebra)


def test_the_cohort_stays_where_the_setting_says_so(campus, settings):
    (anna, algebra), _ = campus
    settings.AUTHMIGRATION = {**settings.AUTHMIGRATION, "SET_BACK": False}
    enforce("everyone")

    edit(anna, algebra)

    assert stage(anna) is Stage.ENFORCE
    assert Mismatch.objects.get().kind == "escalation"


def test_a_lockout_sets_nobody_back(campus):
    teacher = worlds.user(is_teacher=True)
    _, (_, biology) = campus
    with registry.override(faults.teachers_may_not_withdraw()):
        biology.owner = teacher
        biology.save()
        sync(teacher)
        enforce("everyone")

        assert not check(teacher, "course.withdraw", biology)

    assert Mismatch.objects.get().kind == "lockout"
    assert stage(teacher) is Stage.ENFORCE


def test_in_shadow_an_escalation_blocks_promotion_until_it_is_dealt_with(campus):
    (anna, algebra), _ = campus
    set_stage("everyone", Stage.SHADOW, **WHO)

    assert not edit(anna, algebra)
    with pytest.raises(StageRefused, match=f"{faults.HERE}:"):
        enforce("everyone")
    mismatches.resolve(Mismatch.objects.get().pk, actor="anna", reason="the policy was corrected")
    enforce("everyone")

    assert stage(anna) is Stage.ENFORCE


def test_an_escalation_found_inside_a_transaction_sets_back_after_it(campus):
    (anna, algebra), _ = campus
    enforce("everyone")

    with transaction.atomic():
        edit(anna, algebra)
        transaction.set_rollback(True)
    shadow.flush()

    assert stage(anna) is Stage.SHADOW
