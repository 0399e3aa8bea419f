"""Rows that leave as a whole queryset: nobody names a single one of them."""

from typing import TYPE_CHECKING

from .values import NOTHING, Tokens, Value, all_tokens
from .words import IDENTITY, split_lookup

if TYPE_CHECKING:
    from .functions import Arguments
    from .interpreter import Interpreter
    from .state import Frame

ANSWERING = ("Response", "render", "render_to_string", "render_to_response")


def taken(interpreter: "Interpreter", frame: "Frame", value: Value, line: int) -> Tokens:
    """Return the tokens of a value; rows of querysets in it that the client selects are fetched."""
    if value.kind == "query":
        return all_tokens(value) | selected(interpreter, frame, value, line)
    if value.kind == "list":
        parts = list(value.ref)
    elif value.kind == "dict":
        parts = list(value.ref.values())
    else:
        return all_tokens(value)
    return value.tokens.union(*(taken(interpreter, frame, part, line) for part in parts))


def selected(interpreter: "Interpreter", frame: "Frame", value: Value, line: int) -> Tokens:
    """Fetch the rows that an identity selects; those of a parent are a list, judged as such."""
    paths = (split_lookup(name)[0] for name in value.ref.names)
    if not value.ref.keys or not any(len(p) == 1 and IDENTITY.match(p[0]) for p in paths):
        return NOTHING
    return interpreter.row(frame, value.ref, line, value.tokens).tokens


def all_taken(interpreter: "Interpreter", frame: "Frame", given: "Arguments", line: int) -> Tokens:
    """Return the tokens of all arguments, as ``taken`` does."""
    values = [*given.positional, *given.keywords.values()]
    found = (taken(interpreter, frame, value, line) for value in values)
    return given.tokens().union(*found)


def answers(dotted: str) -> bool:
    """Tell whether a function of a framework makes a response or a page of what it is given."""
    return dotted.rpartition(".")[2].endswith(ANSWERING)
