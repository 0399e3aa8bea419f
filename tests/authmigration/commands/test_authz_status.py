"""``authz_status``."""

import json
import time

import pytest
from django.core.management.base import CommandError

from authmigration import capture, progress, trail
from authmigration.rollout import Stage, writing
from tests.authmigration import worlds
from tests.authmigration.progress.states import one_in_each_state

BY = trail.Authorship("test", "a test")


def numbers_of(text: str) -> dict[str, str]:
    """Return the first word group of each line and the number behind it."""
    rows = (line.split("  ") for line in text.splitlines())
    return {
        row[1].strip(): row[-1].strip() for row in (list(filter(None, r)) for r in rows) if row[1:]
    }


def test_the_json_is_one_document_with_the_numbers_of_the_database(run):
    one_in_each_state()

    found = json.loads(run("authz_status", "--json").out)

    assert found == json.loads(json.dumps(progress.status().as_json()))
    assert found["subjects"]["total"] == 6
    assert {found["subjects"][state] for state in progress.STATES} == {1}


def test_the_text_begins_with_the_sentence_and_shows_every_number(run):
    one_in_each_state()
    capture.install()
    writing.write_stage("everyone", Stage.SHADOW, BY)

    lines = run("authz_status").out.splitlines()

    assert lines[0] == progress.sentence(progress.status())
    assert "  quarantined             1  16.7%" in lines
    assert "  total                   6" in lines
    assert "  over the context limit  0" in lines
    assert "  shadow   everyone" in lines
    assert "  retired  nobody" in lines
    assert "  capture        10 of 10 tables" in lines
    assert "  courses_enrolment          installed" in lines
    assert any(line.split()[:4] == ["unit", "stage", "members", "retired"] for line in lines)


def test_the_units_can_be_left_out_since_each_costs_a_call_of_the_host(run, settings):
    worlds.school()
    settings.AUTHMIGRATION = {**settings.AUTHMIGRATION, "MEMBERS_OF": f"{__name__}.never"}

    assert "Units" not in run("authz_status", "--no-units").out
    with pytest.raises(LookupError):
        run("authz_status")


def never(unit):
    raise LookupError(unit)


def test_an_older_mapping_than_the_newest_is_told(run):
    from authmigration.assignments import version_of

    version_of("0123456789abcdef", using="default")
    assert "nobody migrated under it yet" in run("authz_status").out

    one_in_each_state()
    assert f", version {2}\n" in run("authz_status").out

    version_of("fedcba9876543210", using="default")
    assert "version 2; another process uses version 3" in run("authz_status").out


@pytest.mark.parametrize("seconds", ["0", "-1", "nan"])
def test_an_interval_that_is_none_is_refused(run, seconds):
    with pytest.raises(CommandError, match="a number of seconds above 0"):
        run("authz_status", f"--watch={seconds}")


def test_watching_writes_one_line_an_interval_until_ctrl_c(run, monkeypatch):
    slept = []

    def ctrl_c_at_the_third(seconds):
        slept.append(seconds)
        if len(slept) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(time, "sleep", ctrl_c_at_the_third)

    lines = run("authz_status", "--watch", "0.5", "--no-units").out.splitlines()

    assert slept == [0.5, 0.5, 0.5]
    assert [line.split(" ", 1)[1] for line in lines if line] == [
        progress.sentence(progress.status())
    ] * 3


def test_watching_with_json_writes_one_document_a_line(run, monkeypatch):
    def ctrl_c(seconds):
        raise KeyboardInterrupt

    monkeypatch.setattr(time, "sleep", ctrl_c)

    (line,) = filter(None, run("authz_status", "--watch", "--json", "--no-units").out.splitlines())

    assert json.loads(line)["ceiling"] == "retired"
