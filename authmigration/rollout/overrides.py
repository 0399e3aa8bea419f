"""What a running test puts in place of stages and facts, in every thread of the process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from auth_lib import Fact

from .stage import Stage


@dataclass(frozen=True, eq=False, slots=True)
class Trial:
    """One thing that a test asks for; it ends with its block.

    Attributes:
        stage: forced upon everybody; None to leave the stages alone.
        subject: who holds a further fact.
        fact: which one.
        simulated: whether facts are read from the legacy sources at each snapshot, as if every
            subject had been migrated at that moment.

    """

    stage: Stage | None = None
    subject: str | None = None
    fact: Fact | None = None
    simulated: bool = False


# Replaced whole and never changed, so that another thread reads one or the other.
_running: tuple[Trial, ...] = ()


def stage_for(subject: str | None) -> tuple[Stage, str] | None:
    """Return the stage that a test forces upon a subject, and what forced it; None outside one."""
    for trial in reversed(_running):
        if trial.stage is not None:
            return trial.stage, "at_stage"
    # A role that a test gives is held in the central world, and has to decide there.
    return (Stage.ENFORCE, "with_role") if facts_of(subject) else None


def facts_of(subject: str | None) -> tuple[Fact, ...]:
    """Return what a subject holds besides, by the will of a test."""
    return tuple(t.fact for t in _running if t.fact is not None and t.subject == subject)


def gives_facts() -> bool:
    """Whether a test lets anybody hold anything besides."""
    return any(trial.fact is not None for trial in _running)


def is_simulated(subject: str | None) -> bool:
    """Whether a subject counts as migrated by the will of a test."""
    return any(t.simulated and t.subject in (None, subject) for t in _running)


def put(trial: Trial) -> None:
    """Put a trial in place."""
    global _running  # noqa: PLW0603 -- what a test forces holds for the process
    _running = (*_running, trial)


def take_away(trial: Trial) -> None:
    """Take a trial away, in whatever order they end."""
    global _running  # noqa: PLW0603 -- as above
    _running = tuple(each for each in _running if each is not trial)


@contextmanager
def forced(stage: Stage) -> Iterator[None]:
    """Force a stage upon everybody inside the block; whoever is not migrated is, as in reality."""
    trial = Trial(stage)
    put(trial)
    try:
        yield
    finally:
        take_away(trial)
