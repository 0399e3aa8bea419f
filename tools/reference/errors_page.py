"""What the toolkit raises: when, and what it says."""

import ast
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from tools.reference import prose, source

ROOTS = {"AuthError", "FlagError"}
FEWEST_WORDS = 4
"""What has fewer is a part of a message, and no message."""
INTRO = """
Everything that the toolkit raises on purpose derives from `auth_lib.AuthError` or
`feature_flags.FlagError` and carries a `code` that does not change. The text is for people: it
names the thing and the mend, and may change. Below each error stands what it says, a line for each
cause, with `{…}` for what it names.
"""


class Raised(NamedTuple):
    """One class of error."""

    module: str
    node: ast.ClassDef

    @property
    def name(self) -> str:
        """The name of the class."""
        return self.node.name


def text() -> str:
    """Return the page."""
    parts = []
    for package in source.PACKAGES:
        errors = [each for each in found() if each.module.split(".")[0] == package]
        parts += [f"## {package}", *map(section, errors)]
    return prose.page("Errors", INTRO, *parts)


def section(error: Raised) -> str:
    """Return the part about one error."""
    when, sections = prose.divided(ast.get_docstring(error.node))
    others = ", ".join(prose.code(ast.unparse(base)) for base in error.node.bases)
    said = messages(error)
    says = prose.block("\n".join(said)) if said else ""
    attributes = prose.bullets(sections.get("Attributes", []))
    lines = [f"### {error.name}", when, f"Code `{code_of(error)}`; derives from {others}."]
    return "\n\n".join(part for part in (*lines, attributes, says) if part)


@cache
def found() -> list[Raised]:
    """Return every class of error, those of a base before those derived."""
    known: dict[str, Raised] = {}
    while True:
        more = {each.name: each for each in _classes() if each.name not in known}
        new = {
            name: each
            for name, each in more.items()
            if name in ROOTS or any(ast.unparse(base) in known for base in each.node.bases)
        }
        if not new:
            return [each for each in known.values() if not each.name.startswith("_")]
        known |= new


def _classes() -> Iterator[Raised]:
    for module in source.modules(*source.PACKAGES):
        if module.startswith("authmigration.auditor"):
            continue  # it raises nothing of this kind, and names its rules after what they find
        for node in source.tree(module).body:
            if isinstance(node, ast.ClassDef):
                yield Raised(module, node)


def code_of(error: Raised) -> str:
    """Return the code, which a class may take from its base."""
    for node in error.node.body:
        if "code" in source.targets(node):
            return str(ast.literal_eval(node.value))  # type: ignore[attr-defined]  # an assignment
    bases = {ast.unparse(base) for base in error.node.bases}
    return next(code_of(each) for each in found() if each.name in bases)


def messages(error: Raised) -> list[str]:
    """Return what the error says: what its class makes, else what those say who raise it."""
    own = [
        source.template(call.args[0], error.module)
        for call in ast.walk(error.node)
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "super().__init__" and call.args
    ]
    said = own or [
        source.template(call.args[0], module) for module, call in _calls().get(error.name, [])
    ]
    texts = (" ".join(each.split()) for each in said if each)
    return list(dict.fromkeys(each for each in texts if len(each.split()) >= FEWEST_WORDS))


@cache
def _calls() -> dict[str, list[tuple[str, ast.Call]]]:
    found: dict[str, list[tuple[str, ast.Call]]] = {}
    for module in source.modules(*source.PACKAGES):
        for node in ast.walk(source.tree(module)):
            if isinstance(node, ast.Call) and node.args:
                name = ast.unparse(node.func).rpartition(".")[2]
                found.setdefault(name, []).append((module, node))
    return found
