"""Who and why, said once for a block or at each change."""

import asyncio
from contextvars import copy_context
from threading import Barrier, Thread

import pytest
from asgiref.sync import sync_to_async
from django.core.management import call_command
from django.core.management.base import BaseCommand

from auth_lib import Context
from authmigration import acting, acting_as, assign, system, trail, unassign
from authmigration.errors import MissingReason, UnknownSubject
from authmigration.models import AuditEvent
from authmigration.trail import Authorship, authorship, record
from monolith.accounts.models import User
from monolith.courses.authz import TA
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


def test_a_program_has_a_name_that_no_user_can_have():
    assert system("nightly-export") == "system:nightly-export"
    with acting_as(system("nightly-export"), reason="every night"):
        assert authorship() == Authorship("system:nightly-export", "every night")


@pytest.mark.parametrize("name", ["", " ", "Nightly", "user:5", "run 17", "x" * 94, "-a", "a\n"])
def test_what_is_no_name_of_a_program_is_refused(name):
    with pytest.raises(MissingReason, match="is no name of a program"):
        system(name)


def test_whoever_acts_can_be_asked_about_unless_it_is_a_program(db):
    anna = worlds.user()

    assert acting() is None
    with acting_as(anna, reason="by hand"):
        assert acting().subject == str(anna.pk)
        with acting_as(system("nightly-export"), reason="every night"):
            assert acting().subject is None
        assert acting().subject == str(anna.pk)


class Nightly(BaseCommand):
    """What cron starts."""

    stealth_options = ("who", "course")

    def handle(self, *, who, course, **_):
        with acting_as(system("nightly-grant"), reason="the assistants of the term"):
            assign(who, TA, course)
            with acting_as(system("nightly-clean-up"), reason="one too many"):
                unassign(who, TA, course)
            assign(who, TA, course, reason="asked for again")


def test_every_change_of_a_command_is_in_the_trail_as_its_own(db):
    call_command(Nightly(), who=worlds.user(), course=worlds.course(worlds.school()))

    changes = AuditEvent.objects.filter(action__in=["assign", "unassign"]).order_by("pk")
    assert list(changes.values_list("actor", "action", "reason")) == [
        ("system:nightly-grant", "assign", "the assistants of the term"),
        ("system:nightly-clean-up", "unassign", "one too many"),
        ("system:nightly-grant", "assign", "asked for again"),
    ]


def test_two_threads_act_as_two_and_a_new_thread_as_nobody():
    seen, meet = {}, Barrier(2, timeout=10)

    def act(name):
        with acting_as(system(name), reason="at once"):
            meet.wait()
            seen[name] = acting().actor
            meet.wait()

    def look(name):
        seen[name] = acting()

    threads = [Thread(target=act, args=(name,)) for name in ("one", "two")]
    with acting_as(system("outer"), reason="around"):
        threads.append(Thread(target=look, args=("new",)))
        threads.append(Thread(target=copy_context().run, args=(look, "copied")))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert (seen["one"], seen["two"], seen["new"]) == ("system:one", "system:two", None)
    assert seen["copied"].actor == "system:outer"


def test_coroutines_that_take_turns_act_as_their_own():
    async def act(name):
        with acting_as(system(name), reason="at once"):
            await asyncio.sleep(0)
            aside = await sync_to_async(acting)()
            return acting().actor, aside.actor

    async def both():
        return await asyncio.gather(act("one"), act("two"))

    assert asyncio.run(both()) == [("system:one",) * 2, ("system:two",) * 2]
