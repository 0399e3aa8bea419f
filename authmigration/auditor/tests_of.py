"""The conditions in a function: what ``if``, ``while``, ``assert`` and ``… if …`` test."""

from collections.abc import Iterator

from .project.definitions import Function
from .source.expressions import Node

Test = tuple[Function, Node, int]


def tests_in(function: Function) -> Iterator[Test]:
    """Yield each condition of a function with its line; those of inner functions too."""
    for node in function.body:
        yield from of_statement(function, node)


def of_statement(function: Function, node: Node) -> Iterator[Test]:
    kind = node[0]
    if kind in {"if", "while"}:
        yield function, node[1], node[4]
    elif kind == "assert" or (
        kind == "return" and node[1][0] in {"bool", "cmp", "not", "attr", "call"}
    ):
        yield function, node[1], node[2]
    elif kind == "set" and node[2][0] in {"bool", "cmp", "not", "cond"}:
        test = node[2][1] if node[2][0] == "cond" else node[2]
        yield function, test, node[3]
    for part in node[1:]:
        if isinstance(part, tuple):
            yield from inside(function, part)


def inside(function: Function, body: Node) -> Iterator[Test]:
    """Yield the conditions of the statements in a block."""
    for part in body:
        if isinstance(part, tuple) and part and isinstance(part[0], str) and part[0] in BLOCKS:
            yield from of_statement(function, part)
        elif isinstance(part, tuple) and part and isinstance(part[0], tuple):
            yield from inside(function, part)


BLOCKS = {"if", "while", "assert", "return", "set", "for", "with", "try", "def"}
