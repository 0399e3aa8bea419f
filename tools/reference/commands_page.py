"""The management commands, and the tasks that Celery sends."""

import argparse
import ast
from collections.abc import Iterator
from typing import Any

from django.core.management import get_commands
from django.core.management.base import BaseCommand

from tools import doc_commands
from tools.reference import prose, source

APPS = ("authmigration", "feature_flags")
INTRO = """
Every command says what it refuses in one line and ends with one of these exit statuses; a command
that has others names them below. Django's own options (`--settings`, `--verbosity`, `--no-color` …)
work as always.

| status | meaning |
|---|---|
| 0 | done, or nothing was to be done |
| 1 | refused, with the reason on the standard error |
| 2 | the arguments cannot be read |
"""


def text() -> str:
    """Return the page."""
    names = sorted(name for name, app in get_commands().items() if app in APPS)
    return prose.page("Commands", INTRO, *map(section, names), tasks())


def section(name: str) -> str:
    """Return the part about one command."""
    command = doc_commands.command(name)
    parser = command.create_parser("manage.py", name)
    parts = [
        f"## {name}",
        prose.markdown(type(command).__doc__),
        prose.table(("argument", "meaning"), rows(parser)),
        prose.table(("status", "meaning"), statuses(type(command).__module__)),
    ]
    return "\n\n".join(filter(None, parts))


def rows(parser: argparse.ArgumentParser, before: str = "") -> Iterator[tuple[str, str]]:
    """Yield each argument and its meaning, those of a command's own commands behind their names."""
    for action in arguments(parser):
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 -- it has no public name
            helps = {each.dest: each.help or "" for each in action._choices_actions}  # noqa: SLF001
            for name, inner in action.choices.items():
                yield prose.code(f"{before}{name}"), helps.get(name, "")
                yield from rows(inner, f"{before}{name} ")
        else:
            yield prose.code(f"{before}{called(action)}"), words(action, parser)


def arguments(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    """Return the arguments that are not Django's own, positional ones first."""
    ours = [each for each in parser._actions if each.dest not in _djangos()]  # noqa: SLF001
    return sorted(ours, key=lambda action: bool(action.option_strings))


def _djangos() -> set[str]:
    plain = BaseCommand().create_parser("manage.py", "plain")
    return {action.dest for action in plain._actions}  # noqa: SLF001 -- argparse lists them nowhere


def called(action: argparse.Action) -> str:
    """Return an argument as it is written: ``--every SECONDS``, ``{install,remove}``."""
    value = ""
    if action.nargs != 0:
        choices = "{" + ",".join(map(str, action.choices or ())) + "}"
        value = str(action.metavar or (choices if action.choices else action.dest.upper()))
    if not action.option_strings:
        value = value if action.metavar or action.choices else f"<{action.dest}>"
        return f"[{value}]" if action.nargs in {"?", "*"} else value
    return f"{', '.join(action.option_strings)} {value}".strip()


def words(action: argparse.Action, parser: argparse.ArgumentParser) -> str:
    """Return what an argument means, whether it must be given, and its default."""
    text = (action.help or "") % {**vars(action), "prog": parser.prog}
    said = [text]
    if action.option_strings and action.required:
        said.append("required")
    plain: Any = action.default
    if action.nargs != 0 and plain not in {None, argparse.SUPPRESS} and str(plain) not in text:
        said.append(f"{plain} unless told")
    return "; ".join(filter(None, said))


def statuses(module: str) -> Iterator[tuple[str, str]]:
    """Yield the exit statuses of a command beside the usual ones, and what it says then."""
    for node in ast.walk(source.tree(module)):
        if not isinstance(node, ast.Call):
            continue
        for keyword in node.keywords:
            if keyword.arg == "returncode":
                yield number(keyword.value, module), source.template(node.args[0], module) or ""
        if ast.unparse(node.func) == "sys.exit":
            yield number(node.args[0], module), "Told to end (SIGTERM); nothing is lost."


def number(node: ast.expr, module: str) -> str:
    """Return an exit status, which may be a constant of the command."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    home = __import__(module, fromlist=["*"])
    return str(int(getattr(home, ast.unparse(node))))


def tasks() -> str:
    """Return the part about the tasks of Celery."""
    module = "authmigration.tasks"
    about, _ = prose.divided(ast.get_docstring(source.tree(module)))
    rows = [
        (prose.code(str(name)), prose.divided(ast.get_docstring(node))[0])
        for node in source.tree(module).body
        if isinstance(node, ast.FunctionDef)
        for name in task_names(node)
    ]
    return "\n\n".join(("## Celery tasks", about, prose.table(("task", "what it does"), rows)))


def task_names(node: ast.FunctionDef) -> list[str]:
    """Return the name under which a function is a task; empty where it is none."""
    keywords = (
        keyword
        for each in node.decorator_list
        if isinstance(each, ast.Call)
        for keyword in each.keywords
    )
    return [str(ast.literal_eval(each.value)) for each in keywords if each.arg == "name"]
