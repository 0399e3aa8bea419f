"""The nightly import, whose raw SQL no signal sees and the capture does; the nightly task."""

import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from authmigration import check
from monolith.accounts.models import OutboxMail
from monolith.courses.models import Enrolment
from monolith.courses.tasks import close_ended_enrolments
from tests.authmigration.memories import forget_everything

HEADER = "user_name,course_code,kind,status\n"


@pytest.fixture
def imported(tmp_path):
    def run(*lines: str, header: str = HEADER) -> str:
        file = tmp_path / "tonight.csv"
        file.write_text(header + "".join(f"{line}\n" for line in lines), encoding="utf-8")
        stdout = io.StringIO()
        call_command("import_enrolments", str(file), stdout=stdout)
        return stdout.getvalue()

    return run


def places(user) -> list[tuple]:
    return list(user.enrolments.values_list("course__code", "kind", "status"))


def test_it_adds_places_and_changes_those_that_are_there(platform, imported):
    said = imported(
        "nobody,BIO,guest auditor,active",
        "learner,ALG,learner,withdrawn",
        "learner,ALG,mentor,active",
    )
    assert said == "1 changed, 2 added\n"
    assert places(platform["nobody"]) == [("BIO", 20, "active")]
    assert sorted(places(platform["learner"])) == [("ALG", 5, "active"), ("ALG", 10, "withdrawn")]
    assert not OutboxMail.objects.exists()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("nobdy,ALG,learner,active", r"line 3: user_name 'nobdy' is not known"),
        ("nobody,ALGEBRA,learner,active", r"line 3: course_code 'ALGEBRA' is not known"),
        ("nobody,ALG,10,active", r"line 3: kind '10' is not known"),
        ("nobody,ALG,learner,gone", r"line 3: status 'gone' is not known"),
        ("nobody,ALG,learner", r"line 3: status None is not known"),
    ],
)
def test_a_line_that_cannot_be_read_is_named_and_nothing_is_imported(
    platform, imported, line, said
):
    with pytest.raises(CommandError, match=said):
        imported("nobody,BIO,learner,active", line)
    assert places(platform["nobody"]) == []


def test_a_column_that_is_missing_is_named(platform, imported):
    with pytest.raises(CommandError, match="does not name course_code, status"):
        imported("nobody,learner", header="user_name,kind\n")


def test_a_file_that_is_not_there_is_named(platform, tmp_path):
    with pytest.raises(CommandError, match=r"nowhere\.csv cannot be read"):
        call_command("import_enrolments", str(tmp_path / "nowhere.csv"))


@pytest.fixture
def everybody_at_enforce(transactional_db, platform, settings):
    """The platform with triggers, everybody migrated, and the new answers decide."""
    settings.FEATURE_FLAGS = {"SNAPSHOT_SECONDS": 0}
    settings.AUTHMIGRATION = {**settings.AUTHMIGRATION, "LAZY_BUDGET": 30.0}
    forget_everything()
    quiet = {"stdout": io.StringIO(), "stderr": io.StringIO()}
    call_command("authz_capture", "install", **quiet)
    call_command("authz_backfill", **quiet)
    for stage in ("shadow", "enforce"):
        call_command("authz_stage", "everyone", stage, "--reason", "tests", **quiet)
    yield platform
    call_command("authz_capture", "remove", **quiet)
    forget_everything()


def test_what_it_writes_is_followed_at_the_next_question(everybody_at_enforce, imported):
    platform = everybody_at_enforce
    nobody, learner = platform["nobody"], platform["learner"]
    before = check(learner, "lecture.view", platform.lecture)
    assert (bool(before), before.world) == (True, "central")
    assert not check(nobody, "lecture.view", platform.lecture)

    imported("nobody,ALG,learner,active", "learner,ALG,learner,withdrawn")

    now = check(nobody, "lecture.view", platform.lecture)
    assert (bool(now), now.world) == (True, "central")
    assert not check(learner, "lecture.view", platform.lecture)


def test_the_task_of_the_night_closes_what_has_ended_and_nothing_else(platform):
    assert close_ended_enrolments() == 2  # expired, expired_mentor
    assert places(platform["expired"]) == [("ALG", 10, "completed")]
    assert places(platform["limited"]) == [("ALG", 10, "active")]
    assert places(platform["learner"]) == [("ALG", 10, "active")]
    assert close_ended_enrolments() == 0
    assert not OutboxMail.objects.exists()


def test_a_place_ends_at_its_last_moment(platform):
    Enrolment.objects.filter(student=platform["limited"]).update(ends_at=timezone.now())
    assert close_ended_enrolments() == 3
    Enrolment.objects.filter(student=platform["learner"]).update(
        ends_at=timezone.now() + timedelta(minutes=1)
    )
    assert close_ended_enrolments() == 0
