"""Call functions of the tree: bind the arguments, interpret the body, tell what holds after."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from ..project.definitions import Function
from .state import Frame, State, shared_guards
from .statements import run_block
from .values import (
    NOTHING,
    UNKNOWN,
    USER,
    Closure,
    Tokens,
    Value,
    all_tokens,
    client,
    const,
    inputs,
    join,
)

if TYPE_CHECKING:
    from .interpreter import Interpreter

DEEPEST = 14
SAME_FUNCTION = 2


@dataclass(slots=True)
class Arguments:
    """The values of a call; ``rest`` is a mapping that was passed with ``**``."""

    positional: list[Value] = field(default_factory=list)
    keywords: dict[str, Value] = field(default_factory=dict)
    rest: Value | None = None

    def values(self) -> list[Value]:
        rest = [self.rest] if self.rest is not None else []
        return [*self.positional, *self.keywords.values(), *rest]

    def tokens(self) -> Tokens:
        """Return the tokens of all arguments; who passes the request passes the requester."""
        found = NOTHING.union(*(all_tokens(value) for value in self.values()))
        if any(value.kind == "request" for value in self.values()):
            return found | {USER}
        return found

    def get(self, place: int, name: str) -> Value | None:
        """Return the argument at a place or of a name."""
        if name in self.keywords:
            return self.keywords[name]
        return self.positional[place] if place < len(self.positional) else None

    def lookups(self) -> list[tuple[str, Value]]:
        """Return the keyword arguments of a filter, those of a mapping included."""
        found = list(self.keywords.items())
        if self.rest is not None and self.rest.kind == "dict":
            found += [(str(key), value) for key, value in self.rest.ref.items()]
        elif self.rest is not None and all_tokens(self.rest):
            found.append(("pk", self.rest))
        for value in self.positional:
            if value.kind == "q":
                found += value.ref
            elif value.tokens:
                found.append(("q__value", value))
        return found


@dataclass(slots=True, frozen=True)
class Call:
    """A method called on a value."""

    receiver: Value
    name: str
    arguments: Arguments
    line: int


def invoke(
    interpreter: "Interpreter", frame: Frame, closure: Closure, arguments: Arguments
) -> Value:
    """Interpret a function of the tree and let the caller know what it checked."""
    function = closure.function
    if frame.depth >= DEEPEST or running(frame, function) >= SAME_FUNCTION:
        return Value(arguments.tokens())
    interpreter.program.invoked.add(id(function.node))
    inner = entered(interpreter, frame, closure, arguments)
    run_block(interpreter, inner, function.body)
    if not inner.state.dead:
        inner.returns.append((const(None), inner.state))
    return left(frame, inner)


def running(frame: Frame | None, function: Function) -> int:
    """Return how often a function is being interpreted already."""
    count = 0
    while frame is not None:
        count += frame.function is not None and frame.function.node is function.node
        frame = frame.caller
    return count


def entered(
    interpreter: "Interpreter", frame: Frame, closure: Closure, arguments: Arguments
) -> Frame:
    """Return the frame of a call, its parameters bound."""
    before = frame.state
    state = replace(before, env={}, dead=False)
    inner = Frame(
        frame.entry,
        closure.function.module,
        closure.function,
        state,
        closure.function.owner,
        closure.self,
        frame.depth + 1,
        frame,
    )
    if closure.env:
        state.env.update(closure.env)
    bind(interpreter, inner, closure, arguments)
    return inner


def bind(interpreter: "Interpreter", frame: Frame, closure: Closure, arguments: Arguments) -> None:
    env = frame.state.env
    positional = list(arguments.positional)
    if closure.self is not None and not is_static(closure.function):
        positional.insert(0, closure.self)
    keywords = dict(arguments.keywords)
    for name, default, kind in closure.function.parameters:
        if kind == "*":
            env[name] = Value(NOTHING, "list", tuple(positional))
            positional = []
        elif kind == "**":
            env[name] = leftover(keywords, arguments.rest)
        elif kind != "kw" and positional:
            env[name] = positional.pop(0)
            keywords.pop(name, None)
        elif name in keywords:
            env[name] = keywords.pop(name)
        else:
            env[name] = from_rest(arguments.rest, name) or defaulted(interpreter, frame, default)


def leftover(keywords: dict[str, Value], rest: Value | None) -> Value:
    """Return what ``**kwargs`` holds."""
    if rest is not None and rest.kind == "inputs":
        prefix, known = rest.ref
        return inputs(prefix, {**known, **keywords})
    held: dict[Any, Value] = {**keywords}
    if rest is not None and rest.kind == "dict":
        held = {**rest.ref, **held}
    return Value(rest.tokens if rest is not None else NOTHING, "dict", held)


def from_rest(rest: Value | None, name: str) -> Value | None:
    """Return a parameter out of a mapping that was passed with ``**``."""
    if rest is None:
        return None
    if rest.kind == "inputs":
        prefix, known = rest.ref
        if name in known:
            found: Value = known[name]
            return found
        return client(f"{prefix}{name}") if not known else None
    if rest.kind == "dict":
        held: Value | None = rest.ref.get(name)
        return held
    return Value(rest.tokens) if rest.tokens else None


def defaulted(interpreter: "Interpreter", frame: Frame, default: object) -> Value:
    return UNKNOWN if default is None else interpreter.evaluate(frame, default)  # type: ignore[arg-type]


def is_static(function: Function) -> bool:
    return any(node[0] == "name" and node[1] == "staticmethod" for node in function.decorators)


def left(frame: Frame, inner: Frame) -> Value:
    """Let the caller know what holds after a call, and return its value."""
    exits = inner.returns
    if not exits:
        frame.state.dead = True
        return UNKNOWN
    kept = [pair for pair in exits if not refuses(pair[0])] or exits
    telling = [pair for pair in kept if any(t[0] == "row" for t in all_tokens(pair[0]))]
    if telling and all(pair[0].kind == "" for pair in telling):
        kept = telling  # what answers without the row is a denial, or says nothing of it
    states = [state for _, state in kept]
    guards = shared_guards(states)
    frame.state.rows |= NOTHING.union(*(state.rows for state in states))
    frame.entry.ever |= guards
    frame.state.guards |= guards
    frame.state.gates |= frozenset.intersection(*(state.gates for state in states))
    frame.state.ties |= frozenset().union(*(state.ties for state in states))
    return combined(exits, frame.state.conds)


def refuses(value: Value) -> bool:
    """Tell whether a function says no by what it returns: None, False or nothing."""
    return value.kind == "const" and not value.ref


def combined(exits: Iterable[tuple[Value, State]], outside: Tokens) -> Value:
    """Return the value of a call; what decided between constants is part of the answer."""
    result: Value | None = None
    for value, state in exits:
        told = value
        if value.kind == "const" or not all_tokens(value):
            told = value.also(state.conds - outside)
        result = told if result is None else join(result, told)
    return result or UNKNOWN
