"""The system checks: id, level, message, hint."""

import ast
import re
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from django.core.checks import Tags
from django.core.checks.registry import registry

from tools.reference import prose, source

ID = re.compile(r"(?:auth_lib|authmigration|feature_flags)\.[EW]\d{3}")
PACKAGES = ("authmigration", "feature_flags")
INTRO = """
`manage.py check` runs them. Those marked *database* look at the data as well and run where a
database is named, `manage.py check --database default`; `manage.py migrate` leaves them out. Those
marked *deploy* run with `manage.py check --deploy`. The ids are public: `SILENCED_SYSTEM_CHECKS`
may name them, and they never change their meaning. `{…}` stands for what the message names.
"""
RETURN = re.compile(r"^Return the (?:error|warning) for (?P<what>.*?)\.?$", re.DOTALL)


class Check(NamedTuple):
    """One message."""

    id: str
    level: str
    message: str
    hint: str
    about: str
    runs: str


def text() -> str:
    """Return the page."""
    sections = (section(id_, list(group)) for id_, group in groupby(found(), lambda each: each.id))
    return prose.page("System checks", INTRO, *sections)


def section(id_: str, messages: list[Check]) -> str:
    """Return the part about one id, which may have more than one message."""
    level, runs = messages[0].level, messages[0].runs and f", {messages[0].runs}"
    about = prose.sentence(messages[0].about)
    said = [part for each in messages for part in (prose.block(each.message), f"Mend: {each.hint}")]
    return "\n\n".join((f"## {id_}", f"{level}{runs}. {about}".strip(), *said))


def found() -> list[Check]:
    """Return every check of the toolkit, by id."""
    runs = when_they_run()
    checks = [each for module in source.modules(*PACKAGES) for each in _in(module, runs)]
    return sorted(checks, key=lambda check: check.id)


def _in(module: str, runs: dict[str, str]) -> Iterator[Check]:
    owners = {
        id(node): function
        for function in source.tree(module).body
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
    }
    for node in ast.walk(source.tree(module)):
        keywords = {k.arg: k.value for k in node.keywords} if isinstance(node, ast.Call) else {}
        code = source.template(keywords.get("id"), module)
        if isinstance(node, ast.Call) and code and ID.fullmatch(code):
            function = owners.get(id(node))
            yield Check(
                id=code,
                level="Error" if code.rpartition(".")[2].startswith("E") else "Warning",
                message=source.template(node.args[0], module) or "{problem}",
                hint=hint_of(keywords["hint"], function, module),
                about=about(function),
                runs=runs.get(code.rpartition(".")[2].lower(), ""),
            )


def hint_of(node: ast.expr, function: ast.FunctionDef | None, module: str) -> str:
    """Return the hint; where a function chooses among several, all of them."""
    if isinstance(node, ast.Name) and function:
        name, inside = node.id, (n for n in ast.walk(function) if isinstance(n, ast.Assign))
        node = next((each.value for each in inside if source.targets(each) == [name]), node)
    branches = [node.body, node.orelse] if isinstance(node, ast.IfExp) else [node]
    return " Or: ".join(source.template(branch, module) or "" for branch in branches)


def about(function: ast.FunctionDef | None) -> str:
    """Return what a message is for, where the function that makes it says so."""
    match = RETURN.match(ast.get_docstring(function) or "") if function else None
    return " ".join(match["what"].split()) if match else ""


def when_they_run() -> dict[str, str]:
    """Return for the messages that do not always run (``e007``) when they do.

    Each module of checks is registered for one occasion, and names the messages that it uses.
    """
    registered = [*registry.registered_checks, *registry.deployment_checks]
    occasions = {check.__module__: occasion(check) for check in registered}
    ours = {module: at for module, at in occasions.items() if module.startswith(PACKAGES) and at}
    return {
        node.attr.lower(): at
        for module, at in ours.items()
        for node in ast.walk(source.tree(module))
        if isinstance(node, ast.Attribute) and re.fullmatch(r"[eEwW]\d{3}", node.attr)
    }


def occasion(check: object) -> str:
    """Return when a check runs; nothing where it always does."""
    if check in registry.deployment_checks:
        return "deploy"
    return "database" if Tags.database in getattr(check, "tags", ()) else ""
