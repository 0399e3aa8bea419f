"""The runner counts what ran, and is never content with nothing."""

import pytest

from tools import run_tests
from tools.run_tests import Outcome, counted, exit_status, total


def outcome(**counts):
    return Outcome(
        **{"engine": "sqlite", "status": 0, "passed": 0, "failed": 0, "skipped": 0} | counts
    )


def test_the_closing_line_is_the_plain_one():
    line = str(outcome(passed=3, failed=1, skipped=2))

    assert line == "sqlite: 3 passed, 1 failed, 2 skipped"


def test_the_last_line_adds_both_runs_up():
    both = [outcome(passed=3, skipped=2), outcome(passed=4, failed=1, status=1)]

    assert str(total(both)) == "total: 7 passed, 1 failed, 2 skipped"
    assert total(both).status == 1


def test_errors_count_as_failures(tmp_path):
    report = tmp_path / "report.xml"
    suite = '<testsuite tests="9" failures="1" errors="2" skipped="3"></testsuite>'
    report.write_text(f"<testsuites>{suite}</testsuites>")

    assert counted(report) == (3, 3, 3)


def test_a_run_without_a_report_counts_nothing(tmp_path):
    assert counted(tmp_path / "none.xml") == (0, 0, 0)


@pytest.mark.parametrize(
    ("outcomes", "status"),
    [
        ([outcome(passed=3), outcome(passed=1)], 0),
        ([outcome(passed=3), outcome(status=5)], 0),
        ([outcome(status=5), outcome(status=5)], 1),
        ([outcome(skipped=7), outcome(skipped=7)], 1),
        ([outcome(passed=3), outcome(status=1, passed=2, failed=1)], 1),
        ([outcome(passed=3), outcome(status=3)], 1),
    ],
)
def test_the_exit_status_is_good_only_if_something_ran_and_nothing_failed(outcomes, status):
    assert exit_status(outcomes) == status


def test_settings_of_a_platform_run_by_hand_stay_out(monkeypatch):
    monkeypatch.setenv("MONOLITH_DATABASE_URL", "sqlite:///precious.sqlite3")
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "theirs.settings")

    environment = run_tests.clean()

    assert not {"MONOLITH_DATABASE_URL", "DJANGO_SETTINGS_MODULE"} & set(environment)
    assert environment["PYTHONDEVMODE"] == "1"
