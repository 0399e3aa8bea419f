"""What a call returns and does."""

from typing import TYPE_CHECKING

from ..source.expressions import Node
from . import attributes
from .applying import apply
from .functions import Arguments, Call
from .guards import identifiers
from .methods import method
from .state import Frame
from .values import NOTHING, Value, all_tokens
from .words import CHECKS, WRITES

if TYPE_CHECKING:
    from .interpreter import Interpreter

# They answer and never raise: an answer that nobody reads checks nothing.
QUESTIONS = {"has_perm", "has_perms", "ahas_perm", "ahas_perms", "has_object_permission"}


def call(interpreter: "Interpreter", frame: Frame, node: Node) -> Value:
    """Evaluate a call; one that the configuration calls a guard checks what it is given."""
    function = node[1]
    arguments = evaluated(interpreter, frame, node)
    if interpreter.program.guards & set(identifiers(function)[-1:]):
        interpreter.guard(frame, arguments.tokens())
    if function[0] == "attr":
        receiver = interpreter.evaluate(frame, function[1])
        return method(interpreter, frame, Call(receiver, function[2], arguments, node[4]))
    if function == ("name", "super"):
        return Value(NOTHING, "super", (frame.self, frame.owner))
    if function == ("name", "getattr") and len(arguments.positional) > 1:
        return got(interpreter, frame, arguments, node[4])
    return apply(interpreter, frame, interpreter.evaluate(frame, function), arguments, node)


def got(interpreter: "Interpreter", frame: Frame, arguments: Arguments, line: int) -> Value:
    """Return what ``getattr`` returns where the name is a constant."""
    held, name = arguments.positional[:2]
    if name.kind == "const" and isinstance(name.ref, str):
        return attributes.of(interpreter, frame, held, name.ref, line)
    if held.kind == "instance" and held.ref.view:
        return Value(NOTHING, "handler", held)
    return Value(arguments.tokens())


def evaluated(interpreter: "Interpreter", frame: Frame, node: Node) -> Arguments:
    """Evaluate the arguments of a call."""
    arguments = Arguments()
    for item in node[2]:
        value = interpreter.evaluate(frame, item)
        if item[0] == "star" and value.kind == "list":
            arguments.positional += value.ref
        elif item[0] != "star" or value.tokens:
            arguments.positional.append(value)
    for name, item in node[3]:
        value = interpreter.evaluate(frame, item)
        if name is None:
            arguments.rest = value
        else:
            arguments.keywords[name] = value
    return arguments


def statement(interpreter: "Interpreter", frame: Frame, node: Node, line: int) -> Value:
    """Evaluate a call that stands alone: a check that raises, or something done to a row."""
    value = call(interpreter, frame, node)
    tokens = all_tokens(value)
    name = identifiers(node[1])[-1:]
    rows = frozenset(token for token in tokens if token[0] in {"row", "client"})
    if not rows or not name:
        return value
    known = resolved(interpreter, frame, node)
    if name[0] in QUESTIONS and not known:
        return value
    if not known and CHECKS.search(name[0]) and any(t[0] in {"user", "safe"} for t in tokens):
        interpreter.guard(frame, rows)
    elif not known and name[0] not in WRITES:
        interpreter.use(frame, rows, "pass", line)
    return value


def resolved(interpreter: "Interpreter", frame: Frame, node: Node) -> bool:
    """Tell whether the body of the called function was read."""
    function = node[1]
    if function[0] == "name":
        return interpreter.name(frame, function[1]).kind == "function"
    if function[0] == "attr" and function[1][0] in {"name", "attr"}:
        held = interpreter.evaluate(frame, function[1])
        if held.kind in {"instance", "row"}:
            klass = held.ref.klass if held.kind == "instance" else held.ref
            return (
                bool(klass) and interpreter.program.hierarchy.method(klass, function[2]) is not None
            )
        return held.kind == "query"
    return False
