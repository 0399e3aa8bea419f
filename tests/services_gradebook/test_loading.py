"""Taking over the platform's rows, again and again, until the service is the only writer."""

import pytest

from services.gradebook import database, grades, loading

from .conftest import ROWS, lines

POINTS = "SELECT id, points FROM grade ORDER BY id"


@pytest.fixture
def load(settings_of_service):
    def again(rows_or_lines):
        with database.opened(settings_of_service.database) as connection:
            return loading.load(connection, rows_or_lines)

    return again


def without(*ids):
    return [row for row in ROWS if not any(each["id"] in ids for each in row.values())]


def with_points(id_, points):
    return [
        {"grade": {**row["grade"], "points": points}}
        if row.get("grade", {}).get("id") == id_
        else row
        for row in ROWS
    ]


@pytest.fixture
def edited(settings_of_service):
    """Grade 31, changed in the service."""
    with database.opened(settings_of_service.database) as connection:
        grades.change(connection, "31", grades.Change(99, None, "5", "ta"))


def test_loading_again_changes_nothing(load, rows):
    before = rows(POINTS)

    assert load(lines(ROWS)) == (len(ROWS), 0, 0)
    assert rows(POINTS) == before


def test_news_of_the_platform_are_taken_over(load, rows):
    moved = {"course": {"id": "1", "school": "8", "code": "ALG", "title": "Algebra II"}}
    load(lines([*with_points("32", 71), moved]))

    assert rows("SELECT school, title FROM course WHERE id = '1'") == [("8", "Algebra II")]
    assert ("32", 71) in rows(POINTS)


def test_what_the_platform_has_no_more_is_removed(load, rows):
    assert load(lines(without("33", "22", "2", "3"))).removed == 1
    assert rows("SELECT id FROM course") == [("1",)]
    assert [id_ for id_, _ in rows(POINTS)] == ["31", "32"]


@pytest.mark.usefixtures("edited")
def test_a_grade_that_was_changed_here_is_neither_overwritten_nor_removed(load, rows):
    assert load(lines(with_points("31", 1))).kept == 1
    assert load(lines(without("31", "21", "1", "11"))).kept == 1
    assert ("31", 99) in rows(POINTS)
    assert rows("SELECT id FROM course WHERE id = '1'") == [("1",)]


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (lines(ROWS)[:-1], "breaks off after line 10"),
        ([], "breaks off after line 0"),
        ([*lines(ROWS)[:3], '{"end": 9}'], "speaks of 9 rows, and 3"),
        ([*lines(ROWS), lines(ROWS)[0]], "Line 12 stands behind the end"),
        ([*lines(ROWS)[:3], "{"], "Line 4 is not one object"),
        ([*lines(ROWS)[:3], '{"lecture": {}}'], "Line 4 is no row"),
        ([*lines(ROWS)[:3], '{"student": {"id": "1"}}'], "Line 4 is no row"),
        (lines(with_points("31", 101)), "Line 8: CHECK"),
        (lines([{"exercise": {"id": "29", "course": "9", "title": ""}}]), "Line 1: FOREIGN KEY"),
    ],
)
def test_a_file_that_cannot_be_taken_over_changes_nothing(load, rows, broken, said):
    before = rows(POINTS)

    with pytest.raises(loading.LoadError, match=said):
        load(broken)
    assert rows(POINTS) == before


def test_the_command_says_what_was_loaded(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("GRADEBOOK_DATABASE", str(tmp_path / "new" / "gradebook.sqlite3"))
    file = tmp_path / "rows.jsonl"
    file.write_text("\n".join(lines(ROWS)) + "\n")

    assert loading.main([str(file)]) == 0
    assert capsys.readouterr().out.startswith("10 rows loaded")


@pytest.mark.parametrize("arguments", [["missing.jsonl"], []])
def test_the_command_refuses_in_one_line(tmp_path, monkeypatch, capsys, arguments):
    monkeypatch.setenv("GRADEBOOK_DATABASE", str(tmp_path / "gradebook.sqlite3"))

    assert loading.main(arguments) == (1 if arguments else 2)
    assert len(capsys.readouterr().err.splitlines()) == 1
