"""Of two synchronisations at once only one writes, whatever else keeps them apart."""

from dataclasses import replace

import pytest
from django.db import transaction
from django.utils import timezone

from authmigration import registry
from authmigration.assignments import storing
from authmigration.assignments.planning import Mapping, Sight, plan
from authmigration.assignments.storing import Batch, store
from authmigration.errors import Busy
from authmigration.trail import Authorship
from monolith.courses.authz import STUDENT
from monolith.courses.models import Enrolment
from tests.authmigration import worlds
from tests.authmigration.rows import (
    loaded,
    roles,
    sync,
    toolkit_rows,
)


@pytest.fixture
def outdated(anna, algebra):
    """Whatever it takes to write what was read before a revoke that others have followed since."""
    sync(anna)
    row = worlds.enrol(anna, algebra)
    seen = loaded(anna)
    wanted = frozenset({("courses.Enrolment", STUDENT.at(algebra.pk))})
    Enrolment.objects.filter(pk=row.pk).update(status="withdrawn")
    sync(anna)
    return Sight(seen.subject, seen.state, seen.facts, wanted)


def write(sight):
    batch = Batch(timezone.now())
    mapping = Mapping(registry.get().mapping_hash, 1)
    plan(batch, sight, mapping, 0, Authorship("test", "a test"), bulk=False)
    with transaction.atomic():
        store(batch, using="default")


def test_whoever_read_before_another_wrote_writes_nothing(outdated):
    """Two synchronisations at once where, for whatever reason, no lock kept them apart."""
    before = toolkit_rows()

    with pytest.raises(Busy, match="by somebody else at the same moment"):
        write(outdated)

    assert toolkit_rows() == before


def test_whoever_saw_no_state_writes_nothing_over_one(outdated):
    before = toolkit_rows()

    with pytest.raises(Busy):
        write(replace(outdated, state=None))

    assert toolkit_rows() == before


def test_without_the_comparison_the_older_reading_would_win(anna, outdated, monkeypatch):
    compared = storing._state_part

    def uncompared(batch, dialect):
        sql, param = compared(batch, dialect)
        head, clause, rest = sql.partition("WHERE authmigration_subjectstate.revision = ")
        assert clause
        return head + rest.removeprefix("excluded.revision - 1 "), param

    monkeypatch.setattr(storing, "_state_part", uncompared)

    write(outdated)

    assert roles(anna) == {"student"}
