"""Which permissions the host's code lists by, read from its source.

A list is made wherever ``filter_queryset`` is called, or a choice is offered, so that no decorator
could note it.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType

from django.apps import apps

_CALL = "filter_queryset"
_LIST_ATTRIBUTE = "list_permission"
_API_ATTRIBUTE = "authz_permissions"
_API_LISTS = {"list", "get", "view"}
_FIELDS = {
    "AuthzModelChoiceField",
    "AuthzModelMultipleChoiceField",
    "AuthzPrimaryKeyRelatedField",
}
"""What may be chosen is a list too."""


def listed_permissions() -> frozenset[str]:
    """Return every permission by which a loaded module of an installed app makes a list."""
    return frozenset(
        name for module in _modules() for source in _sources(module) for name in listed_in(source)
    )


def listed_in(source: str) -> Iterator[str]:
    """Yield the permissions by which a Python source makes lists, where they are literals."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            yield from _in_call(node)
        elif isinstance(node, ast.Assign):
            yield from _in_assignment(node)


def _in_call(node: ast.Call) -> Iterator[str]:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    given = [*node.args[1:2], *(k.value for k in node.keywords if k.arg == "permission")]
    if name == _CALL or name in _FIELDS:
        yield from _literals(given)


def _in_assignment(node: ast.Assign) -> Iterator[str]:
    names = {target.id for target in node.targets if isinstance(target, ast.Name)}
    if _LIST_ATTRIBUTE in names:
        yield from _literals([node.value])
    elif _API_ATTRIBUTE in names and isinstance(node.value, ast.Dict):
        pairs = zip(node.value.keys, node.value.values, strict=True)
        yield from _literals(
            value
            for key, value in pairs
            if isinstance(key, ast.Constant) and key.value in _API_LISTS
        )


def _literals(nodes: Iterable[ast.expr]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _modules() -> Iterator[ModuleType]:
    ours = __name__.partition(".")[0]
    hosts = tuple(
        f"{config.name}."
        for config in apps.get_app_configs()
        if config.name != ours and not config.name.startswith("django.")
    )
    for name, module in list(sys.modules.items()):
        if name.startswith(hosts):
            yield module


def _sources(module: ModuleType) -> Iterator[str]:
    path = Path(getattr(module, "__file__", None) or "")
    if path.suffix != ".py":
        return
    try:
        source = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return
    if any(word in source for word in (_CALL, _LIST_ATTRIBUTE, _API_ATTRIBUTE, *_FIELDS)):
        yield source
