"""The stages of a rollout cohort, in their order."""

from __future__ import annotations

from enum import StrEnum

from ..errors import UnknownStage


class Stage(StrEnum):
    """How far a rollout cohort has come; each step but the last is undone by setting it back."""

    OFF = "off"
    SHADOW = "shadow"
    ENFORCE = "enforce"
    RETIRED = "retired"

    @property
    def rank(self) -> int:
        """The place in the order, ``off`` being 0."""
        return _RANK[self]

    @classmethod
    def named(cls, name: str) -> Stage:
        """Return a stage by its name.

        Raises:
            UnknownStage: there is none of that name.

        """
        try:
            return cls(name)
        except ValueError:
            raise UnknownStage(f"{name!r} is no stage; use one of {', '.join(cls)}.") from None

    def at_most(self, ceiling: Stage) -> Stage:
        """Return the lower of two stages."""
        return self if self.rank <= ceiling.rank else ceiling


_RANK = {stage: rank for rank, stage in enumerate(Stage)}
