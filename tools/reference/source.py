"""What the source says, read as a syntax tree: the same in every version of Python."""

import ast
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("auth_lib", "authmigration", "feature_flags")

Definition = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


class Export(NamedTuple):
    """A public name, and where it is defined."""

    name: str
    module: str
    original: str


def path_of(module: str) -> Path:
    """Return the file of a module or package."""
    place = ROOT.joinpath(*module.split("."))
    return place / "__init__.py" if place.is_dir() else place.with_suffix(".py")


def modules(*packages: str) -> Iterator[str]:
    """Yield every module of the packages, in order; the migrations of Django left out."""
    for package in packages:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            if "migrations" not in parts[:-1]:
                yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def tree(module: str) -> ast.Module:
    """Return a module's syntax tree."""
    return ast.parse(path_of(module).read_text(encoding="utf-8"))


def exports(package: str) -> list[Export]:
    """Return the names that a package takes in under the same name, those for typing included."""
    found = []
    for node in ast.walk(tree(package)):
        if isinstance(node, ast.ImportFrom) and node.module != "__future__":
            home = absolute(node, package_of(package))
            found += [
                Export(alias.name, home, alias.name)
                for alias in node.names
                if alias.asname == alias.name
            ]
    return found


def package_of(module: str) -> str:
    """Return the package against which a module's relative imports count."""
    return module if path_of(module).name == "__init__.py" else module.rpartition(".")[0]


def absolute(node: ast.ImportFrom, package: str) -> str:
    """Return the module of an import that may be relative."""
    if not node.level:
        return node.module or ""
    base = package.split(".")
    return ".".join([*base[: len(base) - node.level + 1], *filter(None, [node.module])])


def definition(module: str, name: str) -> tuple[str, ast.stmt] | None:
    """Return where a name is defined and its node, imports followed; None for a module."""
    if not path_of(module).exists():
        return None
    for node in tree(module).body:
        if isinstance(node, Definition) and node.name == name:
            return module, node
        if isinstance(node, ast.Assign | ast.AnnAssign) and name in targets(node):
            return module, node
        if isinstance(node, ast.ImportFrom) and name in {a.asname or a.name for a in node.names}:
            return definition(absolute(node, package_of(module)), name)
    return None


def targets(node: ast.stmt) -> list[str]:
    """Return the names to which a statement assigns."""
    if isinstance(node, ast.Assign):
        return [target.id for target in node.targets if isinstance(target, ast.Name)]
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return [node.target.id]
    return []


def docstrings_below(body: list[ast.stmt]) -> dict[str, str]:
    """Return the text that stands below each attribute or constant."""
    found: dict[str, str] = {}
    for node, after in pairwise(body):
        match after:
            case ast.Expr(value=ast.Constant(value=str(text))):
                found |= dict.fromkeys(targets(node), text)
    return found


@cache
def constants(module: str) -> dict[str, ast.expr]:
    """Return what a module assigns to names at its top level."""
    nodes = (node for node in tree(module).body if isinstance(node, ast.Assign | ast.AnnAssign))
    return {name: node.value for node in nodes if node.value for name in targets(node)}


def constant(module: str, name: str) -> ast.expr | None:
    """Return the value of a constant, imported or not; None where the name is none."""
    match definition(module, name):
        case (_, ast.Assign(value=value) | ast.AnnAssign(value=value)):
            return value
    return None


def template(node: ast.expr | None, module: str) -> str | None:
    """Return a text with its variable parts as ``{name}``; None where it is none."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(filled(part, module) for part in parts)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return f"{template(left, module) or ''}{template(right, module) or ''}" or None
        case ast.Name(id=name):
            known = constants(module).get(name)
            return template(known, module) if known else f"{{{name}}}"
        case ast.Call(func=ast.Attribute(value=value, attr="format")):
            return template(value, module)
    return None


def filled(part: ast.expr, module: str) -> str:
    """Return a part of an f-string: its text, the constant that it names, or what stands for it."""
    if not isinstance(part, ast.FormattedValue):
        return template(part, module) or ""
    if isinstance(part.value, ast.Name):
        match constant(module, part.value.id):
            case ast.Constant(value=fixed):
                return repr(fixed) if part.conversion == ord("r") else str(fixed)
    return placeholder(part.value)


def placeholder(value: ast.expr) -> str:
    """Return what stands for a value: the name that says most of it."""
    match value:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return f"{{{name}}}"
        case ast.Subscript(slice=ast.Constant(value=str(key))):
            return f"{{{key}}}"
        case ast.Subscript(value=inner):
            return placeholder(inner)
        case ast.Call(args=[*_, inner]) | ast.Call(func=ast.Attribute(value=inner)):
            return placeholder(inner)
        case ast.GeneratorExp(elt=inner) | ast.Starred(value=inner):
            return placeholder(inner)
    names = [node.id for node in ast.walk(value) if isinstance(node, ast.Name)]
    return f"{{{names[-1]}}}" if names else "{…}"
