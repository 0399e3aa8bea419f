"""One file of source, lowered: what the cache keeps of it."""

import ast
import io
import re
import tokenize
import warnings
from dataclasses import dataclass

from .expressions import Node
from .statements import block

COMMENT = re.compile(r"#\s*authz:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Module:
    """A lowered module: its path from the root that was given, dotted name, body and comments.

    ``comments`` holds (line, text) of the comments that speak to the auditor. ``error`` says why
    a file could not be read; its body is then empty.
    """

    path: str
    name: str
    body: Node
    comments: tuple[tuple[int, str], ...] = ()
    error: str = ""
    error_line: int = 0
    lines: int = 0

    @property
    def package(self) -> str:
        """The package that relative imports start from."""
        if self.path.endswith("__init__.py"):
            return self.name
        return self.name.rpartition(".")[0]


def lowered(source: bytes, path: str, name: str) -> Module:
    """Parse and lower one file; never raises for what stands in it."""
    package = name if path.endswith("__init__.py") else name.rpartition(".")[0]
    lines = source.count(b"\n") + 1
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source)
            body = block(tree.body, package)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None) or 1
        said = getattr(error, "msg", None) or str(error) or type(error).__name__
        return Module(path, name, (), error=said, error_line=line, lines=lines)
    return Module(path, name, body, comments=notes(source), lines=lines)


def notes(source: bytes) -> tuple[tuple[int, str], ...]:
    """Return the comments that speak to the auditor; tokenizes only files that have one."""
    if b"authz:" not in source.lower():
        return ()
    try:
        tokens = list(tokenize.tokenize(io.BytesIO(source).readline))
    except (tokenize.TokenError, SyntaxError):
        return ()
    return tuple(
        (token.start[0], token.string)
        for token in tokens
        if token.type == tokenize.COMMENT and COMMENT.match(token.string)
    )
