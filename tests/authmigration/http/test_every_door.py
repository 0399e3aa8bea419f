"""The matrix of decisions, walked through every door; and one snapshot for all doors together."""

import channels.db
import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse

from authmigration import check, filter_queryset, pinned
from authmigration.rollout.overrides import Stage, forced
from tests.authmigration.decisions import matrix
from tests.authmigration.decisions.test_matrix import Campus
from tests.authmigration.http import doors, listing_doors
from tests.authmigration.http.conftest import signed_in

ROWS = [row for row in matrix.ROWS if not row.by_name and row.object != "the platform"]


@pytest.fixture(autouse=True)
def connections_stay_open(monkeypatch):
    # Channels closes them before and after each use, and with them a test's transaction.
    monkeypatch.setattr(channels.db, "close_old_connections", lambda: None)


@pytest.fixture
def everybody(db, settings):
    settings.AUTHMIGRATION = {**settings.AUTHMIGRATION, "ENFORCE_SAMPLE": 0}
    with forced(Stage.ENFORCE):
        campus = Campus()
        people = {str(row): campus.person(row) for row in ROWS}
        # As a request would load them: making somebody a teacher has written on the course.
        stored = {name: type(what).objects.get(pk=what.pk) for name, what in campus.rows.items()}
        yield [(row, people[str(row)], stored[row.object]) for row in ROWS]


def asked(everybody, door):
    """Return the questions that can be put at a door."""
    known = door in doors.NEEDS_SOMEBODY
    return [each for each in everybody if not (known and isinstance(each[1], AnonymousUser))]


def test_the_matrix_asks_enough():
    assert len(ROWS) > 80
    assert {row.allowed for row in ROWS} == {True, False}


@pytest.mark.parametrize("name", doors.DOORS)
def test_a_door_gives_the_answer_of_the_matrix(everybody, name):
    door = doors.DOORS[name]

    with pinned():
        wrong = {
            str(row): row.why
            for row, who, what in asked(everybody, door)
            if door(who, row.asks, what) is not row.allowed
        }

    assert wrong == {}


@pytest.mark.parametrize("name", [*listing_doors.LISTS, *listing_doors.ACCEPTING])
def test_a_list_holds_what_the_matrix_allows(everybody, name):
    def holds(who, permission, what):
        if name in listing_doors.ACCEPTING:
            return listing_doors.ACCEPTING[name](who, permission, what)
        return what in set(listing_doors.LISTS[name](who, permission, type(what)))

    with pinned():
        wrong = {
            str(r): r.why for r, who, what in everybody if holds(who, r.asks, what) != r.allowed
        }

    assert wrong == {}


def outcome(ask, *args):
    """Return an answer, or the kind of error by which old code gives none."""
    try:
        return bool(ask(*args))
    except Exception as error:  # noqa: BLE001 -- whatever old code raises
        return type(error).__name__


@pytest.mark.slow
@pytest.mark.parametrize("stage", [Stage.OFF, Stage.SHADOW])
def test_while_legacy_decides_every_door_answers_as_check_does(everybody, stage):
    found = {}
    with forced(stage), pinned():
        for name, door in doors.DOORS.items():
            questions = [(who, row.asks, what) for row, who, what in asked(everybody, door)]
            checked = [outcome(check, *question) for question in questions]
            found[name] = [outcome(door, *question) for question in questions] == checked
            assert {True, False} <= set(checked)

    assert found == dict.fromkeys(doors.DOORS, True)


@pytest.mark.parametrize("stage", [Stage.OFF, Stage.SHADOW])
def test_while_legacy_decides_every_list_is_that_of_filter_queryset(everybody, stage):
    questions = {(who, row.asks, type(what)) for row, who, what in everybody if who.pk}
    wrong = []

    with forced(stage), pinned():
        for who, permission, model in questions:
            listed = set(filter_queryset(who, permission, model._base_manager.all()))
            for name, door in listing_doors.LISTS.items():
                if set(door(who, permission, model)) != listed:
                    wrong.append((name, permission, model.__name__))

    assert wrong == []


def test_all_doors_of_one_request_answer_from_one_snapshot(everybody, serve, own_queries):
    (who, what), *_ = [
        (who, what) for row, who, what in everybody if row.asks == "course.edit" and row.allowed
    ]
    answers = {}

    def view(request):
        for name, door in (doors.DOORS | listing_doors.ACCEPTING).items():
            answers[name] = door(request.user, "course.edit", what)
        for name, listed in listing_doors.LISTS.items():
            answers[name] = what in set(listed(request.user, "course.edit", type(what)))
        return HttpResponse()

    serve(view)
    client = signed_in(who)
    with own_queries() as queries:
        assert client.get("/").status_code == 200

    assert len(answers) == len(doors.DOORS) + len(listing_doors.ACCEPTING) + len(
        listing_doors.LISTS
    )
    assert set(answers.values()) == {True}
    # One for the request, and one for the socket, which is a unit of work of its own.
    assert len(queries) == 2
