"""Querysets: what a lookup selects by and what it is limited to."""

from collections.abc import Iterable
from dataclasses import replace

from ..project.models import Models
from .state import Frame
from .values import NOTHING, Query, Tokens, Value, all_tokens
from .words import IDENTITY, PUBLIC, SAME_ROWS, SECRETS, split_lookup

Lookup = tuple[str, Value]


def started(frame: Frame, value: Value, line: int) -> Query:
    """Return the queryset of a manager of a model class."""
    place = frame.place()
    symbol = place[2] if place else ""
    model = value.ref if value.kind == "class" else None
    return Query(model, path=frame.module.path, line=line, symbol=symbol)


def narrowed(query: Query, lookups: Iterable[Lookup], models: Models) -> Query:
    """Return the queryset after a ``filter`` or ``get`` with these lookups."""
    keys, scopes, public = query.keys, query.scopes, query.public
    names = query.names
    for name, value in lookups:
        found = all_tokens(value)
        path, operator = split_lookup(name)
        if PUBLIC.search(path[-1]) and value.kind == "const" and value.ref not in {None, False}:
            public = True
        if not found:
            continue
        names |= {name}
        if SECRETS.search(name):
            scopes |= {("safe", name), *(token for token in found if token[0] != "client")}
        elif selects(query, path, operator, found, models):
            keys |= found
        elif limits(query, path, found, models):
            scopes |= found
    return Query(query.model, keys, scopes, public, query.path, query.line, query.symbol, names)


def selects(query: Query, path: list[str], operator: str, found: Tokens, models: Models) -> bool:
    """Tell whether a lookup selects by identity, rather than limiting to a parent or an owner."""
    if any(token[0] != "client" for token in found):
        return False
    if operator and operator not in {"in", "exact", "iexact"}:
        return False
    if len(path) > 1:
        return False
    name = path[0]
    if query.model is not None:
        relations = models.shape(query.model).relations
        if name in relations or name.removesuffix("_id") in relations:
            return False
    return bool(IDENTITY.match(name))


def limits(query: Query, path: list[str], found: Tokens, models: Models) -> bool:
    """Tell whether a lookup limits the rows: a plain field that the client filters by does not."""
    if any(token[0] != "client" for token in found) or len(path) > 1:
        return True
    name = path[0]
    relations = models.shape(query.model).relations if query.model else {}
    return name.endswith(("_id", "_pk", "_uuid")) or name in relations


def called(query: Query, method: str, values: list[Value]) -> Query:
    """Return the queryset after a method that is not Django's: its arguments limit it."""
    tokens = NOTHING.union(*(all_tokens(value) for value in values))
    limit = NOTHING if method in SAME_ROWS else tokens
    asked = frozenset(token for token in limit if token[0] == "client")
    return Query(
        query.model,
        query.keys | (asked if asked == limit else NOTHING),
        query.scopes | (limit - asked),
        query.public or bool(PUBLIC.search(method)),
        query.path,
        query.line,
        query.symbol,
        query.names,
    )


def scoped(query: Query, tokens: Tokens) -> Query:
    """Return the queryset limited further."""
    return replace(query, scopes=query.scopes | tokens)


def keyed(query: Query, tokens: Tokens) -> Query:
    """Return the queryset selected in by more ids of the client."""
    return replace(query, keys=query.keys | tokens)


def named(query: Query, name: str) -> Query:
    """Return the queryset with one more name of how it was made."""
    return replace(query, names=query.names | {name})
