"""Who and why, said once for a block or at each change."""

import pytest

from auth_lib import Context
from authmigration import acting_as, trail
from authmigration.errors import MissingReason, UnknownSubject
from authmigration.models import AuditEvent
from authmigration.trail import Authorship, authorship, record
from monolith.accounts.models import User
from tests.authmigration import worlds


def test_what_is_said_at_a_change_counts_before_what_is_said_around_it():
    with acting_as("import", reason="the import of May"):
        assert authorship() == Authorship("import", "the import of May")
        assert authorship("anna") == Authorship("anna", "the import of May")
        assert authorship(reason="by hand") == Authorship("import", "by hand")


def test_a_block_within_another_counts_before_it_and_ends_with_itself():
    with acting_as("import", reason="all"):
        with acting_as("anna", reason="one"):
            inner = authorship()
        outer = authorship()

    assert (inner.actor, outer.actor) == ("anna", "import")
    with pytest.raises(MissingReason):
        authorship()


def test_a_block_ends_where_something_fails_in_it():
    with pytest.raises(ZeroDivisionError), acting_as("import", reason="all"):
        raise ZeroDivisionError

    with pytest.raises(MissingReason):
        authorship()


@pytest.mark.parametrize(
    ("actor", "reason", "says"),
    [
        (None, "why", "Nobody is named as the actor: pass actor="),
        ("", "why", "Nobody is named as the actor"),
        ("anna", None, "No reason is given: pass reason="),
        ("anna", "  ", "No reason is given"),
    ],
)
def test_what_is_missing_is_named_with_the_mend(actor, reason, says):
    with pytest.raises(MissingReason, match=says):
        authorship(actor, reason)


def test_a_block_without_a_reason_is_refused_at_its_beginning():
    with pytest.raises(MissingReason), acting_as("import", reason=" "):
        pytest.fail("the block was entered")


def test_a_user_is_named_by_id_and_never_by_name(db):
    anna = worlds.user()

    assert authorship(anna, "why").actor == f"user:{anna.pk}"


def test_somebody_who_is_not_saved_cannot_act():
    with pytest.raises(UnknownSubject):
        authorship(User(username="anna"), "why")


def test_a_program_with_a_long_name_is_cut_to_the_column():
    assert len(authorship("x" * 300, "why").actor) == 100


def test_an_event_holds_what_it_is_given(db):
    record(
        "assign",
        Authorship("anna", "why"),
        using="default",
        subject="7",
        role="ta",
        context=Context("course", "42"),
        generation=3,
        detail={"a": 1},
    )

    event = AuditEvent.objects.get()
    assert str(event) == "anna: assign 7 ta course:42"
    assert (event.reason, event.generation, event.detail) == ("why", 3, {"a": 1})


def test_the_migrator_has_a_name_of_its_own():
    assert trail.MIGRATOR == "authmigration.migrator"
