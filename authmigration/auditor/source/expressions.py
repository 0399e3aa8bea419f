"""Lower expressions of Python's syntax tree to tuples.

A lowered expression begins with its kind:

====== ============================================ =========================================
kind   what follows                                 stands for
====== ============================================ =========================================
name   identifier                                   ``course``
attr   object, attribute, line                      ``course.owner``
call   function, arguments, keywords, line          ``f(a, *b, c=d, **e)``
const  value                                        text, number, truth or None
item   object, index, line                          ``kwargs["pk"]``
bool   "and" or "or", operands                      ``a and b``
not    operand                                      ``not a``
cmp    left, operators, rights, line                ``a == b``
mix    operands                                     arithmetic, f-strings, awaits and the like
list   elements                                     lists, tuples and sets
dict   pairs of key and value                       ``{"course": course}``
cond   test, then, else                             ``a if t else b``
comp   element, loops of target, iterable, tests    comprehensions and generators
lambda parameters, body                             ``lambda u: u.is_staff``
star   operand                                      ``*rest``
walrus name, value                                  ``(n := f())``
====== ============================================ =========================================
"""

import ast
from collections.abc import Callable
from typing import Any

Node = tuple[Any, ...]

LONGEST_TEXT = 400
NONE: Node = ("const", None)


def lower(node: ast.expr | None) -> Node:
    """Return the lowered form of one expression; None for what is absent."""
    if node is None:
        return NONE
    how = LOWERING.get(type(node))
    return how(node) if how else mixed(node)


def mixed(node: ast.AST) -> Node:
    """Lower what only mixes its operands: arithmetic, f-strings, awaits, slices."""
    return (
        "mix",
        tuple(lower(part) for part in ast.iter_child_nodes(node) if isinstance(part, ast.expr)),
    )


def constant(node: ast.Constant) -> Node:
    value = node.value
    if isinstance(value, str):
        return ("const", value[:LONGEST_TEXT])
    plain = value is None or isinstance(value, bool | int | float)
    return ("const", value if plain else "")


def call(node: ast.Call) -> Node:
    keywords = tuple((item.arg, lower(item.value)) for item in node.keywords)
    return ("call", lower(node.func), tuple(map(lower, node.args)), keywords, node.lineno)


def compared(node: ast.Compare) -> Node:
    operators = tuple(type(operator).__name__ for operator in node.ops)
    rights = tuple(lower(right) for right in node.comparators)
    return ("cmp", lower(node.left), operators, rights, node.lineno)


def unary(node: ast.UnaryOp) -> Node:
    inner = lower(node.operand)
    return ("not", inner) if isinstance(node.op, ast.Not) else ("mix", (inner,))


def joined(node: ast.BoolOp) -> Node:
    return ("bool", "and" if isinstance(node.op, ast.And) else "or", tuple(map(lower, node.values)))


def mapping(node: ast.Dict) -> Node:
    pairs = zip(node.keys, node.values, strict=True)
    return (
        "dict",
        tuple((None if key is None else lower(key), lower(value)) for key, value in pairs),
    )


def comprehension(node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> Node:
    return ("comp", lower(node.elt), loops(node.generators))


def dict_comprehension(node: ast.DictComp) -> Node:
    return ("comp", ("mix", (lower(node.key), lower(node.value))), loops(node.generators))


def loops(generators: list[ast.comprehension]) -> Node:
    return tuple(
        (lower(loop.target), lower(loop.iter), tuple(map(lower, loop.ifs))) for loop in generators
    )


def parameters(arguments: ast.arguments) -> Node:
    """Return (name, default or None, kind) of each parameter; kinds are "", "*" and "**"."""
    plain = [*arguments.posonlyargs, *arguments.args]
    missing: list[ast.expr | None] = [None] * (len(plain) - len(arguments.defaults))
    found = [
        (item.arg, None if default is None else lower(default), "")
        for item, default in zip(plain, [*missing, *arguments.defaults], strict=True)
    ]
    if arguments.vararg:
        found.append((arguments.vararg.arg, None, "*"))
    found += [
        (item.arg, None if default is None else lower(default), "kw")
        for item, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    ]
    if arguments.kwarg:
        found.append((arguments.kwarg.arg, None, "**"))
    return tuple(found)


LOWERING: dict[type, Callable[[Any], Node]] = {
    ast.Name: lambda node: ("name", node.id),
    ast.Attribute: lambda node: ("attr", lower(node.value), node.attr, node.lineno),
    ast.Call: call,
    ast.Constant: constant,
    ast.Subscript: lambda node: ("item", lower(node.value), lower(node.slice), node.lineno),
    ast.BoolOp: joined,
    ast.UnaryOp: unary,
    ast.Compare: compared,
    ast.List: lambda node: ("list", tuple(map(lower, node.elts))),
    ast.Tuple: lambda node: ("list", tuple(map(lower, node.elts))),
    ast.Set: lambda node: ("list", tuple(map(lower, node.elts))),
    ast.Dict: mapping,
    ast.IfExp: lambda node: ("cond", lower(node.test), lower(node.body), lower(node.orelse)),
    ast.ListComp: comprehension,
    ast.SetComp: comprehension,
    ast.GeneratorExp: comprehension,
    ast.DictComp: dict_comprehension,
    ast.Lambda: lambda node: ("lambda", parameters(node.args), lower(node.body)),
    ast.Starred: lambda node: ("star", lower(node.value)),
    ast.NamedExpr: lambda node: ("walrus", node.target.id, lower(node.value)),
    ast.Await: lambda node: lower(node.value),
}
