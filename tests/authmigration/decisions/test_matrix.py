"""The matrix of decisions, walked through the pure function and through the monolith's rows."""

from itertools import product

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from auth_lib import Effect, HeldRoles, decide, decide_role
from authmigration import (
    PLATFORM,
    Stage,
    assign,
    check,
    filter_queryset,
    is_authorized,
    pinned,
    registry,
    unassign,
)
from authmigration.rollout.overrides import forced
from monolith.accounts.models import User
from monolith.courses.models import Announcement, Course
from monolith.gradebook.models import Exercise, Grade, Submission
from monolith.lectures.models import Attachment, Comment, Lecture
from monolith.payments.models import Invoice, Receipt
from monolith.schools.models import School
from tests.authmigration import worlds
from tests.authmigration.decisions import matrix
from tests.authmigration.decisions.matrix import ROWS, Row
from tests.authmigration.rows import sync

WHO = {"actor": "test", "reason": "a test"}


def test_the_roles_of_the_file_are_those_of_the_monolith():
    declared = {
        f"{role.on} / {role.name}": {
            "may": sorted(role.can),
            **({"is also": [f"{k.on} / {k.name}" for k in role.implies]} if role.implies else {}),
        }
        for role in registry.get().policy.roles
    }

    assert declared == matrix.MATRIX["roles"]


def test_every_permission_of_the_policy_is_asked_for_with_either_answer():
    allowed = {row.asks for row in ROWS if row.allowed and not row.by_name}
    denied = {row.asks for row in ROWS if not row.allowed and not row.by_name}

    assert allowed == registry.get().policy.permissions
    assert denied == registry.get().policy.permissions


def test_no_question_is_asked_twice_and_every_answer_has_a_reason():
    assert len({str(row) for row in ROWS}) == len(ROWS)
    assert all(row.why.endswith(".") for row in ROWS)


def test_no_object_of_the_file_lies_in_two_schools():
    for name, above in matrix.OBJECTS.items():
        assert above[0] == name
        assert above[-1] == "the platform"
        assert sum(each.startswith("school") for each in above) <= 1


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_the_pure_function_gives_the_answer(row):
    policy, lineage = registry.get().policy, matrix.lineage(row.object)
    subject = None if matrix.ANONYMOUS in row.who else "1"
    held = HeldRoles.of(
        subject, map(matrix.fact, row.held), matrix.NOW, active=matrix.CLOSED not in row.who
    )
    open_here = {matrix.context(each) for each in matrix.OPEN.get(row.asks, ())}

    found = (
        decide_role(policy, held, row.asks, lineage)
        if row.by_name
        else decide(policy, held, row.asks, lineage, open_here=open_here)
    )

    assert found.allowed is row.allowed, row.why


