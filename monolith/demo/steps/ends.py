"""The kill switch, and the way back from it."""

import hashlib

from django.apps import apps

from monolith.demo.statuses import FORBIDDEN, OK
from monolith.demo.story import SEEN_WITHIN, Story


def kill_and_lift(story: Story) -> None:
    """Kill, look, and lift."""
    story.begin("Kill switch: every answer is legacy's again")
    cast = story.cast
    before = _moved()
    story.command("authz_kill", "on", "--reason", "a drill at the end of the demo")
    undo = story.seconds_until(story.foreign, cast.stranger, OK)
    story.promise(
        "every server process answers from legacy within 1.1 s",
        undo is not None and undo <= SEEN_WITHIN,
        f"{undo or 0:.2f} s, {len(story.servers)} processes",
    )
    page = f"/grades/{cast.grade}/edit/"
    status = [story.ask(server, cast.learner, page) for server in story.servers]
    story.promise(
        "strictly legacy: the assistant, unknown there, waits", set(status) == {FORBIDDEN}
    )
    story.promise("nothing moved: facts and states are row for row the same", _moved() == before)
    story.end("killed", undo)
    story.begin("The kill is lifted")
    story.command("authz_kill", "off", "--reason", "the drill is over")
    back = story.seconds_until(story.foreign, cast.stranger, FORBIDDEN)
    story.promise("every server is back at enforce", back is not None, f"{back or 0:.2f} s")
    status = [story.ask(server, cast.learner, page) for server in story.servers]
    story.promise(
        "the assistant is one again, without anything being restored", set(status) == {OK}
    )
    story.end("kill lifted")


def _moved() -> str:
    """Return one hash over all facts and states."""
    found = hashlib.sha256()
    for name in ("Assignment", "SubjectState"):
        rows = apps.get_model("authmigration", name).objects.order_by("pk").values_list()
        for row in rows.iterator(chunk_size=5000):
            found.update(repr(row).encode())
    return found.hexdigest()
