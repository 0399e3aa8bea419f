"""What the auditor reports."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, order=True)
class Step:
    """One link of the chain from what the client sends to what happens with the row."""

    path: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A place where a rule found something.

    ``level``: error, warning or note. ``confidence``: 0 to 100, how sure the reading is.
    """

    rule: str
    path: str
    line: int
    end_line: int
    symbol: str
    level: str
    confidence: int
    message: str
    evidence: tuple[Step, ...] = field(default=())

    @property
    def order(self) -> tuple[str, int, str]:
        """By place, then by rule."""
        return self.path, self.line, self.rule
