"""The matrix of decisions, read from the file that a school's administrator reads."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from auth_lib import PLATFORM, Context, Effect, Fact

FILE = Path(__file__).parents[2] / "vectors" / "decisions.json"
MATRIX = json.loads(FILE.read_text(encoding="utf-8"))
OBJECTS: dict[str, list[str]] = MATRIX["objects, each with what it lies in"]
OPEN: dict[str, list[str]] = MATRIX["open to everybody"]
NOW = datetime.now(UTC)
LONG = timedelta(days=100)

ANONYMOUS = "somebody who is not logged in"
NOTHING = "nobody in particular"
CLOSED = "a closed account"


@dataclass(frozen=True)
class Row:
    """One question, its answer and the reason."""

    who: tuple[str, ...]
    asks: str
    by_name: bool
    object: str
    allowed: bool
    why: str

    def __str__(self) -> str:
        verb = "is" if self.by_name else "may"
        return f"{' and '.join(self.who)} {verb} {self.asks} {self.object}"

    @property
    def held(self) -> tuple[str, ...]:
        """What is held, in words, apart from what kind of subject it is."""
        return tuple(text for text in self.who if text not in {ANONYMOUS, NOTHING, CLOSED})


def _row(given: dict[str, object]) -> Row:
    by_name = "is" in given
    asks = str(given["is"] if by_name else given["may"])
    answer = {"yes": True, "no": False}[str(given["answer"])]
    who = tuple(given["who"])  # type: ignore[arg-type]
    return Row(who, asks, by_name, str(given["object"]), answer, str(given["why"]))


ROWS = [_row(given) for given in MATRIX["rows"]]


def context(name: str) -> Context:
    """Return the context of an object by its name: ``course A1`` is ``course:A1``."""
    if name == "the platform":
        return PLATFORM
    type_, _, id_ = name.partition(" ")
    return Context.of(type_, id_)


def lineage(name: str) -> tuple[Context, ...]:
    return tuple(context(each) for each in OBJECTS[name])


def fact(words: str) -> Fact:
    """Return what is held: ``student in course A1, ended``, ``refused on the platform``."""
    what, _, when = words.partition(", ")
    role, _, where = what.replace(" on the platform", " in the platform").partition(" in ")
    effect = Effect.REFUSE if role == "refused" else Effect.GRANT
    begins = NOW + LONG if when == "not yet begun" else None
    ends = NOW - LONG if when == "ended" else None
    name = "barred" if effect is Effect.REFUSE else role
    return Fact(name, context(where), effect, begins, ends)
