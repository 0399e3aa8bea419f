"""The options of ``AUTHMIGRATION`` and ``FEATURE_FLAGS``."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from feature_flags.outside import HARMLESS, variable_of
from tools.reference import prose, source


class Option(NamedTuple):
    """One option as its dataclass declares it."""

    name: str
    type: str
    default: str
    text: str


INTRO = """
Two dicts of Django's settings. Both are read late, and read again when a test changes them. An
option that does not exist, or a value that cannot be used, is an error of `manage.py check`
([checks](checks.md)).
"""
TOKENS = "authmigration.tokens.options"
SERVICE = """
## auth_lib in a service

`auth_lib.configure` takes these as arguments, or each from the variable that its meaning names.
"""
KILL = """
## Environment

`{variable}` kills the rollout where it is set when a process starts, to anything but {harmless}:
legacy decides for everybody who is not retired. It can only kill; the file `KILL_FILE` and
`manage.py authz_kill` do the same while processes run.
"""


def text() -> str:
    """Return the page."""
    parts = [
        prose.page("Settings", INTRO),
        section("AUTHMIGRATION", options("authmigration.conf", "Settings")),
        section(
            'AUTHMIGRATION["TOKENS"]', options("authmigration.tokens.options", "TokenSettings")
        ),
        section("FEATURE_FLAGS", options("feature_flags.conf", "Options")),
        SERVICE.strip("\n") + "\n",
        service(),
        KILL.format(
            variable=variable_of(kill_switch()),
            harmless=", ".join(prose.code(value) or "nothing" for value in sorted(HARMLESS)),
        ),
    ]
    return "\n".join(parts)


def service() -> str:
    """Return the table of what sets up ``auth_lib`` in a service."""
    found = source.definition("auth_lib.configured", "configure")
    if found is None or not isinstance(found[1], ast.FunctionDef):
        raise LookupError("auth_lib.configure is no function")
    _, sections = prose.divided(ast.get_docstring(found[1]))
    node = found[1].args
    defaults = {
        each.arg: ast.unparse(default) if default else ""
        for each, default in zip(node.kwonlyargs, node.kw_defaults, strict=True)
    }
    rows = (
        (prose.code(name), prose.code(defaults[name]), prose.sentence(text))
        for name, text in sections["Args"]
    )
    return prose.table(("argument", "default", "meaning"), rows) + "\n"


def section(setting: str, found: list[Option]) -> str:
    """Return the part about one dict."""
    rows = ((prose.code(o.name), prose.code(o.type), prose.code(o.default), o.text) for o in found)
    return f"## {setting}\n\n{prose.table(('option', 'type', 'default', 'meaning'), rows)}\n"


def options(module: str, class_name: str) -> list[Option]:
    """Return the options that a dataclass declares, in its order.

    Raises:
        LookupError: an option has no text.

    """
    found = source.definition(module, class_name)
    if found is None or not isinstance(found[1], ast.ClassDef):
        raise LookupError(f"{module}.{class_name} is no class")
    return list(_options(found[1]))


def _options(node: ast.ClassDef) -> Iterator[Option]:
    below = source.docstrings_below(node.body)
    above = dict(prose.divided(ast.get_docstring(node))[1].get("Attributes", []))
    for each in node.body:
        if not isinstance(each, ast.AnnAssign) or each.value is None:
            continue
        (name,) = source.targets(each)
        text = prose.markdown(below[name]) if name in below else above.get(name)
        if not text:
            raise LookupError(f"{node.name}.{name} has no docstring below it")
        yield Option(
            name.upper(),
            ast.unparse(each.annotation),
            ast.unparse(each.value),
            prose.sentence(text),
        )


def kill_switch() -> str:
    """Return the name of the switch that stops the stages."""
    value = source.constants("authmigration.rollout.flags")["KILL_SWITCH"]
    return str(ast.literal_eval(value))
