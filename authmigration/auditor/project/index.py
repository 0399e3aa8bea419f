"""Find what a name means, across modules."""

from collections.abc import Iterable
from functools import cached_property

from ..source.expressions import Node
from ..source.modules import Module
from .definitions import Binding, Class, Definition, Function, Scope, scope_of

LONGEST_CHAIN = 12
# Names that other libraries give to mixins which check something else.
DJANGOS_CHECKS = {"PermissionRequiredMixin", "UserPassesTestMixin", "AccessMixin"}


class Index:
    """All modules of the audited tree, with the models of the frameworks beside them.

    ``frameworks`` are modules that stand for Django and Django REST framework: their classes are
    found by their last name, wherever a host imports them from.
    """

    def __init__(self, modules: Iterable[Module], frameworks: Iterable[Module] = ()) -> None:
        self.modules = {module.name: module for module in modules}
        self.scopes: dict[str, Scope] = {}
        self.framework_names: dict[str, Definition] = {}
        for module in frameworks:
            scope = self.scopes[module.name] = scope_of(module)
            self.framework_names |= scope.names

    @cached_property
    def tails(self) -> dict[str, str]:
        """Full module names by what is left when leading folders are dropped (``src.app``)."""
        found: dict[str, str] = {}
        for name in self.modules:
            parts = name.split(".")
            for start in range(1, min(len(parts), 4)):
                found.setdefault(".".join(parts[start:]), name)
        return found

    def scope(self, name: str) -> Scope | None:
        """Return the names of a module, or None if it is not part of the tree."""
        if name in self.scopes:
            return self.scopes[name]
        module = self.modules.get(name) or self.modules.get(self.tails.get(name, ""))
        if module is None:
            return None
        if module.name not in self.scopes:
            self.scopes[module.name] = scope_of(module)
        return self.scopes[module.name]

    def find(self, module: Module, name: str) -> Definition | None:
        """Return what a bare name means in a module; imports are followed."""
        scope = self.scope(module.name)
        if scope is None:
            return None
        found = scope.names.get(name)
        if found is None and module.name.startswith("<"):
            return self.framework_names.get(name)
        if found is None:
            return next(
                (hit for star in scope.stars if (hit := self.lookup(f"{star}.{name}"))), None
            )
        if isinstance(found, str):
            return self.lookup(found) or found
        return found

    def lookup(self, dotted: str, depth: int = 0) -> Definition | None:
        """Return what a dotted path names: a definition of the tree or of a framework."""
        if depth > LONGEST_CHAIN:
            return None
        head, _, last = dotted.rpartition(".")
        scope = self.scope(head) if head else None
        if scope is not None and last in scope.names:
            found = scope.names[last]
            if isinstance(found, str) and found != dotted:
                return self.lookup(found, depth + 1) or found
            return found
        if scope is not None:
            for star in scope.stars:
                if hit := self.lookup(f"{star}.{last}", depth + 1):
                    return hit
        if self.scope(dotted) is not None:
            return None
        ours = last not in DJANGOS_CHECKS or dotted.startswith("django.")
        return self.in_framework(last) if scope is None and ours else None

    def in_framework(self, last: str) -> Definition | None:
        found = self.framework_names.get(last)
        return found if isinstance(found, Class | Function) else None

    def resolve(self, module: Module, node: Node, depth: int = 0) -> Definition | None:
        """Return what an expression names: a definition, or the dotted path of what is outside."""
        if depth > LONGEST_CHAIN:
            return None
        if node[0] == "name":
            found = self.find(module, node[1])
            if isinstance(found, Binding):
                return self.resolve(found.module, found.node, depth + 1) or found
            return found
        if node[0] == "call":
            return self.loaded(node)
        if node[0] != "attr":
            return None
        above = self.resolve(module, node[1], depth + 1)
        if isinstance(above, str):
            return self.lookup(f"{above}.{node[2]}") or f"{above}.{node[2]}"
        if isinstance(above, Class):
            return above.nested.get(node[2]) or above.methods.get(node[2])
        return None

    def loaded(self, node: Node) -> Definition | None:
        """Return the class that ``get_class("app.views", "Name")`` and its like name by text."""
        called = node[1][-1] if node[1][0] == "name" else node[1][2] if node[1][0] == "attr" else ""
        if "class" not in called and "import" not in called:
            return None
        texts = [str(item[1]) for item in node[2] if item[0] == "const" and item[1]]
        found = self.classes_by_name.get(texts[-1].rpartition(".")[2], []) if texts else []
        return found[0] if len(found) == 1 else None

    @cached_property
    def classes_by_name(self) -> dict[str, list[Class]]:
        """The classes at the top of modules by their bare names."""
        found: dict[str, list[Class]] = {}
        for klass in self.classes:
            found.setdefault(klass.name, []).append(klass)
        return found

    @cached_property
    def classes(self) -> list[Class]:
        """Every class at the top of a module of the tree."""
        return [item for item in self.definitions if isinstance(item, Class)]

    @cached_property
    def functions(self) -> list[Function]:
        return [item for item in self.definitions if isinstance(item, Function)]

    @cached_property
    def definitions(self) -> list[Definition]:
        found: list[Definition] = []
        for name in self.modules:
            if scope := self.scope(name):
                found += scope.names.values()
        return found
