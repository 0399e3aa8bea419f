"""From the first school to everybody; each step is undone once, to see how long that takes."""

from authmigration import check, pinned, prefetch
from monolith.accounts.models import User
from monolith.courses.models import Course
from monolith.demo.statuses import ERROR, FORBIDDEN, OK
from monolith.demo.steps.starts import visits_of as visits
from monolith.demo.story import SEEN_WITHIN, Story
from monolith.demo.visitors import visit
from monolith.schools.members import members_of, schools
from monolith.schools.units import schools_of

SAMPLE = 60
VISITORS = 150


def one_school(story: Story) -> None:
    """Enforce the new answers for one school."""
    story.begin(f"Enforce for one school ({story.cast.school})")
    undo = _enforce(story, story.cast.school, "the first cohort")
    story.promise("flaw F01 is closed for its teachers", _answers(story, FORBIDDEN))
    story.end("enforce, one school", undo)


def quarter(story: Story) -> None:
    """Enforce the new answers for a quarter of the schools."""
    story.begin("Enforce for 25 %, by school")
    story.command("authz_stage", "25%", "enforce", "--reason", "the first school is quiet")
    stages = {unit: _stages(unit) for unit in schools()}
    mixed = [unit for unit, found in stages.items() if len(found) > 1]
    on = sum(found == {"enforce"} for found in stages.values())
    story.promise("no school is mixed", not mixed, f"{on} of {len(stages)} schools enforced")
    statuses = visit(story.servers, visits(VISITORS))
    story.promise("nobody saw an error", all(status < ERROR for status in statuses))
    story.settle()
    story.end("enforce, 25 %")


def everybody(story: Story) -> None:
    """Enforce the new answers for all."""
    story.begin("Enforce for everyone")
    undo = _enforce(story, "everyone", "a week without a lockout")
    statuses = visit(story.servers, visits(VISITORS))
    story.promise("nobody saw an error", all(status < ERROR for status in statuses))
    story.settle()
    status = story.status()["comparisons"]
    story.promise("no escalation and no lockout so far", _none(status, "escalation", "lockout"))
    story.end("enforce, everyone", undo)


def _enforce(story: Story, cohort: str, reason: str) -> float | None:
    """Enforce, undo, and enforce again; return how long the undoing took to be seen."""
    story.command("authz_stage", cohort, "enforce", "--reason", reason)
    seen = _seen(story, FORBIDDEN)
    story.promise("every server follows", seen is not None, f"{seen or 0:.2f} s")
    if cohort == "everyone":
        story.command("authz_stage", "25%", "shadow", "--reason", "part of the drill", show=False)
        story.command("authz_stage", story.cast.school, "shadow", "--reason", "drill", show=False)
    story.command("authz_stage", cohort, "shadow", "--reason", "a drill: can it be undone?")
    undo = _seen(story, OK)
    story.promise(
        "setting it back is seen by every server within 1.1 s",
        undo is not None and undo <= SEEN_WITHIN,
        f"{undo or 0:.2f} s",
    )
    story.command("authz_stage", cohort, "enforce", "--reason", "the drill went well", show=False)
    _seen(story, FORBIDDEN)
    return undo


def _seen(story: Story, status: int) -> float | None:
    return story.seconds_until(story.foreign, story.cast.stranger, status)


def _answers(story: Story, status: int) -> bool:
    return all(story.ask(s, story.cast.stranger, story.foreign) == status for s in story.servers)


def _stages(unit: str) -> set[str]:
    """Return the stages found among some members of a school who are in no other."""
    course = Course.objects.filter(school=int(unit.removeprefix("school:"))).first()
    keys = sorted(int(key) for key in members_of(unit))[:SAMPLE]
    alone = User.objects.filter(pk__in=keys, enrolments__status="active")
    people = [u for u in alone.distinct() if _schools(u) == {unit}]
    with pinned():
        prefetch(people)
        return {str(check(person, "course.view", course).stage) for person in people}


def _schools(user: User) -> set[str]:
    return set(schools_of(str(user.pk)))


def _none(counts: dict[str, int], *kinds: str) -> bool:
    return not any(counts.get(kind) for kind in kinds)
