"""The whole state, and its sentence."""

import pytest

from authmigration import capture, counters, progress, trail
from authmigration.models import ChangeMark, Mismatch
from authmigration.rollout import Stage, killing, writing
from authmigration.rollout.telling import StageRules
from tests.authmigration import worlds

from .states import migrate, one_in_each_state

pytestmark = pytest.mark.django_db
BY = trail.Authorship("test", "a test")


def sentence(**status):
    return progress.sentence(progress.status(**status))


def test_before_anything_is_set_the_stage_is_off_for_everyone():
    assert sentence() == "Off for everyone; 0 of 0 migrated; not killed."


def test_the_sentence_names_each_cohort_at_its_highest_stage():
    school = worlds.school()
    writing.write_stage("everyone", Stage.SHADOW, BY)
    writing.write_stage(f"unit:school:{school.pk}", Stage.ENFORCE, BY)
    writing.write_stage("25%", Stage.ENFORCE, BY)
    migrate(worlds.user())
    worlds.user()

    assert sentence() == (
        f"Shadow for everyone, enforce for school:{school.pk} and 25 %; "
        "1 of 2 migrated; not killed."
    )


def test_the_sentence_says_who_is_kept_below_a_stage():
    writing.write_stage("everyone", Stage.ENFORCE, BY)
    writing.cap("subject:9", Stage.SHADOW, BY)

    assert sentence().startswith("Enforce for everyone, user:9 kept below enforce; ")


def test_the_sentence_says_who_is_retired_and_who_is_out_of_a_kills_reach():
    one_in_each_state()

    assert "2 of 6 migrated (1 retired)" in sentence()


def test_the_sentence_says_that_a_ceiling_holds(settings):
    writing.write_stage("everyone", Stage.ENFORCE, BY)
    settings.AUTHMIGRATION = {"CEILING": "shadow"}

    assert sentence().startswith("Enforce for everyone, nobody above shadow; ")


def test_the_sentence_says_that_nothing_is_read(settings):
    settings.AUTHMIGRATION = {"CEILING": "off"}

    assert sentence().startswith("Nothing is read, since the ceiling is off; ")


def test_the_sentence_says_by_what_and_why_the_stages_are_killed():
    killing.kill(actor="anna", reason="grades are gone")

    assert "; KILLED by the switch since 20" in sentence()
    assert sentence().endswith("UTC: grades are gone.")


def test_the_status_tells_what_waits():
    migrate(worlds.user())
    ChangeMark.objects.create(subject="7", source="x")
    ChangeMark.objects.create(subject="", source="x")
    ChangeMark.objects.create(subject="", source="x")

    assert progress.status().marks == progress.Marks(epoch=2, subjects=1, epochs=2)


def test_the_mapping_has_no_version_before_its_first_user_and_looking_gives_it_none():
    assert progress.status().mapping.version is None
    assert progress.status().mapping.newest is None

    migrate(worlds.user())

    assert progress.status().mapping.version == progress.status().mapping.newest == 1


def test_comparisons_are_those_of_the_counters_and_open_mismatches_those_not_resolved():
    counters.tally("checks", "equal", 41)
    counters.tally("checks", "lockout", 2)
    counters.flush(using="default")
    rows = [("a", "lockout"), ("b", "lockout"), ("c", "escalation")]
    for fingerprint, kind in rows:
        Mismatch.objects.create(
            fingerprint=fingerprint, kind=kind, permission="course.edit", context_type="course"
        )
    Mismatch.objects.filter(fingerprint="b").update(resolved_at="2026-01-01T00:00Z")

    found = progress.status().comparisons

    assert found.ended["equal"] == 41
    assert found.ended["lockout"] == 2
    assert found.ended["raced"] == 0
    assert found.open == {"escalation": 1, "lockout": 1, "intended": 0, "expected": 0}


def test_the_json_has_the_keys_that_programs_rely_on():
    worlds.school()
    writing.write_stage("everyone", Stage.SHADOW, BY)
    found = progress.status().as_json()

    assert set(found) == {
        "kill",
        "ceiling",
        "stages",
        "capture",
        "mapping",
        "subjects",
        "marks",
        "comparisons",
        "open_mismatches",
        "cohorts",
        "units",
    }
    assert set(found["subjects"]) == {"total", "over_limit", *progress.STATES}
    assert set(found["units"][0]) == {"unit", "stage", *found["subjects"]}
    assert set(found["cohorts"][0]) == {"cohort", "stage", "note", "counts"}
    assert set(found["cohorts"][0]["counts"]) == set(found["subjects"])
    assert set(found["kill"]) == {"on", "by", "reason", "since"}
    assert set(found["mapping"]) == {"hash", "version", "newest"}
    assert set(found["capture"][0]) == {"table", "state", "reason"}
    assert [each["stage"] for each in found["stages"]] == ["shadow", "enforce", "retired"]


def test_capture_is_told_table_by_table():
    before = {each.state for each in progress.status().capture}
    capture.install()

    assert before == {capture.TableState.MISSING}
    assert {each.state for each in progress.status().capture} == {capture.TableState.INSTALLED}


def test_the_rules_of_each_flag_are_told_as_an_administrator_writes_them():
    writing.write_stage("subject:9", Stage.ENFORCE, BY)
    writing.cap("unit:school:7", Stage.OFF, BY)

    shadow, enforce, retired = progress.status().stages

    assert shadow == StageRules(Stage.SHADOW, "authz_shadow", ("user:9",), ("school:7",))
    assert enforce == StageRules(Stage.ENFORCE, "authz_enforce", ("user:9",), ())
    assert retired.admits == ()
