"""Lower statements of Python's syntax tree to tuples.

====== ==================================================== =========================
kind   what follows                                         stands for
====== ==================================================== =========================
set    targets, value, line                                 assignments
eval   expression, line                                     an expression on its own
if     test, then, else, line
for    target, iterable, body, else, line
while  test, body, else, line
return expression, line
raise  expression, line
try    body, handlers of (type, name, body), else, finally
with   pairs of expression and target, body, line
def    a function: see ``function``
class  a class: see ``klass``
import pairs of name and dotted path
assert test, line
stop   line                                                 break and continue
====== ==================================================== =========================
"""

import ast
from collections.abc import Callable, Iterable
from typing import Any

from .expressions import Node, lower, parameters


def block(body: Iterable[ast.stmt], package: str) -> Node:
    """Return the lowered statements of a block; what has no meaning here is left out."""
    lowered = []
    for node in body:
        how = LOWERING.get(type(node))
        if how and not is_text(node):
            lowered.append(how(node, package))
    return tuple(lowered)


def is_text(node: ast.stmt) -> bool:
    """Tell whether a statement is a bare literal: a docstring or an ellipsis."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def function(node: ast.FunctionDef | ast.AsyncFunctionDef, package: str) -> Node:
    """Return ("def", name, parameters, decorators, body, first line, last line, def line)."""
    decorators = tuple(map(lower, node.decorator_list))
    first = min([node.lineno, *(item.lineno for item in node.decorator_list)])
    body = block(node.body, package)
    last = node.end_lineno or node.lineno
    return ("def", node.name, parameters(node.args), decorators, body, first, last, node.lineno)


def klass(node: ast.ClassDef, package: str) -> Node:
    """Return ("class", name, bases, decorators, body, first line, last line, class line)."""
    decorators = tuple(map(lower, node.decorator_list))
    first = min([node.lineno, *(item.lineno for item in node.decorator_list)])
    bases = tuple(map(lower, node.bases))
    body = block(node.body, package)
    last = node.end_lineno or node.lineno
    return ("class", node.name, bases, decorators, body, first, last, node.lineno)


def imported(node: ast.Import, _package: str) -> Node:
    return (
        "import",
        tuple(
            (item.asname, item.name) if item.asname else (top(item.name), top(item.name))
            for item in node.names
        ),
    )


def top(dotted: str) -> str:
    return dotted.partition(".")[0]


def imported_from(node: ast.ImportFrom, package: str) -> Node:
    origin = absolute(node.module or "", node.level, package)
    return (
        "import",
        tuple((item.asname or item.name, f"{origin}.{item.name}") for item in node.names),
    )


def absolute(module: str, level: int, package: str) -> str:
    """Return the full dotted path that a relative import names from inside a package."""
    if not level:
        return module
    parts = package.split(".")
    kept = parts[: len(parts) - level + 1]
    return ".".join([*kept, module] if module else kept)


def tried(node: ast.Try, package: str) -> Node:
    handlers = tuple(
        (lower(item.type), item.name, block(item.body, package)) for item in node.handlers
    )
    body, orelse = block(node.body, package), block(node.orelse, package)
    return ("try", body, handlers, orelse, block(node.finalbody, package))


def looped(node: ast.For | ast.AsyncFor, package: str) -> Node:
    body, orelse = block(node.body, package), block(node.orelse, package)
    return ("for", lower(node.target), lower(node.iter), body, orelse, node.lineno)


def branched(node: ast.If, package: str) -> Node:
    then, orelse = block(node.body, package), block(node.orelse, package)
    return ("if", lower(node.test), then, orelse, node.lineno)


def repeated(node: ast.While, package: str) -> Node:
    body, orelse = block(node.body, package), block(node.orelse, package)
    return ("while", lower(node.test), body, orelse, node.lineno)


def within(node: ast.With | ast.AsyncWith, package: str) -> Node:
    items = tuple(
        (lower(item.context_expr), lower(item.optional_vars) if item.optional_vars else None)
        for item in node.items
    )
    return ("with", items, block(node.body, package), node.lineno)


def annotated(node: ast.AnnAssign, _package: str) -> Node:
    return ("set", (lower(node.target),), lower(node.value), node.lineno)


def augmented(node: ast.AugAssign, _package: str) -> Node:
    target = lower(node.target)
    return ("set", (target,), ("mix", (target, lower(node.value))), node.lineno)


def matched(node: ast.Match, package: str) -> Node:
    """Lower a match to a chain of ifs that tests the subject."""
    chain: Node = ()
    for case in reversed(node.cases):
        chain = (("if", lower(node.subject), block(case.body, package), chain, node.lineno),)
    return ("with", (), chain, node.lineno)


LOWERING: dict[type, Callable[[Any, str], Node]] = {
    ast.Assign: lambda node, _: (
        "set",
        tuple(map(lower, node.targets)),
        lower(node.value),
        node.lineno,
    ),
    ast.AnnAssign: annotated,
    ast.AugAssign: augmented,
    ast.Expr: lambda node, _: ("eval", lower(node.value), node.lineno),
    ast.Return: lambda node, _: ("return", lower(node.value), node.lineno),
    ast.Raise: lambda node, _: ("raise", lower(node.exc), node.lineno),
    ast.Assert: lambda node, _: ("assert", lower(node.test), node.lineno),
    ast.If: branched,
    ast.For: looped,
    ast.AsyncFor: looped,
    ast.While: repeated,
    ast.With: within,
    ast.AsyncWith: within,
    ast.Try: tried,
    ast.TryStar: tried,
    ast.Match: matched,
    ast.FunctionDef: function,
    ast.AsyncFunctionDef: function,
    ast.ClassDef: klass,
    ast.Import: imported,
    ast.ImportFrom: imported_from,
    ast.Break: lambda node, _: ("stop", node.lineno),
    ast.Continue: lambda node, _: ("stop", node.lineno),
}
