"""Interpret statements: what holds after each of them, on every way."""

from typing import TYPE_CHECKING

from ..project.definitions import Function, class_of
from ..source.expressions import Node
from .guards import Effect, apply, condition
from .readout import taken
from .state import Frame, State, merge
from .values import (
    NOTHING,
    UNKNOWN,
    Closure,
    Tokens,
    Value,
    all_tokens,
    truth,
)

if TYPE_CHECKING:
    from .interpreter import Interpreter

UNROLLED = 8


def run_block(interpreter: "Interpreter", frame: Frame, body: Node) -> None:
    """Interpret statements in order until none of the ways goes on."""
    for node in body:
        if frame.state.dead or interpreter.program.fuel <= 0:
            return
        STATEMENTS[node[0]](interpreter, frame, node)


def assigned(interpreter: "Interpreter", frame: Frame, node: Node) -> None:
    value = interpreter.evaluate(frame, node[2])
    if value.kind == "const" and frame.state.conds:
        value = value.also(frame.state.conds)
    for target in node[1]:
        assign(interpreter, frame, target, value)


def assign(interpreter: "Interpreter", frame: Frame, target: Node, value: Value) -> None:
    """Bind a value to a name, an attribute, an item or several at once."""
    kind = target[0]
    if kind == "name":
        old = frame.state.env.get(target[1])
        wrapped = old is not None and old.kind == "request" and value.kind == ""
        frame.state.env[target[1]] = old if wrapped and old else value
    elif kind == "attr":
        owner = interpreter.evaluate(frame, target[1])
        if owner.kind == "instance":
            owner.ref.attributes[target[2]] = value
        elif owner.kind not in {"request", "user"}:  # what those carry is stored nowhere
            interpreter.use(frame, all_tokens(value), "attach", target[3])
    elif kind == "item":
        held = interpreter.evaluate(frame, target[1])
        widen(interpreter, frame, target[1], held, value)
    elif kind == "list":
        for place, part in enumerate(target[1]):
            assign(interpreter, frame, part, element(value, place))
    elif kind == "star":
        assign(interpreter, frame, target[1], value)


def widen(interpreter: "Interpreter", frame: Frame, place: Node, held: Value, value: Value) -> None:
    """Let a container know what was put into it."""
    if held.kind in {"", "const", "dict", "list", "inputs"} and place[0] in {"name", "attr"}:
        found = Value(all_tokens(held) | all_tokens(value))
        assign(interpreter, frame, place, found if held.kind != "inputs" else held)


def element(value: Value, place: int) -> Value:
    """Return one of several values that are bound at once."""
    if value.kind == "list" and place < len(value.ref):
        item: Value = value.ref[place]
        return item
    if value.kind == "query":
        return Value(all_tokens(value))
    return Value(
        all_tokens(value), value.kind if value.kind in {"row", "inputs"} else "", value.ref
    )


def evaluated(interpreter: "Interpreter", frame: Frame, node: Node) -> None:
    interpreter.alone(frame, node[1], node[2])


def branched(interpreter: "Interpreter", frame: Frame, node: Node) -> None:
    effect = condition(interpreter, frame, node[1])
    known = truth(effect.value) if not effect.value.tokens else None
    outside = frame.state.conds
    if known is not None:
        run_block(interpreter, frame, node[2] if known else node[3])
        return
    before = frame.state
    frame.entry.ever |= effect.guards
    then, firm = one_way_of(interpreter, frame, before, effect, node[2])
    orelse, else_firm = one_way_of(interpreter, frame, before, effect, node[3], then=False)
    if then.dead and orelse.dead:
        then.dead = True
        frame.state = then
        return
    frame.state = merge(then, orelse)
    one_way = then.dead or orelse.dead
    if not one_way and not node[3]:
        frame.state.guards -= effect.guards - before.guards - firm  # nobody was turned away
    if one_way:
        frame.entry.insisted.append(effect.guards | (else_firm if then.dead else firm))
    else:
        frame.entry.insisted.append(firm & else_firm)
    frame.state.conds = outside | (all_tokens(effect.value) if one_way else frozenset())


