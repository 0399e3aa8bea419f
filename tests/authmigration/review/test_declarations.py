"""What would give a wrong fact to everybody is refused at start-up, or read as it is meant."""

import datetime as dt
from enum import Enum
from types import SimpleNamespace

import pytest
from django.db import connection
from django.db.models import Q

from authmigration import ContextType, Role, assign, check, legacy, registry
from authmigration.errors import DeclarationError
from authmigration.registry import Registry
from monolith.courses.models import Course, Enrolment
from monolith.lectures.models import Lecture
from monolith.schools.models import School
from tests.authmigration import worlds
from tests.authmigration.review.declared import COURSE, HOLDER
from tests.authmigration.review.shapes import TABLES, Club, Seat
from tests.authmigration.rows import facts, outcome

SCHOOL = ContextType("school", School)
HEAD = Role("head", on="school", can={"school.view"})
MEMBER = Role("member", on="club", can={"club.enter"})
DAY = dt.date(2030, 1, 1)
MOMENT = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)


class Opaque:
    """Something whose text is its address."""


class Kind(Enum):
    """Something whose text is its name."""

    LEARNER = Enrolment.LEARNER


def problems_of(**declared):
    with pytest.raises(DeclarationError) as raised:
        Registry([SimpleNamespace(role=HOLDER, kind=COURSE, **declared)])
    return str(raised.value)


def table(model=Enrolment, **given):
    return legacy.table(model, **{"user": "student", "context": "course", "role": HOLDER, **given})


def test_the_number_of_a_row_is_not_taken_for_that_of_its_context():
    assert "courses.Enrolment" in problems_of(source=table(context="pk"))


def test_the_number_of_a_course_is_not_taken_for_that_of_a_school():
    found = problems_of(
        school=SCHOOL, head=HEAD, source=table(Course, user="owner", context="pk", role=HEAD)
    )
    assert "courses.Course" in found
    assert "schools.School" in found


def test_a_column_that_names_a_context_by_its_number_is_taken():
    Registry([SimpleNamespace(role=HOLDER, kind=COURSE, source=table(context="kind"))])


def test_one_model_is_one_context_type():
    assert "both courses.Course" in problems_of(archive=ContextType("archive", Course))


@pytest.mark.parametrize(
    "where",
    [
        Q(ends_at__gt=MOMENT),
        Q(ends_at__range=(MOMENT, MOMENT)),
        Q(registered_on__in=[DAY]),
        Q(registered_on__lt="2030-01-01"),
        ~Q(ends_at__gt="2030-01-01 00:00Z"),
    ],
)
def test_a_date_in_a_condition_is_refused_however_it_is_written(where):
    assert "no trigger sees pass" in problems_of(source=table(where=where))


@pytest.mark.parametrize("where", [Q(ends_at=None), Q(ends_at__isnull=True), Q(status="active")])
def test_a_condition_on_whether_there_is_a_date_is_taken(where):
    Registry([SimpleNamespace(role=HOLDER, kind=COURSE, source=table(where=where))])


def test_values_that_can_be_gone_through_but_once_are_refused():
    assert "a map" in problems_of(source=table(where=Q(kind__in=map(int, "12"))))


def test_a_value_with_another_text_in_every_process_is_refused():
    found = problems_of(
        source=table(role="status", roles={"active": HOLDER}, ignore={Opaque(): "x"})
    )
    assert "an address" in found


def test_a_value_with_a_text_of_its_own_is_taken():
    kinds = {Kind.LEARNER.value: HOLDER}
    ignored = {Enrolment.AUDITOR: "sees nothing", Enrolment.MENTOR: "as well"}
    source = table(role="kind", roles=kinds, ignore=ignored)
    Registry([SimpleNamespace(role=HOLDER, kind=COURSE, source=source)])


def test_a_parent_that_is_pointed_at_by_another_column_than_its_key_is_refused():
    seat, club = ContextType("seat", Seat, parent="club"), ContextType("club", Club)
    assert "contexts go by its key" in problems_of(seat=seat, club=club)


def test_a_lecture_has_its_course_for_a_parent():
    lecture = ContextType("lecture", Lecture, parent="course")
    Registry([SimpleNamespace(role=HOLDER, kind=COURSE, lecture=lecture)])


@pytest.fixture
def clubs(transactional_db):
    with connection.schema_editor() as editor:
        for model in TABLES:
            editor.create_model(model)
    yield
    with connection.schema_editor() as editor:
        for model in reversed(TABLES):
            editor.delete_model(model)


@pytest.fixture
def chess(clubs):
    return Club.objects.create(code="chess")


def seats(**given):
    return legacy.table(Seat, user="who", context="club", role=MEMBER, **given)


def test_rows_that_point_by_name_and_code_are_those_of_the_user_and_the_club(chess, enforced):
    anna, bert = worlds.user(), worlds.user()
    Seat.objects.create(who=anna, club=chess)
    declared = SimpleNamespace(member=MEMBER, kind=ContextType("club", Club), source=seats())
    with registry.override(Registry([declared])):
        assert outcome(anna) == outcome(bert) == "migrated"
        assert facts(anna) == {f"member in club:{chess.pk} (review_shapes.Seat)"}
        assert facts(bert) == set()
        assert check(anna, "club.enter", chess)


def test_rows_that_point_by_name_are_not_written_with_a_key(chess):
    anna = worlds.user()
    written = seats(write=legacy.write(off=legacy.DELETE_ROW))
    declared = SimpleNamespace(member=MEMBER, kind=ContextType("club", Club), source=written)
    with registry.override(Registry([declared])):
        change = assign(anna, MEMBER, chess, actor="a test", reason="to be seen")
    assert "another table" in change.not_representable
    assert not Seat.objects.exists()
