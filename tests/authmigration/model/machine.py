"""A small platform on which anything may happen, and what must hold after each thing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from django.db import connection, transaction
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
from tests.authmigration.model.releases import ON_COURSES, ROLES, newer, older
from tests.authmigration.rows import is_fresh, legacy_rows, mark, sync, tables, toolkit_rows

WHO = {"actor": "test", "reason": "a test"}
BELOW_RETIRED = [Stage.OFF, Stage.SHADOW, *[Stage.ENFORCE] * 4]

people = courses = schools = st.integers(0, 2)
roles = st.sampled_from(ROLES)
writes = st.lists(st.sampled_from(WRITES), min_size=1, max_size=3)


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

    @rule(writes=writes, who=people, other=people, course=courses, school=schools)
    def write_into_legacy(self, writes, who, other, course, school) -> None:
        for write in writes:
            write(self.people[who], self.people[other], self.courses[course], self.schools[school])

    @rule()
    def rename_a_group(self) -> None:
        rename_registrars()

    @rule(who=people, role=roles, at=courses)
    def assign(self, who, role, at) -> None:
        self._assign(self.people[who], role, self._where(role, at))

    @rule(who=people, role=roles, at=courses)
    def unassign(self, who, role, at) -> None:
        self._unassign(self.people[who], role, self._where(role, at))

    @rule(who=people, at=courses, barred=st.booleans())
    def refuse_or_forgive(self, who, at, barred) -> None:
        person, where = self.people[who], self.courses[at]
        change, keep = (
            (assign, self.native[person.pk].add)
            if barred
            else (unassign, self.native[person.pk].discard)
        )
        change(person, STUDENT, where, effect=Effect.REFUSE, **WHO)
        keep(held(STUDENT, where, refused=True))

    @rule(who=people)
    def synchronise(self, who) -> None:
        sync(self.people[who])

    @rule()
    def backfill(self) -> None:
        sync(*self.people, bulk=True)

    @rule(who=st.none() | people)
    def mark_for_nothing(self, who) -> None:
        mark(None if who is None else self.people[who])

    @rule(with_guests=st.booleans())
    def deploy(self, with_guests) -> None:
        self.with_guests = with_guests
        self.stack.enter_context(registry.override(self.releases[with_guests]))

    @rule(who=people, fails=st.booleans())
    def work_in_a_process_of_the_older_release(self, who, fails) -> None:
        person = self.people[who]
        with registry.override(self.releases[False]):
            if fails:
                record_failure(str(person.pk), TimeoutError("too slow"), using="default")
            else:
                sync(person)

    @rule(school=st.none() | schools, stage=st.sampled_from(BELOW_RETIRED))
    def set_stage(self, school, stage) -> None:
        cohort = "everyone" if school is None else f"school:{self.schools[school].pk}"
        set_stage(cohort, stage, **WHO)

    @rule()
    def kill_and_lift(self) -> None:
        killing.kill(actor="test", reason="a test")
        self.everybody_is_allowed_what_the_facts_allow_and_no_more()
        killing.lift(actor="test", reason="a test")

    @rule(who=people, followed=st.booleans())
    def retire(self, who, followed) -> None:
        person, held_now = self.people[who], self._legacy(self.people[who])
        if followed:
            sync(person)
        try:
            set_stage(f"user:{person.pk}", Stage.RETIRED, **WHO)
        except StageRefused:
            assert not is_fresh(person)
        else:
            self.retired.setdefault(person.pk, held_now)

    @rule(who=people, passes=st.integers(0, 14))
    def crash_a_synchronisation(self, who, passes) -> None:
        with crashing(passes):
            sync(self.people[who])

    @rule(who=people, role=st.sampled_from(ON_COURSES), at=courses, passes=st.integers(0, 25))
    def crash_a_change(self, who, role, at, passes) -> None:
        person, where, done = self.people[who], self.courses[at], []
        before = self._legacy(person).copy()
        with crashing(passes):
            done.append(assign(person, role, where, **WHO))
        for change in done:
            self._note(person, held(role, where), change, before)

    @rule(at=courses)
    def delete_a_course(self, at) -> None:
        Course.objects.get(pk=self.courses[at].pk).delete()
        self.courses[at] = worlds.course(self.schools[at])

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

    def _where(self, role: Role, at: int) -> Course | object:
        return self.courses[at] if role.on == "course" else self.schools[at]

    def _legacy(self, person: User) -> set[Held]:
        if person.pk in self.retired:
            return self.retired[person.pk]
        return oracle.legacy(person, with_guests=self.with_guests)

    def _held(self, person: User) -> dict[Stage, set[Held]]:
        old = self._legacy(person)
        central = old | self.native[person.pk]
        below = dict.fromkeys((Stage.OFF, Stage.SHADOW), old)
        return {**below, Stage.ENFORCE: central, Stage.RETIRED: central}

    def _assign(self, person: User, role: Role, where: object) -> None:
        before = self._legacy(person).copy()
        self._note(person, held(role, where), assign(person, role, where, **WHO), before)

    def _note(self, person: User, wanted: Held, change: Change, before: set[Held]) -> None:
        if change.changed and not change.sources:
            self.native[person.pk].add(wanted)
        after = self._legacy(person)
        assert wanted in after | self.native[person.pk]
        assert after - before <= {wanted}
        assert before <= after

    def _unassign(self, person: User, role: Role, where: object) -> None:
        before, gone, rows = self._legacy(person).copy(), held(role, where), legacy_rows()
        try:
            unassign(person, role, where, **WHO)
        except NotRepresentable:
            assert legacy_rows() == rows
            return
        self.native[person.pk].discard(gone)
        self.retired.get(person.pk, set()).discard(gone)
        assert self._legacy(person) == before - {gone}

    def _come_to_rest(self) -> None:
        """Once nothing happens any more, central facts less native ones are those of legacy."""
        self.deploy(True)
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
