"""What a check of the token costs a service: CPU of its worker for each request, over HTTP."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from statistics import median

from auth_lib import Key
from benchmarks import engines
from benchmarks.report import ROOT, Report
from benchmarks.rounds import Paired
from benchmarks.token_apps import KINDS
from benchmarks.token_samples import SECRET, course_ids, token

SIZES = (20, 500)


def measure(report: Report) -> None:
    """Send the same requests to services that differ in their check alone."""
    with ExitStack() as stack:
        services = {kind: stack.enter_context(service(kind)) for kind in KINDS}
        for number in SIZES:
            measure_size(report, services, number)


def measure_size(report: Report, services: dict[str, HTTPConnection], number: int) -> None:
    """Report the checks of tokens with so many contexts."""
    headers = {"Authorization": f"Bearer {token(Key.from_secret(SECRET), number)}"}
    path = f"/courses/{course_ids(number)[-1]}/grades"
    requests = report.sized(200, 5)
    taken: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for kind in KINDS:
        cpu_of(services[kind], path, headers, requests)
    for round_ in range(report.sized(15, 2)):
        for kind in KINDS[round_ % 2 :: 1] + KINDS[: round_ % 2]:
            taken[kind].append(cpu_of(services[kind], path, headers, requests))
    for kind, peer, name, bound in (
        ("ours", "pyjwt", "the same service with PyJWT", 1.15),
        ("cached", "none", "the same service without any check", 1.25),
    ):
        ratios = tuple(a / b for a, b in zip(taken[kind], taken[peer], strict=True))
        measured = Paired(median(taken[kind]), median(taken[peer]), ratios)
        what = "verified tokens kept" if kind == "cached" else "every token verified"
        report.compare(
            f"worker CPU of a request, {number} contexts, {what}",
            measured,
            peer=name,
            unit="us",
            limit=("<=", bound),
        )


def cpu_of(connection: HTTPConnection, path: str, headers: dict[str, str], requests: int) -> float:
    """Return the CPU seconds that a worker takes for one request."""
    begin = asked(connection, "/cpu", {})
    for _ in range(requests):
        asked(connection, path, headers)
    return (asked(connection, "/cpu", {}) - begin) / requests


def asked(connection: HTTPConnection, path: str, headers: dict[str, str]) -> float:
    """Return what a path answers, read as JSON."""
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    body = response.read()
    assert response.status == 200, body
    return json.loads(body)


@contextmanager
def service(kind: str) -> Iterator[HTTPConnection]:
    """Yield a connection to a service with one kind of check."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "benchmarks.token_apps:app", f"--port={port}"]
    # A connection waits while the other services are measured: on a loaded machine for long.
    command += [
        "--log-level=error",
        "--no-access-log",
        "--lifespan=off",
        "--timeout-keep-alive=600",
    ]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "KIND": kind})
    try:
        connection = HTTPConnection("127.0.0.1", port, timeout=10)
        until_it_answers(connection)
        yield connection
        connection.close()
    finally:
        process.terminate()
        process.wait(10)


def until_it_answers(connection: HTTPConnection) -> None:
    """Wait until a service answers."""
    until = time.monotonic() + 30
    while True:
        try:
            asked(connection, "/cpu", {})
        except OSError:
            connection.close()
            assert time.monotonic() < until, "the service did not start"
            time.sleep(0.05)
        else:
            return


if __name__ == "__main__":
    sys.exit(engines.run(measure))
