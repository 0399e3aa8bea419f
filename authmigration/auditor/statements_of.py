"""The conditions and the expressions of a function, with their lines."""

from collections.abc import Iterator

from .project.definitions import Function
from .source.expressions import Node

Found = tuple[Function, Node, int]

# Where the blocks of a statement stand, and where its own expressions do.
BLOCKS = {"if": (2, 3), "while": (2, 3), "for": (3, 4), "with": (2,), "try": (1, 3, 4), "def": (4,)}
OWN = {
    **dict.fromkeys(("if", "while", "eval", "return", "raise", "assert"), (1,)),
    "set": (2,),
    "for": (2,),
}
LINE = {"if": 4, "while": 4, "for": 5, "set": 3}
TESTED = {"bool", "cmp", "not", "attr", "call"}


def statements(body: Node) -> Iterator[Node]:
    """Yield the statements of a block and of the blocks inside it."""
    for node in body:
        yield node
        for place in BLOCKS.get(node[0], ()):
            yield from statements(node[place])
        if node[0] == "try":
            for _type, _name, handler in node[2]:
                yield from statements(handler)


def tests_in(function: Function) -> Iterator[Found]:
    """Yield what a function tests, and the comparisons that it returns or keeps."""
    for node in statements(function.body):
        kind = node[0]
        if kind in {"if", "while", "assert"} or (kind == "return" and node[1][0] in TESTED):
            yield function, node[1], line_of(node)
        elif kind == "set" and node[2][0] in {"bool", "cmp", "not"}:
            yield function, node[2], node[3]


def expressions_in(function: Function) -> Iterator[Found]:
    """Yield the expressions of every statement of a function."""
    for node in statements(function.body):
        for place in OWN.get(node[0], ()):
            yield function, node[place], line_of(node)
        if node[0] == "with":
            for expression, _target in node[1]:
                yield function, expression, node[3]


def line_of(node: Node) -> int:
    """Return the line of a statement."""
    return int(node[LINE.get(node[0], 2)])
