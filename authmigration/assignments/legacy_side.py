"""What a change of access does in the legacy tables: one fact there, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import transaction

from auth_lib import Effect, Fact, Role

from ..errors import Busy, LegacyWouldLoseMore, NotRepresentable
from ..legacy import Source
from ..registry import Registry
from ..subjects import Subject
from .gathering import Facts, facts_of, gather
from .limits import require_only
from .planning import Sight
from .writing_back import write_off, write_on


@dataclass(frozen=True, slots=True)
class LegacySide:
    """The legacy tables of one subject, for the change of one fact under its claim.

    Attributes:
        declared: the registry in force.
        subject: whose.
        role, fact: what is to come or to go.
        sight: what was read of the subject when it was claimed.
        now: when that was.
        using: the alias of the database.

    """

    declared: Registry
    subject: Subject
    role: Role
    fact: Fact
    sight: Sight
    now: datetime
    using: str

    def write_on(self) -> tuple[Source | None, str]:
        """Write into the first source that can hold the fact; else say why none can.

        Raises:
            Busy: somebody else changes the tables at the same moment.

        """
        if self.fact.effect == Effect.REFUSE:
            return None, "legacy has no way to refuse"
        if self.subject.user is None:
            return None, "legacy knows people only"
        reasons = ["no legacy source that yields this role can be written"]
        for source in self.declared.representable(self.role):
            write = partial(write_on, source, self.subject, self.role, self.fact, using=self.using)
            try:
                self._alone(write, gained=True)
            except (NotRepresentable, LegacyWouldLoseMore) as error:
                reasons.append(str(error))
            else:
                return source, ""
        return None, reasons[-1]

    def write_off(self, names: Iterable[str]) -> None:
        """End the fact in every source that yields it.

        Raises:
            NotRepresentable, LegacyWouldLoseMore: see :func:`authmigration.unassign`.
            Busy: somebody else changes the tables at the same moment.

        """
        by_name = {source.name: source for source in self.declared.sources}
        sources = [by_name[name] for name in sorted(names)]
        for source in sources:
            if source.write is None:
                raise NotRepresentable(
                    f"Source {source.name} yields {self.role.name} in {self.fact.context} and "
                    "declares no write=; take it away in the legacy platform, or declare how."
                )
        if sources:
            self._alone(partial(self._end_in, sources), gained=False)

    def yielded(self) -> Facts:
        """Return what the sources yield now."""
        return facts_of(gather(self.declared, [self._id], using=self.using)[self._id])

    @property
    def _id(self) -> str:
        return str(self.subject.id)

    def _end_in(self, sources: Iterable[Source]) -> None:
        for source in sources:
            write_off(source, self.subject, self.role, self.fact.context, using=self.using)

    def _alone(self, write: Callable[[], None], *, gained: bool) -> None:
        """Write, and insist that nothing else has changed; nothing is written otherwise."""
        before = facts_of_sight(self.sight)
        try:
            with transaction.atomic(self.using):
                write()
                require_only(before, self.yielded(), self.fact, self.now, gained=gained)
        except (NotRepresentable, LegacyWouldLoseMore):
            if self.yielded() != before:
                raise Busy(
                    f"The legacy rows of subject {self._id} were changed by somebody else at the "
                    "same moment; try again."
                ) from None
            raise


def facts_of_sight(sight: Sight) -> Facts:
    """Return the facts that the sources yielded when a subject was claimed.

    Raises:
        Exception: what made reading them fail.

    """
    if sight.failure is not None:
        raise sight.failure
    return sight.wanted
