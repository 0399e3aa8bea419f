"""What the steps of the demo share: servers, screen, promises, and the figures of each step."""

import io
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.core.management import call_command

from monolith.demo.cast import Cast
from monolith.demo.ledger import Rows, changed, photograph
from monolith.demo.screen import Screen
from monolith.demo.servers import Server
from monolith.demo.visitors import Visitor

COMPARED = ("equal", "intended", "expected", "lockout", "escalation")
SETTLED = 2.3
SEEN_WITHIN = 1.1
PATIENCE = 5.0


@dataclass
class Figures:
    """The closing table's line of one step."""

    step: str
    users: int
    checks: int
    intended: int
    lockouts: int
    escalations: int
    undo: float | None = None


@dataclass
class Story:
    """One run of the demo."""

    screen: Screen
    cast: Cast
    servers: list[Server]
    kept: int = 0
    broken: list[str] = field(default_factory=list)
    figures: list[Figures] = field(default_factory=list)
    picture: Rows = field(default_factory=dict)
    rows_changed: int = 0
    step: int = 0
    _before: dict[str, int] = field(default_factory=dict)

    def begin(self, title: str) -> None:
        """Open a step."""
        self.step += 1
        self.screen.step(self.step, title)
        self._before = self.comparisons()

    def end(self, title: str, undo: float | None = None) -> None:
        """Close a step: note its figures, and that no legacy row has changed."""
        status = self.status()
        now = self.comparisons(status)
        made = {key: now[key] - self._before[key] for key in COMPARED}
        self.figures.append(
            Figures(
                title,
                status["subjects"]["migrated"],
                sum(made.values()),
                made["intended"],
                made["lockout"],
                made["escalation"],
                undo,
            )
        )
        self.compare_legacy()

    def promise(self, text: str, kept: bool, detail: str = "") -> None:  # noqa: FBT001 -- the point
        """Count a promise as kept or broken, and say so."""
        self.screen.promise(text, kept=kept, detail=detail)
        if kept:
            self.kept += 1
        else:
            self.broken.append(text)

    def command(self, *words: str, show: bool = True) -> str:
        """Run a command of the toolkit as an administrator would, and show what it says."""
        out = io.StringIO()
        if show:
            self.screen.say(f"$ manage.py {' '.join(words)}")
        call_command(*words, stdout=out, no_color=True)
        if show:
            for line in out.getvalue().rstrip().splitlines():
                self.screen.say(f"  {line}")
        return out.getvalue()

    def status(self) -> dict[str, Any]:
        """Return what ``authz_status`` knows."""
        return json.loads(self.command("authz_status", "--json", show=False))

    def escalations(self) -> list[tuple[str, str]]:
        """Return fingerprint and origin of the open escalations."""
        listed = [line.split() for line in self.command("authz_mismatch", "list").splitlines()]
        return [(words[0], words[-1]) for words in listed if "escalation" in words]

    def comparisons(self, status: dict[str, Any] | None = None) -> dict[str, int]:
        """Return how often old and new were compared, by outcome."""
        found = (status or self.status())["comparisons"]
        return {key: found.get(key, 0) for key in COMPARED}

    def settle(self) -> None:
        """Wait until the servers have written down what they counted."""
        time.sleep(SETTLED)
        for server in self.servers:
            self.ask(server, self.cast.stranger, "/")

    def ask(self, server: Server, user: int, path: str) -> int:
        """Return the status with which a server answers one person."""
        visitor = Visitor(server, user)
        try:
            return visitor.get(path)
        finally:
            visitor.leave()

    def compare_legacy(self) -> None:
        """Count the legacy rows that differ from the last picture."""
        picture = photograph()
        self.rows_changed += changed(self.picture, picture)
        self.picture = picture

    def writes_legacy(self, write: Callable[[], object]) -> None:
        """Let the story itself change legacy rows, which are then not counted."""
        self.compare_legacy()
        write()
        self.picture = photograph()

    def seconds_until(self, path: str, user: int, status: int) -> float | None:
        """Wait until every server answers with a status; None if one does not in five seconds."""
        visitors = [Visitor(server, user) for server in self.servers]
        began = time.monotonic()
        waiting = list(visitors)
        while waiting and time.monotonic() - began < PATIENCE:
            waiting = [v for v in waiting if v.get(path) != status]
        seconds = time.monotonic() - began
        for visitor in visitors:
            visitor.leave()
        return None if waiting else seconds

    @property
    def foreign(self) -> str:
        """A page that the old world opens to the stranger (F01), and the new one does not."""
        return f"/courses/{self.cast.foreign}/edit/"
