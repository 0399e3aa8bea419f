"""What a settings module says for every view of Django REST framework that says nothing itself."""

from collections.abc import Iterator

from ..source.expressions import Node
from .definitions import Binding, Class
from .index import Index

SETTING = "REST_FRAMEWORK"
ATTRIBUTES = {
    "DEFAULT_PERMISSION_CLASSES": ("APIView", "permission_classes"),
    "DEFAULT_FILTER_BACKENDS": ("GenericAPIView", "filter_backends"),
}


def apply_defaults(index: Index) -> None:
    """Give the classes of the framework the defaults that the tree's settings name.

    Where several settings modules (of a developer, of a server) name different ones, only what
    all of them name counts.
    """
    for key, (name, attribute) in ATTRIBUTES.items():
        view = index.in_framework(name)
        named = [set(paths) for paths in said(index, key)]
        if named and isinstance(view, Class):
            common = sorted(set.intersection(*named))
            view.attributes[attribute] = (in_scope(index, view, common), view.line)


def said(index: Index, key: str) -> Iterator[list[str]]:
    """Yield the dotted paths under a key of each ``REST_FRAMEWORK`` of the tree."""
    for name in index.modules:
        scope = index.scope(name)
        found = scope.names.get(SETTING) if scope else None
        if isinstance(found, Binding) and found.node[0] == "dict":
            yield from (texts(value) for about, value in found.node[1] if about == ("const", key))


def texts(node: Node) -> list[str]:
    """Return the texts of a list, or the one text."""
    if node[0] == "const":
        return [node[1]] if isinstance(node[1], str) else []
    return [text for part in node[1] for text in texts(part)] if node[0] == "list" else []


def in_scope(index: Index, view: Class, paths: list[str]) -> Node:
    """Return a list of names that mean those classes in the module of a framework's view."""
    scope = index.scope(view.module.name)
    parts = []
    for path in paths:
        name = f"__default_{path}"
        if scope is not None:
            scope.names[name] = index.lookup(path) or path
        parts.append(("name", name))
    return ("list", tuple(parts))
