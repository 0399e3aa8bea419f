"""What legacy checks and lists answer by: a check that decides without its object is blind."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..project.definitions import Function
from ..source.expressions import Node
from .guards import identifiers
from .state import Entry, Frame, State
from .statements import run_block
from .values import REQUEST, REQUESTER, USER, Value, all_tokens

if TYPE_CHECKING:
    from .interpreter import Interpreter

GIVEN = "given"
TRUE: Node = ("const", True)
UNSURE: Node = ("mix", ())
Exit = tuple[Value, State]


def blind_answers(interpreter: "Interpreter", function: Function) -> bool:
    """Tell whether a check says yes for a reason that its object has no part in."""
    for value, _state in exits(interpreter, function):
        tokens = all_tokens(value)
        decided = value.kind not in {"const", "row"} and USER in tokens
        if decided and not any(token[0] == GIVEN for token in tokens):
            return True
    return False


def open_lists(interpreter: "Interpreter", function: Function) -> bool:
    """Tell whether a list returns all rows to somebody who is not a superuser."""
    for value, state in exits(interpreter, function):
        if value.kind != "query" or value.ref.public or "superuser" in state.gates:
            continue
        if not any(token[0] in {"user", "safe"} for token in value.ref.scopes | value.tokens):
            return True
    return False


def exits(interpreter: "Interpreter", function: Function) -> list[Exit]:
    """Interpret a function for a requester and the objects that it is given."""
    interpreter.program.refuel()
    entry = Entry(function.symbol, function.module, function.line, None, function, None)
    frame = Frame(entry, function.module, function, State())
    names = [name for name, _, kind in function.parameters if kind in {"", "kw"}]
    for place, name in enumerate(names):
        given = Value(frozenset({(GIVEN, name)}))
        first = REQUEST if name == "request" else REQUESTER
        frame.state.env[name] = first if place == 0 else given
    run_block(interpreter, frame, tuple(apart(function.body)))
    return frame.returns


def apart(body: Node) -> Iterator[Node]:
    """Yield the statements with each reason for a yes on its own; superusers are left out."""
    for node in body:
        if node[0] == "return":
            for reason in reasons(node[1]):
                yield "if", UNSURE, (("return", reason, node[2]),), (), node[2]
        elif node[0] == "if" and node[2] and node[2][0][:2] == ("return", TRUE):
            for reason in reasons(node[1]):
                yield "if", UNSURE, (("return", reason, node[4]),), (), node[4]
            yield from apart(node[3])
        elif node[0] == "if":
            yield "if", node[1], tuple(apart(node[2])), tuple(apart(node[3])), node[4]
        else:
            yield node


def reasons(node: Node) -> list[Node]:
    """Return the operands of ``or``, those that ask for a superuser alone left out."""
    if node[0] == "bool" and node[1] == "or":
        return [reason for part in node[2] for reason in reasons(part)]
    if node[0] == "attr" and "superuser" in identifiers(node)[-1]:
        return []
    return [node]
