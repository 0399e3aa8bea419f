"""Check a client: ``python -m clients.checker [-k word] -- command that starts it``."""

from __future__ import annotations

import argparse
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from .conversations import play
from .drivers import DriverFault

VECTORS = Path(__file__).resolve().parents[2] / "tests" / "vectors" / "clients.json"


def main(arguments: list[str]) -> int:
    """Play every conversation, say how each went, and return the exit status."""
    options, command = parsed(arguments)
    conversations = json.loads(VECTORS.read_text(encoding="utf-8"))["conversations"]
    chosen = [one for one in conversations if options.k in one["name"]]
    failed = 0
    with ThreadPoolExecutor(options.j) as pool:
        outcomes = pool.map(lambda conversation: faults_of(conversation, command), chosen)
        for conversation, faults in zip(chosen, outcomes, strict=True):
            failed += bool(faults)
            verdict = "FAILED" if faults else "ok    "
            print(verdict, f"{conversation['section']:<5}", conversation["name"])
            for fault in faults:
                print(f"         {fault}", flush=True)
    print(f"{len(chosen) - failed} passed, {failed} failed")
    return 1 if failed or not chosen else 0


def faults_of(conversation: dict[str, Any], command: list[str]) -> list[str]:
    """Play one conversation; a program that breaks the rules fails it."""
    try:
        return play(conversation, command)
    except DriverFault as fault:
        return [str(fault)]


def parsed(arguments: list[str]) -> tuple[argparse.Namespace, list[str]]:
    """Return the options and the command."""
    parser = argparse.ArgumentParser(prog="python -m clients.checker", description=__doc__)
    parser.add_argument("-k", default="", metavar="word", help="only conversations with this word")
    parser.add_argument("-j", default=4, type=int, metavar="n", help="so many at the same time")
    parser.add_argument("command", nargs="+", help="what starts the program that drives the client")
    options = parser.parse_args(arguments)
    return options, options.command


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
