"""What the tree's ``authz.py`` files declare: role tables, roles and permissions."""

from typing import TYPE_CHECKING

from .project.models import called, last_name
from .roles import parts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .audit import Audit
    from .project.definitions import Function
    from .source.expressions import Node

TOOLKIT = ("authmigration", "auth_lib")


def is_authz_file(path: str) -> bool:
    """Tell whether role facts may be read in a file: where they are declared or administered."""
    return path.endswith(("authz.py", "admin.py", "signals.py")) or "/authz/" in path


def declares(function: "Function", kind: str) -> bool:
    """Tell whether a function stands under ``@legacy.check`` or ``@legacy.list``."""
    for node in function.decorators:
        called_node = node[1] if node[0] == "call" else node
        if called_node[0] == "attr" and called_node[2] == kind:
            return last_name(called_node[1]) == "legacy"
    return False


def declarations(audit: "Audit") -> "Iterator[Node]":
    """Yield what stands at the top of the modules that import the toolkit."""
    for name in audit.index.modules:
        scope = audit.index.scope(name)
        found = scope.names.values() if scope else ()
        if scope and any(isinstance(d, str) and d.startswith(TOOLKIT) for d in found):
            yield from (node for node in scope.statements if node[0] in {"set", "eval"})


def legacy_models(audit: "Audit") -> set[str]:
    """Return the names of the models that ``legacy.table`` declares as role tables."""
    found = set()
    for node in declarations(audit):
        for part in parts(node):
            table = called(part) == "table" and part[1][0] == "attr" and part[2]
            if table and last_name(part[1][1]) == "legacy":
                found.add(last_name(part[2][0]))
    return found


def known_permissions(audit: "Audit") -> set[str]:
    """Return the permissions that the roles and the contexts of the tree name."""
    found: set[str] = set()
    for node in declarations(audit):
        for part in parts(node):
            if called(part) in {"Role", "ContextType", "Policy"}:
                for _, value in part[3]:
                    found |= texts(value)
    return found


def texts(node: object) -> set[str]:
    """Return the texts in an expression."""
    found: set[str] = set()
    if isinstance(node, tuple):
        if len(node) == 2 and node[0] == "const" and isinstance(node[1], str):
            return {node[1]}
        for part in node:
            found |= texts(part)
    return found
