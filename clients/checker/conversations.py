"""Play one conversation of tests/vectors/clients.json against a client."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from .drivers import Driver, result_of
from .platform import LOST, Platform

Step = dict[str, Any]

# An event may be told a moment after the answer that it belongs to.
SOON = 2.0


def play(conversation: dict[str, Any], command: Sequence[str]) -> list[str]:
    """Return what was not as it should be; nothing if all was."""
    with Platform(life=conversation.get("life", 300)) as platform, Driver(command) as driver:
        refresh_token = platform.families.begin()
        opened = driver.order(
            "open",
            prefix=f"{platform.here}/auth/",
            origins=[platform.here],
            refresh_token=refresh_token,
            name="checked/1.0",
        )
        result_of(opened)
        faults = []
        for number, step in enumerate(conversation["steps"], 1):
            faults += [f"step {number}: {fault}" for fault in taken(step, platform, driver)]
        if platform.counts["undeclared"]:
            faults.append("a request with a token did not declare the client (X-Auth-Client)")
        return faults


def taken(step: Step, platform: Platform, driver: Driver) -> list[str]:
    """Take one step and return what was not as it should be."""
    match step:
        case {"get": paths, "gives": wanted}:
            several = paths if isinstance(paths, list) else [paths]
            return got(several, wanted, platform, driver)
        case {"post": path, "gives": wanted}:
            order = driver.order("request", method="POST", url=platform.here + path, body="x")
            return compared(f"POST {path}", wanted, result_of(order))
        case {"sign_out": wanted}:
            return compared("sign_out", wanted, result_of(driver.order("sign_out")))
        case {"counts": wanted}:
            return counted(wanted, platform)
        case {"event": wanted}:
            return told(wanted, driver)
    arrange(step, platform)
    return []


def arrange(step: Step, platform: Platform) -> None:
    """Let something happen at the issuer, or let time pass.

    Raises:
        ValueError: there is no such step.

    """
    match step:
        case {"lose": path}:
            platform.instead[path].append(LOST)
        case {"instead": path, "answer": answer}:
            platform.instead[path].append(answer)
        case {"tokens": "expire"}:
            platform.expire()
        case {"tokens": "behind"}:
            platform.news()
        case {"refresh_tokens": "age"}:
            platform.families.age()
        case {"wait": seconds}:
            time.sleep(seconds)
        case _:
            raise ValueError(f"no such step: {step}")


def got(paths: list[str], wanted: Any, platform: Platform, driver: Driver) -> list[str]:
    """Send requests at the same moment and compare what each gives."""
    origins = {True: platform.elsewhere, False: platform.here}
    orders = []
    for path in paths:
        origin = origins[path.startswith("elsewhere:")]
        url = origin + path.removeprefix("elsewhere:")
        orders.append((path, driver.order("request", method="GET", url=url)))
    return [
        fault
        for path, order in orders
        for fault in compared(f"GET {path}", wanted, result_of(order))
    ]


def counted(wanted: dict[str, int], platform: Platform) -> list[str]:
    """Compare counts."""
    counts = dict(platform.counts)
    counts |= {"rotations": platform.families.rotations, "reuses": platform.families.reuses}
    counts["contexts"] = max((len(one.contexts) for one in platform.issued.values()), default=0)
    return [
        fault
        for name, count in wanted.items()
        for fault in compared(name, count, counts.get(name, 0))
    ]


def told(wanted: list[str], driver: Driver) -> list[str]:
    """Look for an event with a reason; a client without events is not asked for them."""
    deadline = time.monotonic() + SOON
    while True:
        events = [[event["event"], event.get("reason")] for event in driver.events]
        if wanted in events:
            return []
        if time.monotonic() > deadline:
            return [f"the event {wanted} was not told, but {events}"] if events else []
        time.sleep(0.02)


def compared(what: str, wanted: Any, found: Any) -> list[str]:
    """Return a sentence where two values differ."""
    return [] if wanted == found else [f"{what}: {wanted!r} was expected, and {found!r} came"]