class Campus:
    """The objects of the file as rows, and people who hold what its words say."""

    def __init__(self) -> None:
        self.rows = {}
        for name, above in matrix.OBJECTS.items():
            if name != "the platform":
                self.rows[name] = self.made(name, self.rows.get(above[1]))
        self.people = {}

    def made(self, name, above):
        kind = name.partition(" ")[0]
        is_open = name in matrix.OPEN["course.view"]
        return {
            "school": worlds.school,
            "course": lambda: worlds.course(above, is_public=is_open),
            "lecture": lambda: Lecture.objects.create(
                course=above, title="L", body="", published=1
            ),
            "exercise": lambda: Exercise.objects.create(course=above, title="E"),
            "grade": lambda: Grade.objects.create(exercise=above, student=worlds.user(), points=1),
            "invoice": lambda: Invoice.objects.create(
                course=above, student=worlds.user(), amount_cents=1
            ),
            "submission": lambda: Submission.objects.create(
                exercise=above, student=worlds.user(), text=""
            ),
            "comment": lambda: Comment.objects.create(lecture=above, author=worlds.user(), text=""),
            "attachment": lambda: Attachment.objects.create(lecture=above, name="a", text=""),
            "staff": lambda: worlds.staff(worlds.user(), above),
            "enrolment": lambda: worlds.enrol(worlds.user(), above),
            "announcement": lambda: Announcement.objects.create(course=above, title="", body=""),
            "receipt": lambda: Receipt.objects.create(invoice=above, reference=name),
        }[kind]()

    def person(self, row: Row):
        if matrix.ANONYMOUS in row.who:
            return AnonymousUser()
        if row.who not in self.people:
            self.people[row.who] = self.hired(row)
        return self.people[row.who]

    def hired(self, row: Row):
        # The flag is what lets legacy hold the teacher of a course that has no owner yet.
        who = worlds.user(is_teacher="teacher in course A1" in row.who)
        for words in row.held:
            self.give(who, matrix.fact(words))
        User.objects.filter(pk=who.pk).update(is_active=matrix.CLOSED not in row.who)
        who.refresh_from_db()
        sync(who)
        return who

    def give(self, who, fact):
        given = {"effect": fact.effect, "valid_from": fact.valid_from, **WHO}
        if fact.valid_until is not None:
            given["valid_until"] = timezone.now()
        assign(who, self.role(fact), self.id_of(fact.context), **given)

    def role(self, fact):
        by_key = registry.get().policy.by_key
        if fact.effect is Effect.GRANT:
            return by_key[fact.context.type, fact.role]
        on_that_type = {"course": "student", "school": "secretary", "platform": "superuser"}
        return by_key[fact.context.type, on_that_type[fact.context.type]]

    def id_of(self, context):
        row = self.rows.get(f"{context.type} {context.id}")
        return None if row is None else row.pk


@pytest.fixture
def campus(db, settings):
    settings.AUTHMIGRATION = {**settings.AUTHMIGRATION, "ENFORCE_SAMPLE": 0}
    with forced(Stage.ENFORCE):
        yield Campus()


def answers(campus, row):
    """Return every answer of the monolith to one row: there must be one only."""
    who = campus.person(row)
    if row.by_name:
        asked = matrix.context(row.object)
        here = campus.id_of(asked) or asked.id
        return {bool(is_authorized(who, asked.type, here, row.asks))}
    if row.object == "the platform":
        return {bool(check(who, row.asks)), bool(check(who, row.asks, PLATFORM))}
    what = campus.rows[row.object]
    text = f"{row.object.partition(' ')[0]}:{what.pk}"
    listed = filter_queryset(who, row.asks, type(what)._base_manager.all())
    return {
        bool(check(who, row.asks, what)),
        bool(check(who, row.asks, text)),
        what in list(listed),
    }


def test_the_monolith_gives_the_answer_by_object_by_id_and_in_lists(campus):
    wrong = {str(row): (answers(campus, row), row.why) for row in ROWS}

    assert {
        text: found
        for (text, found), row in zip(wrong.items(), ROWS, strict=True)
        if found[0] != {row.allowed}
    } == {}


def test_no_list_holds_more_or_less_than_what_a_check_allows(campus):
    """For everybody of the file and every permission, over a type at the top, middle and bottom."""
    rows = {model: list(model.objects.all()) for model in (School, Course, Grade)}
    wrong = []
    for words, who in {row.who: campus.person(row) for row in ROWS}.items():
        with pinned():
            for permission, model in product(registry.get().policy.permissions, rows):
                listed = set(filter_queryset(who, permission, model.objects.all()))
                checked = {each for each in rows[model] if check(who, permission, each)}
                if listed != checked:
                    wrong.append((words, permission, model.__name__, listed ^ checked))

    assert wrong == []


def test_what_was_given_can_be_taken_and_nothing_is_left(campus):
    row = next(row for row in ROWS if row.who == ("teacher in course A1",))
    who = campus.person(row)

    unassign(
        who, registry.get().policy.by_key["course", "teacher"], campus.rows["course A1"], **WHO
    )

    assert not check(who, "course.edit", campus.rows["course A1"])
