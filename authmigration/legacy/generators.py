"""A source as a function, for shapes that no table declaration can say."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from auth_lib import Fact

from .running import old_code
from .watches import Watch
from .writes import Writers

_SILENT = {"ctx", "kind", "type_comment", "type_params"}
"""Fields of a syntax tree that say nothing of what a function does, or not in every Python."""

Generator = Callable[[Any], Iterable[Fact]]


@dataclass(frozen=True, slots=True)
class GeneratorSource:
    """A function from a user to facts, and the tables that it reads; call it as before."""

    function: Generator
    watch: tuple[Watch, ...]
    write: Writers | None = None
    only_with_rows: bool = False

    @property
    def name(self) -> str:
        """What the source is called in facts and reports."""
        return f"{self.function.__module__.removesuffix('.authz')}.{self.function.__name__}"[-100:]

    def __call__(self, user: Any) -> Iterable[Fact]:
        """Return the facts of a user."""
        with old_code():
            return tuple(self.function(user))  # all of them now: it is the body that asks

    def watches(self) -> Iterator[Watch]:
        """Yield what must be watched."""
        yield from self.watch

    def signature(self) -> str:
        """Return a text that changes with what the function does, not with its comments."""
        rows = "|only_with_rows" if self.only_with_rows else ""
        return f"{self.name}{rows}|{_code_of(self.function)}"


def roles(
    *, watch: Iterable[Watch], write: Writers | None = None, only_with_rows: bool = False
) -> Callable[[Generator], GeneratorSource]:
    """Declare a function that yields the facts of one user.

    Args:
        watch: every table that it reads, each with the path to the user; a change elsewhere goes
            unseen until the reconciler comes by.
        write: how its facts are written back; None: they are not representable.
        only_with_rows: a user without a row in any watched table yields nothing, so the function
            need not be called. Most users have none, and a backfill is several times as fast.

    """

    def declare(function: Generator) -> GeneratorSource:
        return GeneratorSource(function, tuple(watch), write, only_with_rows)

    return declare


def _code_of(function: Callable[..., object]) -> str:
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError):
        return function.__qualname__
    body = tree.body[0]
    if isinstance(body, ast.FunctionDef) and ast.get_docstring(body) is not None:
        del body.body[0]
    return _text_of(tree)


def _text_of(node: object) -> str:
    # Not ast.unparse() or ast.dump(): what they say of one source differs between Pythons, and a
    # rolling upgrade would make every user stale under a mapping that only looks like another.
    if isinstance(node, list):
        return f"[{', '.join(map(_text_of, node))}]"
    if not isinstance(node, ast.AST):
        return repr(node)
    fields = ((name, _told(node, value)) for name, value in ast.iter_fields(node))
    told = (f"{n}={_text_of(v)}" for n, v in fields if n not in _SILENT and v not in (None, []))
    return f"{type(node).__name__}({', '.join(told)})"


def _told(node: ast.AST, value: Any) -> Any:
    if isinstance(node, ast.JoinedStr):  # Python 3.12 has empty texts in it, others have not
        return [v for v in value if not (isinstance(v, ast.Constant) and v.value == "")]
    return value
