"""Drives the client for the checker: python -m clients.checker -- python clients/python/driver.py.

With ``--async`` it drives the client of tasks.
"""

import asyncio
import json
import sys
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx

from authmigration_client import AuthError, Event, TokenAuth

Order = dict[str, Any]
writing = threading.Lock()


def say(said: Order) -> None:
    """Write one line."""
    with writing:
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()


def tell(event: Event) -> None:
    """Pass an event on."""
    say({"event": event.type, "reason": event.reason})


def opened(order: Order) -> TokenAuth:
    """Make what is under test."""
    named = {key: order[key] for key in ("prefix", "origins", "refresh_token", "name")}
    return TokenAuth(**named, on_event=tell)


def sync() -> None:
    """Carry orders out in threads."""
    state: Order = {}

    def carried_out(order: Order) -> Order:
        if order["do"] == "open":
            state["auth"] = opened(order)
            state["client"] = httpx.Client(auth=state["auth"], follow_redirects=True)
        elif order["do"] == "sign_out":
            state["auth"].sign_out()
        else:
            answer = state["client"].request(
                order["method"], order["url"], content=order.get("body")
            )
            return {"status": answer.status_code}
        return {"ok": True}

    def work(order: Order) -> None:
        try:
            say({"id": order["id"], **carried_out(order)})
        except AuthError as error:
            say({"id": order["id"], "error": error.code})
        except Exception as error:
            say({"id": order["id"], "error": repr(error)})

    with ThreadPoolExecutor(32) as pool:
        for line in sys.stdin:
            pool.submit(work, json.loads(line))
    if "client" in state:
        state["client"].close()


async def tasks() -> None:
    """Carry orders out in tasks."""
    state: Order = {}
    running: set[asyncio.Task[None]] = set()

    async def carried_out(order: Order) -> Order:
        if order["do"] == "open":
            state["auth"] = opened(order)
            state["client"] = httpx.AsyncClient(auth=state["auth"], follow_redirects=True)
        elif order["do"] == "sign_out":
            await state["auth"].asign_out()
        else:
            client, body = state["client"], order.get("body")
            answer = await client.request(order["method"], order["url"], content=body)
            return {"status": answer.status_code}
        return {"ok": True}

    while line := await asyncio.to_thread(sys.stdin.readline):
        task = asyncio.create_task(work(json.loads(line), carried_out))
        running.add(task)
        task.add_done_callback(running.discard)
    if "client" in state:
        await state["client"].aclose()


async def work(order: Order, carried_out: Callable[[Order], Awaitable[Order]]) -> None:
    """Carry one order out and say what came of it."""
    try:
        say({"id": order["id"], **await carried_out(order)})
    except AuthError as error:
        say({"id": order["id"], "error": error.code})
    except Exception as error:
        say({"id": order["id"], "error": repr(error)})


if __name__ == "__main__":
    if "--async" in sys.argv:
        asyncio.run(tasks())
    else:
        sync()
