"""What is known of a value while a view is interpreted.

A token says where a value comes from:

- ``("user",)``: the requester, their session or what is reached from them;
- ``("client", name)``: sent by the client, in the URL (``pk``) or elsewhere (``body:course``);
- ``("row", number)``: a row fetched by what the client sent;
- ``("safe", name)``: set by code that runs before the view, such as ``request.tenant``.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ..project.definitions import Class, Function

Token = tuple[Any, ...]
Tokens = frozenset[Token]

NOTHING: Tokens = frozenset()
USER: Token = ("user",)


@dataclass(slots=True, frozen=True)
class Value:
    """Tokens and, where it is known, what kind of thing the value is.

    kinds: "" (anything), "user", "request", "inputs" (a mapping of what the client sent), "class",
    "function", "method", "instance", "row", "query", "const", "list", "dict", "super", "native",
    "form", "module", "asked" (what is read of the requester, with its name).
    """

    tokens: Tokens = NOTHING
    kind: str = ""
    ref: Any = None

    def also(self, tokens: Tokens) -> "Value":
        """Return the value with more tokens."""
        return self if tokens <= self.tokens else Value(self.tokens | tokens, self.kind, self.ref)


@dataclass(slots=True, frozen=True)
class Query:
    """A queryset: its model, the client's ids that select in it, and what it is limited to.

    ``keys`` select a row by identity; ``scopes`` limit the rows to those of somebody or something;
    ``public`` tells that only rows open to all are left.
    """

    model: Class | None
    keys: Tokens = NOTHING
    scopes: Tokens = NOTHING
    public: bool = False
    path: str = ""
    line: int = 0
    symbol: str = ""
    names: frozenset[str] = frozenset()


@dataclass(slots=True, eq=False)
class Instance:
    """An object of a class of the tree, with the attributes that code has set on it."""

    klass: Class
    attributes: dict[str, Value] = field(default_factory=dict)
    view: bool = False
    route: frozenset[str] | None = None
    running: str = ""


@dataclass(slots=True, frozen=True, eq=False)
class Closure:
    """A function with the names around it and the object it is bound to."""

    function: Function
    env: dict[str, Value] | None = None
    self: Value | None = None
    plain: bool = False


UNKNOWN = Value()
REQUESTER = Value(frozenset({USER}), "user")
REQUEST = Value(NOTHING, "request")


def const(value: object, tokens: Tokens = NOTHING) -> Value:
    return Value(tokens, "const", value)


def client(name: str) -> Value:
    """Return what the client sent under a name."""
    return Value(frozenset({("client", name)}))


def inputs(prefix: str = "", known: dict[str, Value] | None = None) -> Value:
    """Return a mapping of what the client sent; ``prefix`` tells the body from the URL."""
    return Value(frozenset({("client", f"{prefix}*")}), "inputs", (prefix, known or {}))


def tokens_of(values: Iterable[Value]) -> Tokens:
    return NOTHING.union(*(all_tokens(value) for value in values))


def all_tokens(value: Value) -> Tokens:
    """Return the tokens of a value and of what it holds."""
    if value.kind == "list":
        return value.tokens.union(*(all_tokens(item) for item in value.ref))
    if value.kind == "dict":
        return value.tokens.union(*(all_tokens(item) for item in value.ref.values()))
    if value.kind == "inputs":
        return value.tokens.union(*(all_tokens(item) for item in value.ref[1].values()))
    if value.kind == "query":
        query: Query = value.ref
        return value.tokens | query.keys | query.scopes
    return value.tokens


def join(left: Value, right: Value) -> Value:
    """Return what is known when it may be either value."""
    if left is right or left == right:
        return left
    tokens = left.tokens | right.tokens
    if left.kind == right.kind == "query":
        return Value(tokens, "query", either(left.ref, right.ref))
    if left.kind == right.kind and left.ref is right.ref:
        return Value(tokens, left.kind, left.ref)
    for one, other in ((left, right), (right, left)):
        if one.kind == "handler":
            return one
        if one.kind == "const" and not one.ref:
            return Value(tokens, other.kind, other.ref)
    if left.kind == right.kind == "row":
        return Value(tokens, "row", left.ref or right.ref)
    return Value(all_tokens(left) | all_tokens(right))


def either(left: Query, right: Query) -> Query:
    """Return a queryset that may be either; a limit on one of them is taken for deliberate."""
    first = left if left.model else right
    return Query(
        first.model,
        left.keys | right.keys,
        left.scopes | right.scopes,
        left.public or right.public,
        first.path,
        first.line,
        first.symbol,
        left.names | right.names,
    )


def truth(value: Value) -> bool | None:
    """Return whether a value is true, or None where only running the program would tell."""
    if value.kind == "const":
        return bool(value.ref)
    if value.kind in {"list", "dict"} and not value.tokens:
        return bool(value.ref)
    return True if value.kind in {"class", "function", "instance", "request"} else None
