"""Answers that a test puts in place of a flag's; empty everywhere else."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from threading import Lock

_lock = Lock()
_numbers = count()
_layers: dict[int, Mapping[str, bool]] = {}

#: The answers in force, by name of the flag. Only this module writes here.
in_force: dict[str, bool] = {}


def put(answers: Mapping[str, bool]) -> int:
    """Lay answers over those in force, for every thread, and return the layer's number."""
    with _lock:
        number = next(_numbers)
        _layers[number] = dict(answers)
        _settle()
    return number


def take_away(number: int) -> None:
    """Take one layer away, whichever others were put meanwhile."""
    with _lock:
        del _layers[number]
        _settle()


def _settle() -> None:
    merged: dict[str, bool] = {}
    for number in sorted(_layers):
        merged.update(_layers[number])
    in_force.update(merged)
    for name in in_force.keys() - merged.keys():
        del in_force[name]
