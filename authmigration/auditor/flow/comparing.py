"""Comparisons: what they say of whom, and that a test for None says little."""

from typing import TYPE_CHECKING

from ..source.expressions import Node
from .state import Frame
from .values import NOTHING, USER, Value, all_tokens, const, tokens_of

if TYPE_CHECKING:
    from .interpreter import Interpreter


def compared(interpreter: "Interpreter", frame: Frame, node: Node) -> Value:
    left = interpreter.evaluate(frame, node[1])
    rights = [interpreter.evaluate(frame, part) for part in node[3]]
    if node[2] in {("Is",), ("IsNot",)} and rights[0].kind == "const" and rights[0].ref is None:
        # Whether there is anything says nothing of whose it is.
        return null_test(left, is_none=node[2] == ("Is",))
    values = [left, *rights]
    request = any(value.kind == "request" for value in values)
    return Value(tokens_of(values) | ({USER} if request else NOTHING))


def null_test(value: Value, *, is_none: bool) -> Value:
    if value.kind == "const":
        return const((value.ref is None) is is_none, value.tokens)
    if value.kind in {"class", "function", "instance", "query"}:
        return const(not is_none)
    rows = frozenset(token for token in all_tokens(value) if token[0] == "row")
    return Value(
        all_tokens(value) - rows if len(rows) < 2 and not is_scoped(value) else all_tokens(value)
    )


def is_scoped(value: Value) -> bool:
    return USER in all_tokens(value)
