"""What a condition checks: a row against the requester, a role, or two things with each other."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..source.expressions import Node
from .state import Frame, State, Ties
from .values import NOTHING, UNKNOWN, USER, Tokens, Value, all_tokens, truth
from .words import CHECKS, GATES, NOT_ABOUT_ACCESS, PUBLIC, SECRETS

if TYPE_CHECKING:
    from .interpreter import Interpreter

# Calls that look at a value without comparing it with anybody.
NO_CHECK = {"isinstance", "hasattr", "len", "is_valid", "getattr", "bool", "any", "full_clean"}


MOST_TIED = 4


@dataclass(slots=True, frozen=True)
class Effect:
    """What holds after a condition. ``then`` and ``orelse``: roles asked for on each way."""

    value: Value = UNKNOWN
    guards: Tokens = NOTHING
    ties: Ties = frozenset()
    then: frozenset[str] = frozenset()
    orelse: frozenset[str] = frozenset()


def condition(interpreter: "Interpreter", frame: Frame, node: Node) -> Effect:
    """Evaluate a condition and return what it checks."""
    if node[0] == "not":
        inner = condition(interpreter, frame, node[1])
        known = truth(inner.value)
        value = inner.value if known is None else Value(inner.value.tokens, "const", not known)
        if known is None:
            value = Value(all_tokens(inner.value))
        return Effect(value, inner.guards, inner.ties, inner.orelse, inner.then)
    if node[0] == "bool":
        return combined(node[1], [condition(interpreter, frame, part) for part in node[2]])
    return atom(node, interpreter.evaluate(frame, node))


def combined(operator: str, parts: list[Effect]) -> Effect:
    """Return the effect of ``and`` and ``or``: a role that only one alternative asks is no gate."""
    thens, orelses = [part.then for part in parts], [part.orelse for part in parts]
    every, some = (thens, orelses) if operator == "and" else (orelses, thens)
    both = frozenset().union(*every)
    shared = weakest(some, parts)
    then, orelse = (both, shared) if operator == "and" else (shared, both)
    return Effect(
        folded(operator, [part.value for part in parts]),
        NOTHING.union(*(part.guards for part in parts)),
        frozenset().union(*(part.ties for part in parts)),
        then,
        orelse,
    )


def weakest(choices: list[frozenset[str]], parts: list[Effect]) -> frozenset[str]:
    """Return the roles that suffice: where each alternative is a role, any of them."""
    if not all(gates or part.guards for gates, part in zip(choices, parts, strict=True)):
        return frozenset()
    found = frozenset().union(*choices)
    if all("superuser" in gates for gates in choices):
        return found
    return found - {"superuser"} or frozenset()


def folded(operator: str, values: list[Value]) -> Value:
    """Return the value of ``and`` and ``or``, a constant where it is known."""
    stops = operator == "or"
    for value in values:
        known = truth(value)
        if known is stops:
            return value if len(values) == 1 or value is values[0] else mixed(values)
        if known is None:
            return mixed(values)
    return values[-1]


def mixed(values: list[Value]) -> Value:
    return Value(NOTHING.union(*(all_tokens(value) for value in values)))


def atom(node: Node, value: Value) -> Effect:
    """Return what one comparison or call checks."""
    tokens = all_tokens(value)
    names = identifiers(node)
    if value.kind == "form" or NO_CHECK & set(names[-1:]):
        return Effect(value)
    others = frozenset(token for token in tokens if token[0] in {"row", "client"})
    asks = any(token[0] in {"user", "safe"} for token in tokens)
    if others and asks and not NOT_ABOUT_ACCESS.search(names[-1] if names else ""):
        return Effect(value, compared_with(node, tokens, others))
    rows = frozenset(token for token in others if token[0] == "row")
    if rows and (any(PUBLIC.search(name) for name in names) or secret(node, names, others, rows)):
        return Effect(value, others)
    if node[0] == "call" and others and not rows and any(SECRETS.search(n) for n in names):
        return Effect(value, then=frozenset({"capability"}))
    if rows and 1 < len(others) <= MOST_TIED:
        return Effect(value, NOTHING, frozenset((a, b) for a in others for b in others if a != b))
    if asks and not others:
        return gate(node, value, names)
    return Effect(value)


def compared_with(node: Node, tokens: Tokens, others: Tokens) -> Tokens:
    """Return what a test compares: a context vouches for an id only where they are compared."""
    if ("user",) in tokens or node[0] == "cmp":
        return others
    return frozenset(token for token in others if token[0] == "row")


def secret(node: Node, names: list[str], others: Tokens, rows: Tokens) -> bool:
    """Tell whether the client has to know a secret of the row: then the link is the permission."""
    if others == rows:
        return False
    known = any(SECRETS.search(name) for name in names)
    return known or (node[0] == "call" and any(CHECKS.search(name) for name in names[-1:]))


def gate(node: Node, value: Value, names: list[str]) -> Effect:
    """Return the role that a condition asks of the requester without naming an object."""
    words = value.ref if value.kind == "asked" else " ".join(names).lower()
    if any(token[0] == "safe" for token in all_tokens(value)) and USER in all_tokens(value):
        found = {"context"}
    elif "superuser" in words:
        found = {"superuser"}
    elif "authenticated" in words or "anonymous" in words or "is_active" in words:
        found = {"login"}
    else:
        found = {"role"} if GATES.search(words) else {"other"}
    if node[0] == "cmp" and set(node[2]) & {"NotEq", "NotIn", "IsNot"}:
        return Effect(value, orelse=frozenset(found))
    if "anonymous" in words:
        return Effect(value, orelse=frozenset(found))
    return Effect(value, then=frozenset(found))


def identifiers(node: Node) -> list[str]:
    """Return the names in an expression; the outermost one stands last."""
    kind = node[0]
    if kind == "name":
        return [node[1]]
    if kind == "attr":
        return [*identifiers(node[1]), node[2]]
    if kind == "call":
        inner = [name for item in node[2] for name in identifiers(item)]
        inner += [name for _, item in node[3] for name in identifiers(item)]
        return [*inner, *identifiers(node[1])]
    if kind == "const":
        return [node[1]] if isinstance(node[1], str) else []
    parts: list[str] = []
    for part in node[1:]:
        if isinstance(part, tuple) and part and isinstance(part[0], str):
            parts += identifiers(part)
        elif isinstance(part, tuple):
            parts += [n for sub in part if isinstance(sub, tuple) and sub for n in names_in(sub)]
    return parts


def names_in(node: Node) -> list[str]:
    return identifiers(node) if isinstance(node[0], str) else []


def apply(state: State, effect: Effect, *, then: bool) -> None:
    """Let a state know what the condition checked."""
    state.guards |= effect.guards
    state.ties |= effect.ties
    state.gates |= effect.then if then else effect.orelse
    state.conds |= all_tokens(effect.value)
