"""A role that legacy never had, a write that no code announced, and a mistake in the policy."""

import time

from django.core.management.base import CommandError
from django.db import connection

from monolith.demo.fault import FAULT
from monolith.demo.servers import Server
from monolith.demo.statuses import FORBIDDEN, OK
from monolith.demo.story import SETTLED, Story


def assistant(story: Story) -> None:
    """Appoint a teaching assistant, and disturb the same person's legacy rows."""
    story.begin("A teaching assistant is appointed: a role that the old system never had")
    cast = story.cast
    page = f"/grades/{cast.grade}/edit/"
    first = story.servers[0]
    before = story.ask(first, cast.learner, page)
    story.command(
        "authz_assign",
        str(cast.learner),
        "ta",
        f"course:{cast.assisted}",
        "--reason",
        "helps with the exercises",
    )
    after = story.ask(first, cast.learner, page)
    story.promise(
        "the assistant may grade now", (before, after) == (FORBIDDEN, OK), f"{before}, {after}"
    )
    story.writes_legacy(lambda: _enrol(cast.learner, cast.third))
    status = story.ask(story.servers[-1], cast.learner, page)
    story.promise("and stays one while a legacy write makes the person stale", status == OK)
    status = story.ask(first, cast.learner, f"/courses/{cast.third}/")
    story.promise("the write itself is followed", status == OK, f"HTTP {status}")
    story.end("assistant appointed")


def raw_sql(story: Story) -> None:
    """Change a legacy row behind everybody's back."""
    story.begin("A raw SQL change in the legacy table is followed")
    cast = story.cast
    page = f"/courses/{cast.left}/"
    before = story.ask(story.servers[0], cast.leaver, page)
    story.writes_legacy(lambda: _withdraw(cast.leaver, cast.left))
    story.screen.say("UPDATE courses_enrolment SET status = 'withdrawn' WHERE ...")
    after = [story.ask(server, cast.leaver, page) for server in story.servers]
    story.promise(
        "the next request is denied, on every server",
        before == OK and set(after) == {FORBIDDEN},
        f"before {before}, after {', '.join(map(str, after))}",
    )
    story.end("raw SQL followed")


def fault(story: Story) -> None:
    """Deploy a policy with a mistake on one server."""
    story.begin("A release with a mistake in the central policy is deployed to one server")
    cast = story.cast
    page = f"/grades/{cast.mentored}/edit/"
    story.screen.say("in that release mentors may change grades; no legacy code ever allowed that")
    faulty = Server("faulty", **{FAULT: "1"})
    try:
        faulty.wait()
        first = story.ask(faulty, cast.mentor, page)
        after = story.ask(faulty, cast.mentor, page)
        time.sleep(SETTLED)
        story.ask(faulty, cast.mentor, "/")
    finally:
        faulty.stop()
    found = story.escalations()
    story.promise(
        "it is caught as a confirmed escalation, with the line it came from",
        len(found) == 1 and "demo/fault.py" in found[0][1],
        found[0][1] if found else "nothing found",
    )
    story.promise(
        "its cohort went back to shadow by itself: the next request is denied",
        after == FORBIDDEN,
        f"HTTP {first}, then {after}",
    )
    refused = _refused(story)
    story.promise("promotion is refused while it is open", refused)
    if found:
        why = "the release was taken back"
        story.command("authz_mismatch", "resolve", found[0][0], "--reason", why)
    story.command("authz_stage", "everyone", "enforce", "--reason", "the policy is right again")
    story.seconds_until(story.foreign, cast.stranger, FORBIDDEN)
    story.end("fault caught")


def _refused(story: Story) -> bool:
    try:
        story.command("authz_stage", "everyone", "enforce", "--reason", "too early", show=False)
    except CommandError as error:
        story.screen.say(str(error))
        return True
    return False


def _enrol(student: int, course: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO courses_enrolment (student_id, course_id, kind, status)"
            " VALUES (%s, %s, 10, 'active')",
            [student, course],
        )


def _withdraw(student: int, course: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE courses_enrolment SET status = 'withdrawn'"
            " WHERE student_id = %s AND course_id = %s",
            [student, course],
        )
