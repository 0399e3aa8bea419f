"""The project's Python files, read as text and as syntax trees."""

import ast
import io
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOOLKIT = ("auth_lib", "authmigration", "feature_flags")
EVERYTHING = (
    *TOOLKIT,
    "monolith",
    "services",
    "tests",
    "tools",
    "benchmarks",
    "clients/checker",
    "clients/python",
)


def files(*folders: str) -> list[Path]:
    """Return the Python files below the folders, those that Django writes left out."""
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return [path for path in found if "migrations" not in path.parts]


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(text(path))


def lines(path: Path) -> int:
    return len(text(path).splitlines())


def docstring_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return how many lines the docstring takes: a public one says much, and should."""
    first = node.body[0]
    if ast.get_docstring(node) is None or first.end_lineno is None:
        return 0
    return first.end_lineno - first.lineno + 1


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Yield each function's place and its length in lines, decorators left out."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
            length = node.end_lineno - node.lineno + 1 - docstring_lines(node)
            yield f"{shown(path)}:{node.lineno} {node.name}", length


def comments(path: Path) -> Iterator[tuple[int, str]]:
    """Yield line and text of each comment."""
    for token in tokenize.generate_tokens(io.StringIO(text(path)).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def docstrings(path: Path) -> Iterator[tuple[int, str]]:
    """Yield line and text of each docstring, those below an attribute included."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            value = node.value.value
            if isinstance(value, str):
                yield node.lineno, value
