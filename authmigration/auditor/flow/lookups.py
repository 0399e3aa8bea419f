"""Methods of querysets: what they select, limit, read and write."""

from dataclasses import replace
from typing import TYPE_CHECKING

from . import queries
from .functions import Arguments, Call
from .state import Frame
from .values import NOTHING, UNKNOWN, USER, Query, Value, all_tokens
from .words import BY_HAND, NARROWING, SAME_ROWS, SINGLE

if TYPE_CHECKING:
    from .interpreter import Interpreter

READING = SINGLE | NARROWING
ANSWERS = {"exists", "count", "aggregate", "aexists", "acount", "contains"}
ATTACHING = {"create", "get_or_create", "update_or_create", "acreate"}
REFUSING = {"get", "aget"}


def of_query(interpreter: "Interpreter", frame: Frame, call: Call) -> Value:
    """Call a method of a queryset or a manager."""
    receiver, name, arguments, line = call.receiver, call.name, call.arguments, call.line
    query: Query = receiver.ref
    if name in NARROWING:
        return filtered(interpreter, receiver, arguments)
    if name in SINGLE:
        return single(interpreter, frame, call)
    if name == "in_bulk":
        return chosen(receiver, arguments)
    if name == "exclude" or name in SAME_ROWS:
        return kept(receiver, name)
    if name in ANSWERS:
        return Value(all_tokens(receiver) | arguments.tokens())
    if name in {"delete", "update", "_raw_delete"}:
        return written(interpreter, frame, query, arguments, line)
    if name in ATTACHING:
        interpreter.use(frame, arguments.tokens(), "attach", line)
        return Value(NOTHING, "row", query.model)
    if name in BY_HAND:
        return raw(receiver, arguments)
    if name in {"add", "remove", "set", "clear"}:
        interpreter.use(frame, query.scopes, "write", line)
        return UNKNOWN
    return custom(receiver, name, arguments)


def filtered(interpreter: "Interpreter", receiver: Value, arguments: Arguments) -> Value:
    models = interpreter.program.models
    return Value(
        receiver.tokens, "query", queries.narrowed(receiver.ref, arguments.lookups(), models)
    )


def chosen(receiver: Value, arguments: Arguments) -> Value:
    """Return the rows that a list of ids selects."""
    sent = frozenset(token for token in arguments.tokens() if token[0] == "client")
    return Value(receiver.tokens, "query", queries.named(queries.keyed(receiver.ref, sent), "pk"))


def kept(receiver: Value, name: str) -> Value:
    """Return the same rows in another order or with other columns; ``none`` has no rows."""
    if name == "none":
        old = receiver.ref
        return Value(receiver.tokens, "query", queries.scoped(old, frozenset({("safe", "none")})))
    return receiver


def single(interpreter: "Interpreter", frame: Frame, call: Call) -> Value:
    """Take one row; ``get`` raises where there is none, so what it was limited by is checked."""
    receiver, arguments = call.receiver, call.arguments
    query = queries.narrowed(receiver.ref, arguments.lookups(), interpreter.program.models)
    sent = frozenset(token for token in arguments.tokens() if token[0] == "client")
    if not query.keys and sent and not sent & query.scopes:
        query = queries.keyed(query, sent)
    value = interpreter.row(frame, query, call.line, receiver.tokens)
    if call.name in REFUSING:
        insisted(interpreter, frame, query)
    return value


def insisted(interpreter: "Interpreter", frame: Frame, query: Query) -> None:
    """Let a row that must exist and be the requester's vouch for what it stands on."""
    if USER in query.scopes:
        found = frozenset(t for t in query.scopes if t[0] in {"row", "client"})
        interpreter.guard(frame, found)


def written(
    interpreter: "Interpreter", frame: Frame, query: Query, arguments: Arguments, line: int
) -> Value:
    if query.keys:
        fetch = interpreter.record(frame, query, "row", line)
        interpreter.use(frame, frozenset({fetch.token}), "write", line)
    else:
        interpreter.use(frame, query.scopes, "write", line)
    interpreter.use(frame, arguments.tokens(), "attach", line)
    return UNKNOWN


def raw(receiver: Value, arguments: Arguments) -> Value:
    """Return the rows of SQL by hand: what the client sent selects in it."""
    tokens = arguments.tokens()
    sent = frozenset(token for token in tokens if token[0] == "client")
    query = queries.named(queries.scoped(receiver.ref, tokens - sent), "raw()")
    return Value(receiver.tokens, "query", queries.keyed(query, sent))


def custom(receiver: Value, name: str, arguments: Arguments) -> Value:
    """Call a method that the host wrote for its manager: what it is given limits the rows."""
    tokens = arguments.tokens()
    values = [Value(tokens)] if tokens else []
    return Value(receiver.tokens, "query", queries.called(receiver.ref, name, values))


def of_unknown(interpreter: "Interpreter", frame: Frame, call: Call) -> Value:
    """Call ``get`` or ``filter`` with lookups on a thing that can only be a queryset."""
    symbol = frame.function.symbol if frame.function else ""
    tokens, path = call.receiver.tokens, frame.module.path
    query = Query(None, NOTHING, tokens, path=path, line=call.line, symbol=symbol)
    return of_query(interpreter, frame, replace(call, receiver=Value(NOTHING, "query", query)))