def one_way_of(
    interpreter: "Interpreter",
    frame: Frame,
    before: State,
    effect: Effect,
    block: Node,
    *,
    then: bool = True,
) -> tuple[State, Tokens]:
    """Run one way of a branch; return what holds after it, and what it turned somebody away for."""
    insisted = frame.entry.insisted
    start = len(insisted)
    frame.state = before.copy()
    apply(frame.state, effect, then=then)
    run_block(interpreter, frame, block)
    firm = NOTHING.union(*insisted[start:])
    del insisted[start:]
    return frame.state, firm


def looped(interpreter: "Interpreter", frame: Frame, node: Node) -> None:
    items = interpreter.evaluate(frame, node[2])
    outside = frame.state.conds
    if items.kind == "list" and not items.tokens and len(items.ref) <= UNROLLED:
        for item in items.ref:
            assign(interpreter, frame, node[1], item)
            run_block(interpreter, frame, node[3])
        frame.state.dead = frame.state.dead and bool(items.ref)
    else:
        before = frame.state.copy()
        assign(interpreter, frame, node[1], interpreter.each(frame, items, node[5]))
        run_block(interpreter, frame, node[3])
        frame.state = merge(frame.state, before) if not frame.state.dead else before
    frame.state.conds = outside
    run_block(interpreter, frame, node[4])


def repeated(interpreter: "Interpreter", frame: Frame, node: Node) -> None:
    branched(interpreter, frame, ("if", node[1], node[2], node[3], node[4]))


def returned(interpreter: "Interpreter", frame: Frame, node: Node) -> None:
    value = interpreter.evaluate(frame, node[1])
    if frame.function is not None and frame.function in frame.entry.handlers:
        interpreter.use(frame, taken(interpreter, frame, value, node[2]), "read", node[2])
    frame.returns.append((value, frame.state.copy()))
    frame.state.dead = True


def raised(interpreter: "Interpreter", frame: Frame, node: Node) -> None:
    interpreter.evaluate(frame, node[1])
    frame.state.dead = True


def stopped(_interpreter: "Interpreter", frame: Frame, _node: Node) -> None:
    frame.state.dead = True


def tried(interpreter: "Interpreter", frame: Frame, node: Node) -> None:
    before = frame.state.copy()
    run_block(interpreter, frame, node[1])
    run_block(interpreter, frame, node[3])
    result = frame.state
    for _type, name, body in node[2]:
        frame.state = before.copy()
        frame.state.env = {**result.env, **before.env}
        if name:
            frame.state.env[name] = UNKNOWN
        run_block(interpreter, frame, body)
        result = merge(result, frame.state)
    frame.state = result
    run_block(interpreter, frame, node[4])


def within(interpreter: "Interpreter", frame: Frame, node: Node) -> None:
    for expression, target in node[1]:
        value = interpreter.evaluate(frame, expression)
        if target:
            assign(interpreter, frame, target, value)
    run_block(interpreter, frame, node[2])


def defined(_interpreter: "Interpreter", frame: Frame, node: Node) -> None:
    outer = frame.function.symbol if frame.function else ""
    function = Function(node[1], frame.module, node, None, outer)
    bound = Closure(function, frame.state.env)
    frame.state.env[node[1]] = Value(frozenset(), "function", bound)


def defined_class(_interpreter: "Interpreter", frame: Frame, node: Node) -> None:
    outer = frame.function.symbol if frame.function else ""
    frame.state.env[node[1]] = Value(frozenset(), "class", class_of(node, frame.module, outer))


def imported(interpreter: "Interpreter", frame: Frame, node: Node) -> None:
    for name, dotted in node[1]:
        frame.state.env[name] = interpreter.imported(dotted)


def asserted(interpreter: "Interpreter", frame: Frame, node: Node) -> None:
    effect = condition(interpreter, frame, node[1])
    conds = frame.state.conds
    apply(frame.state, effect, then=True)
    frame.state.conds = conds


STATEMENTS = {
    "set": assigned,
    "eval": evaluated,
    "if": branched,
    "for": looped,
    "while": repeated,
    "return": returned,
    "raise": raised,
    "stop": stopped,
    "try": tried,
    "with": within,
    "def": defined,
    "class": defined_class,
    "import": imported,
    "assert": asserted,
}
