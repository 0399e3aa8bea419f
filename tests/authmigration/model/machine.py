"""A small platform on which anything may happen, and what must hold after each thing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Model
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from auth_lib import Effect, Role
from authmigration import Stage, assign, pinned, registry, unassign
from authmigration.assignments import Change
from authmigration.assignments.failing import record_failure
from authmigration.assignments.mappings import version_of
from authmigration.errors import NotRepresentable, StageRefused
from authmigration.rollout import killing
from authmigration.stages import set_stage
from monolith.accounts.models import User
from monolith.courses.authz import STUDENT
from monolith.courses.models import Course
from tests.authmigration import worlds
from tests.authmigration.crashing import Bomb, Crash, LostAtCommit
from tests.authmigration.memories import forget_everything
from tests.authmigration.model import looks, oracle
from tests.authmigration.model.legacy_writes import WRITES, rename_registrars
from tests.authmigration.model.oracle import Held, held
from tests.authmigration.model.releases import ROLES, newer, older
from tests.authmigration.rows import is_fresh, legacy_rows, mark, sync, tables, toolkit_rows

WHO = {"actor": "test", "reason": "a test"}
BELOW_RETIRED = [Stage.OFF, Stage.SHADOW, *[Stage.ENFORCE] * 4]

places = st.integers(0, 2)
WEIGHTS = {
    "write_into_legacy": 8,
    "rename_a_group": 1,
    "assign": 4,
    "unassign": 3,
    "refuse": 3,
    "forgive": 1,
    "synchronise": 2,
    "backfill": 1,
    "mark_for_nothing": 1,
    "deploy": 2,
    "work_in_a_process_of_the_older_release": 2,
    "set_stage": 2,
    "kill_and_lift": 1,
    "retire": 1,
    "crash_a_synchronisation": 1,
    "crash_a_change": 2,
    "delete_a_course": 1,
}


class Choice(NamedTuple):
    """Whom and what a thing happens to; each uses what it needs."""

    who: int
    other: int
    at: int
    role: Role
    writes: list[Any]
    stage: Stage
    passes: int
    yes: bool


choices = st.builds(
    Choice,
    who=places,
    other=places,
    at=places,
    role=st.sampled_from(ROLES),
    writes=st.lists(st.sampled_from(WRITES), min_size=1, max_size=3),
    stage=st.sampled_from(BELOW_RETIRED),
    passes=st.integers(0, 25),
    yes=st.booleans(),
)


class Platform(RuleBasedStateMachine):
    """Two schools, three courses, three people. ``native`` is what was assigned to each of them
    and stands in no legacy table, ``retired`` what the retired held when they became that."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.native: dict[int, set[Held]] = {}
        self.retired: dict[int, set[Held]] = {}
        self.with_guests = True
        self.looked = 0

    @initialize(stage=st.sampled_from(BELOW_RETIRED))
    def build(self, stage) -> None:
        self.releases = {False: older(), True: newer()}
        for release in self.releases.values():
            version_of(release.mapping_hash, using="default")
        self.stack.enter_context(registry.override(self.releases[True]))
        self.schools = [worlds.school(), worlds.school()]
        self.schools.append(self.schools[0])
        self.courses = [worlds.course(school) for school in self.schools]
        self.people = [worlds.user(is_teacher=not number) for number in range(3)]
        self.native = {who.pk: set() for who in self.people}
        Course.objects.filter(pk=self.courses[0].pk).update(owner=self.people[0])
        for person, course in zip(self.people, self.courses[1:], strict=False):
            worlds.enrol(person, course)
        worlds.staff(self.people[2], self.schools[0])
        worlds.registrar(self.people[1])
        set_stage("everyone", stage, **WHO)

    def teardown(self) -> None:
        if self.native:
            self._come_to_rest()
        self.stack.close()
        empty_everything()

    @rule(what=st.sampled_from([name for name, n in WEIGHTS.items() for _ in range(n)]), by=choices)
    def happen(self, what: str, by: Choice) -> None:
        getattr(self, what)(by, self.people[by.who])

    def write_into_legacy(self, by: Choice, person: User) -> None:
        for write in by.writes:
            write(person, self.people[by.other], self.courses[by.at], self.schools[by.other])

    def rename_a_group(self, by: Choice, person: User) -> None:
        rename_registrars()

    def assign(self, by: Choice, person: User) -> None:
        where, before = self._where(by), self._legacy(person).copy()
        self._note(person, held(by.role, where), assign(person, by.role, where, **WHO), before)

    def unassign(self, by: Choice, person: User) -> None:
        where, before, rows = self._where(by), self._legacy(person).copy(), legacy_rows()
        gone = held(by.role, where)
        try:
            unassign(person, by.role, where, **WHO)
        except NotRepresentable:
            assert legacy_rows() == rows
            return
        self.native[person.pk].discard(gone)
        self.retired.get(person.pk, set()).discard(gone)
        assert self._legacy(person) == before - {gone}

    def refuse(self, by: Choice, person: User) -> None:
        where = self.courses[by.at]
        assign(person, STUDENT, where, effect=Effect.REFUSE, **WHO)
        self.native[person.pk].add(held(STUDENT, where, refused=True))

    def forgive(self, by: Choice, person: User) -> None:
        where = self.courses[by.at]
        unassign(person, STUDENT, where, effect=Effect.REFUSE, **WHO)
        self.native[person.pk].discard(held(STUDENT, where, refused=True))

    def synchronise(self, by: Choice, person: User) -> None:
        sync(person)

    def backfill(self, by: Choice, person: User) -> None:
        sync(*self.people, bulk=True)

    def mark_for_nothing(self, by: Choice, person: User) -> None:
        mark(person if by.yes else None)

    def deploy(self, by: Choice, person: User) -> None:
        self._run(with_guests=by.yes)

    def work_in_a_process_of_the_older_release(self, by: Choice, person: User) -> None:
        with registry.override(self.releases[False]):
            if by.yes:
                record_failure(str(person.pk), ValueError("no such kind"), using="default")
            else:
                sync(person)

    def set_stage(self, by: Choice, person: User) -> None:
        cohort = "everyone" if by.yes else f"school:{self.schools[by.at].pk}"
        set_stage(cohort, by.stage, **WHO)

    def kill_and_lift(self, by: Choice, person: User) -> None:
        killing.kill(actor="test", reason="a test")
        self.everybody_is_allowed_what_the_facts_allow_and_no_more()
        killing.lift(actor="test", reason="a test")

    def retire(self, by: Choice, person: User) -> None:
        held_now = self._legacy(person)
        if by.yes:
            sync(person)
        try:
            set_stage(f"user:{person.pk}", Stage.RETIRED, **WHO)
        except StageRefused:
            assert not is_fresh(person)
        else:
            self.retired.setdefault(person.pk, held_now)

    def crash_a_synchronisation(self, by: Choice, person: User) -> None:
        with crashing(by.passes):
            sync(person)

    def crash_a_change(self, by: Choice, person: User) -> None:
        where, before, done = self._where(by), self._legacy(person).copy(), []
        with crashing(by.passes):
            done.append(assign(person, by.role, where, **WHO))
        for change in done:
            self._note(person, held(by.role, where), change, before)

    def delete_a_course(self, by: Choice, person: User) -> None:
        Course.objects.get(pk=self.courses[by.at].pk).delete()
        self.courses[by.at] = worlds.course(self.schools[by.at])

    @invariant()
    def everybody_is_allowed_what_the_facts_allow_and_no_more(self) -> None:
        """Every other time inside a transaction, where nobody can be brought up to date."""
        self.looked += 1
        for person in self.people if self.native else ():
            with transaction.atomic() if self.looked % 2 else ExitStack(), pinned():
                looks.compare(person, self.courses, self._held(person))
                if self.looked % 2:
                    transaction.set_rollback(True)
        looks.find_no_mismatch()

    def _where(self, by: Choice) -> Model:
        return self.courses[by.at] if by.role.on == "course" else self.schools[by.at]

    def _run(self, *, with_guests: bool) -> None:
        self.with_guests = with_guests
        self.stack.enter_context(registry.override(self.releases[with_guests]))

    def _legacy(self, person: User) -> set[Held]:
        if person.pk in self.retired:
            return self.retired[person.pk]
        return oracle.legacy(person, with_guests=self.with_guests)

    def _held(self, person: User) -> dict[Stage, set[Held]]:
        old = self._legacy(person)
        central = old | self.native[person.pk]
        below = dict.fromkeys((Stage.OFF, Stage.SHADOW), old)
        return {**below, Stage.ENFORCE: central, Stage.RETIRED: central}

    def _note(self, person: User, wanted: Held, change: Change, before: set[Held]) -> None:
        if change.changed and not change.sources:
            self.native[person.pk].add(wanted)
        after = self._legacy(person)
        assert wanted in after | self.native[person.pk]
        assert after - before <= {wanted}
        assert before <= after

    def _come_to_rest(self) -> None:
        """Once nothing happens any more, central facts less native ones are those of legacy."""
        self._run(with_guests=True)
        sync(*self.people)
        for person in self.people:
            stored, native = looks.stored(person)
            assert stored | native == self._legacy(person) | self.native[person.pk]
            if person.pk not in self.retired:
                assert is_fresh(person)
                assert (stored, native) == (self._legacy(person), self.native[person.pk])


@contextmanager
def crashing(passes: int) -> Iterator[None]:
    """Kill what is done inside at one of its statements; then nothing is left of it."""
    before = legacy_rows(), standing()
    try:
        with Bomb(passes).planted():
            yield
    except (Crash, LostAtCommit):
        assert (legacy_rows(), standing()) == before


def standing() -> dict[str, object]:
    rows = toolkit_rows()
    del rows["authmigration_mappingversion"]
    return rows


def empty_everything() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for name in tables():
            if not name.startswith(("django_", "auth_permission")):
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(name)}")
        cursor.execute("DELETE FROM authmigration_changemark")
    forget_everything()
