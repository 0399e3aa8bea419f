"""What is missed is said, and ends with another status than 0."""

import json

import pytest

from benchmarks import report as reporting
from benchmarks.record import __main__ as record
from benchmarks.report import Report
from benchmarks.rounds import Paired, in_turn

TWICE = Paired(2.0, 1.0, (1.5, 2.0, 2.5))


@pytest.fixture(autouse=True)
def figures(tmp_path, monkeypatch):
    monkeypatch.setattr(reporting, "FIGURES", tmp_path)
    monkeypatch.setattr(record, "FIGURES", tmp_path)
    return tmp_path


def report(*, tiny=False):
    return Report("sample", "A sample.", "", tiny=tiny)


@pytest.mark.parametrize(
    ("limit", "status"),
    [(("<=", 2.0), 0), (("<=", 1.9), 1), ((">=", 2.0), 0), ((">=", 2.1), 1), (None, 0)],
)
def test_a_ratio_beyond_its_limit_ends_with_one(limit, status, capsys):
    found = report()
    found.compare("a thing", TWICE, peer="a peer", unit="us", limit=limit)

    assert found.finish() == status
    assert ("MISSED" in capsys.readouterr().out) is bool(status)


def test_a_rate_is_judged_by_how_many_times_as_many():
    found = report()
    found.compare("users", TWICE, peer="a peer", unit="s", rate="users/s", limit=(">=", 0.5))
    found.compare("users", TWICE, peer="a peer", unit="s", rate="users/s", limit=(">=", 0.6))

    assert [figure.kept for figure in found.figures] == [True, False]
    assert found.figures[0].value.startswith("0.50 x")


@pytest.mark.parametrize(("count", "kept"), [(100, True), (99, False), (101, False)])
def test_an_exact_number_is_neither_more_nor_less(count, kept):
    found = report()
    found.state("migrations", count, "", ("==", 100))

    assert found.figures[0].kept is kept


def test_tiny_sizes_judge_nothing_and_keep_nothing(figures, capsys):
    found = report(tiny=True)
    found.compare("a thing", TWICE, peer="a peer", unit="us", limit=("<=", 0.1))

    assert found.finish() == 0
    assert "not judged" in capsys.readouterr().out
    assert list(figures.iterdir()) == []


def test_both_sides_are_timed_in_turn_and_who_begins_changes():
    order = []

    found = in_turn(lambda: order.append("o"), lambda: order.append("p"), rounds=3, calls=1)

    assert "".join(order) == "pooppo"
    assert len(found.ratios) == 3


def test_the_ratio_is_the_median_of_the_rounds_and_not_of_the_sides():
    paired = Paired(1.0, 1.0, (0.2, 0.3, 9.0))

    assert paired.ratio == 0.3
    assert paired.middle_half == (0.25, 4.65)


def test_the_figures_of_a_run_are_written_between_the_marks(tmp_path, monkeypatch, capsys):
    document = tmp_path / "figures.md"
    document.write_text(f"before\n{record.BEGIN}\nold\n{record.END}\nafter\n")
    monkeypatch.setattr(record, "DOCUMENT", document)
    monkeypatch.setattr(record, "ROOT", tmp_path)
    found = report()
    found.compare("a thing", TWICE, peer="a peer", unit="ms", limit=("<=", 1.0))
    found.finish()

    assert record.main() == 0
    text = document.read_text()

    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert "old" not in text
    assert "| a thing |  | 2000.00 ms | a peer: 1000.00 ms |" in text
    assert "<= 1 x **missed** |" in text


def test_without_figures_nothing_is_written(capsys):
    assert record.main() == 1
    assert "make bench" in capsys.readouterr().out


def test_what_is_kept_of_a_run_names_no_host(figures):
    found = report()
    found.state("a number", 1, "")
    found.finish()
    kept = json.loads((figures / "sample.json").read_text())

    assert kept["about"] == "A sample."
    assert kept["machine"].endswith("no database")
    assert reporting.platform.node() not in kept["machine"]
