"""Nothing, then shadow, then the long tail, then whether old and new agree."""

import random

from authmigration import parity as measured
from monolith.courses.models import Enrolment
from monolith.demo.statuses import ERROR, FORBIDDEN, OK
from monolith.demo.story import Story
from monolith.demo.visitors import visit
from monolith.lectures.models import Lecture

ARRIVALS = 2000
WARM_UP = 100
SEED = 7


def off(story: Story) -> None:
    """Ask at stage off: the old answers, and nothing written."""
    story.begin("Stage off: installed, and nothing has changed")
    statuses = visit(story.servers, visits_of(WARM_UP))
    answered = statuses[OK] + statuses[FORBIDDEN]
    story.promise("at stage off everybody is answered", answered == WARM_UP, _said(statuses))
    flaw = story.ask(story.servers[0], story.cast.stranger, story.foreign)
    story.promise("flaw F01 is open, as it always was", flaw == OK, f"HTTP {flaw}")
    subjects = story.status()["subjects"]
    story.promise("no subject was touched", subjects["migrated"] == 0)
    story.end("off")


def arrive(story: Story) -> None:
    """Let people come at stage shadow."""
    story.begin("Shadow: people arrive over HTTP and are migrated lazily; legacy still answers")
    story.command("authz_capture", "install")
    story.command("authz_stage", "everyone", "shadow", "--reason", "compare before anything counts")
    visits = visits_of(ARRIVALS)
    with story.screen.bar("people arrive", len(visits)) as bar:
        statuses = visit(story.servers, visits, seen=bar.advance)
    story.settle()
    failed = sum(count for status, count in statuses.items() if status >= ERROR)
    story.promise("nobody saw an error", failed == 0, _said(statuses))
    migrated = story.status()["subjects"]["migrated"]
    came = len({user for user, _ in visits})
    story.promise(
        "most were migrated on arrival, the rest answered by legacy without waiting",
        migrated >= came // 2,
        f"{migrated:,} of {came:,} people",
    )
    story.end("shadow, arrivals")


def backfill(story: Story) -> None:
    """Migrate those who did not come."""
    story.begin("Backfill: the long tail, in leased chunks")
    story.command("authz_backfill")
    subjects = story.status()["subjects"]
    story.promise(
        "everybody is migrated",
        subjects["unmigrated"] == 0 and subjects["quarantined"] == 0,
        f"{subjects['migrated']:,} migrated, {subjects['quarantined']} quarantined",
    )
    story.end("backfill")


def parity(story: Story) -> None:
    """Compare facts of everybody, and decisions and lists of a sample."""
    story.begin("Parity: facts of everybody, decisions and lists of a sample")
    total = story.status()["subjects"]["migrated"]
    with story.screen.bar("facts", total) as bar:
        facts = measured.facts(progress=bar.advance)
    with story.screen.bar("decisions", 100) as bar:
        decisions = measured.decisions(subjects=100, objects=4, seed=SEED, progress=bar.advance)
    with story.screen.bar("lists", 150) as bar:
        lists = measured.lists(subjects=150, seed=SEED, progress=bar.advance)
    for name, found in (("facts", facts), ("decisions", decisions), ("lists", lists)):
        intended = found.kinds["intended"]
        story.promise(
            f"old and new {name} agree but for what is declared stricter",
            found.holds and found.pending == 0,
            f"{found.compared:,} compared, {intended:,} intended"
            + "".join(f"; {example}" for example in found.examples),
        )
    story.end("parity")


def visits_of(count: int) -> list[tuple[int, str]]:
    """Return who comes, and to which page: a course of theirs, or a lecture of it."""
    chance = random.Random(SEED)  # noqa: S311 -- the same people every time
    places = Enrolment.objects.filter(student__is_active=True).order_by("pk")
    lectures = dict(Lecture.objects.filter(published=True).values_list("course", "pk"))
    one_each = dict(places.values_list("student", "course"))
    chosen = chance.sample(sorted(one_each), min(count, len(one_each)))
    return [(s, _page(one_each[s], lectures.get(one_each[s]))) for s in chosen]


def _page(course: int, lecture: int | None) -> str:
    return f"/courses/{course}/" if lecture is None or course % 2 else f"/lectures/{lecture}/"


def _said(statuses: dict[int, int]) -> str:
    return ", ".join(f"{count:,} x HTTP {status}" for status, count in sorted(statuses.items()))
