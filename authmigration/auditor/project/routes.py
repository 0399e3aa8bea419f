"""URL configurations: which functions and classes a request reaches, and with which ids."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from ..source.expressions import Node
from ..source.modules import Module
from .definitions import Binding, Class, Function
from .index import Index
from .models import called, last_name

NAMES = re.compile(r"\(\?P<(\w+)>|<(?:[\w.]+:)?(\w+)>")
PATTERNS = {"path", "re_path", "url"}
GROUPS = {
    "i18n_patterns",
    "patterns",
    "decorator_include",
    "list",
    "tuple",
    "format_suffix_patterns",
}
DEEPEST = 60


@dataclass(slots=True)
class Route:
    """How requests reach one view: the names in its URLs, the wrappers put round it there.

    ``names`` is None where a router makes them.
    """

    names: frozenset[str] | None = frozenset()
    wrappers: list[tuple[Module, Node]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)

    def also(self, names: frozenset[str] | None) -> None:
        """Another URL leads to the same view."""
        known = self.names is not None and names is not None
        self.names = self.names | names if known else None  # type: ignore[operator]


@dataclass(slots=True, frozen=True)
class Way:
    """Where a walk through URL configurations stands: what was found, and the URL so far."""

    found: "dict[Function | Class, Route]"
    names: frozenset[str] = frozenset()
    path: str = ""
    depth: int = 0

    def deeper(self) -> "Way":
        """Return the same place, one step further from where the walk began."""
        return replace(self, depth=self.depth + 1)

    def below(self, text: str) -> "Way":
        """Return the place below one part of a URL."""
        names = self.names | names_in(text)
        return replace(self, names=names, path=self.path + text, depth=self.depth + 1)


class Routes:
    """Every view that a URL configuration of the tree names."""

    def __init__(self, index: Index, known: dict[str, frozenset[str]] | None = None) -> None:
        self.index = index
        self.known = known or {}
        self.included: set[str] = set()

    @cached_property
    def by_view(self) -> dict[Function | Class, Route]:
        """The routes of functions and classes."""
        found: dict[Function | Class, Route] = {}
        self.included = set(self.included_modules())
        for name, module in self.index.modules.items():
            scope = self.index.scope(name)
            if scope is None or name in self.included:
                continue
            if "urlpatterns" in scope.names:
                self.walk_module(module, Way(found))
        for name in self.included:
            module = self.index.modules[name]
            if name not in self.walked:
                self.walk_module(module, Way(found))
        self.registered(found)
        for dotted, names in self.known.items():
            view = self.index.lookup(dotted)
            if isinstance(view, Function | Class) and not view.module.name.startswith("<"):
                found.setdefault(view, Route()).names = names
        return found

    @cached_property
    def walked(self) -> set[str]:
        return set()

    def included_modules(self) -> Iterator[str]:
        """Yield the modules that another URL configuration includes."""
        for module in self.index.modules.values():
            for node in module.body:
                yield from self.includes(module, node)

    def includes(self, module: Module, node: Node) -> Iterator[str]:
        for part in calls_in(node):
            if called(part) in {"include", "decorator_include"} and part[2]:
                target = self.included_module(
                    module, part[2][-1 if called(part) != "include" else 0]
                )
                if target is not None and target.name != module.name:
                    yield target.name

    def included_module(self, module: Module, node: Node) -> Module | None:
        """Return the module that an ``include`` names by text or by import."""
        if node[0] == "list" and node[1]:
            node = node[1][0]
        if node[0] == "const" and isinstance(node[1], str):
            scope = self.index.scope(node[1])
        else:
            found = self.index.resolve(module, node)
            scope = self.index.scope(found) if isinstance(found, str) else None
        return scope.module if scope else None

    def walk_module(self, module: Module, way: Way) -> None:
        """Read the patterns of one URL configuration."""
        self.walked.add(module.name)
        if way.depth > DEEPEST:
            return
        scope = self.index.scope(module.name)
        for node in scope.statements if scope else ():
            if node[0] == "set" and any("urlpatterns" in str(target[1]) for target in node[1]):
                self.walk(module, node[2], way.deeper())
            elif node[0] == "eval" and node[1][0] == "call" and node[1][1][0] == "attr":
                target = node[1][1]
                if target[1][0] == "name" and "urlpatterns" in target[1][1]:
                    for part in node[1][2]:
                        self.walk(module, part, way.deeper())

    def walk(self, module: Module, node: Node, way: Way) -> None:
        """Read one expression that stands for patterns."""
        if way.depth > DEEPEST:
            return
        kind = node[0]
        if kind in {"list", "mix"}:
            for part in node[1]:
                self.walk(module, part, way.deeper())
        elif kind == "star":
            self.walk(module, node[1], way.deeper())
        elif kind == "name":
            scope = self.index.scope(module.name)
            bound = scope.names.get(node[1]) if scope else None
            if isinstance(bound, Binding):
                self.walk(bound.module, bound.node, way.deeper())
        elif kind == "call":
            self.walk_call(module, node, way)

    def walk_call(self, module: Module, node: Node, way: Way) -> None:
        name = called(node)
        if name in PATTERNS and len(node[2]) > 1:
            text = texts(node[2][0])
            inner = way.below(text)
            view = node[2][1]
            if called(view) in {"include", "decorator_include"} and view[2]:
                self.walk_include(module, view, inner)
            else:
                self.add(module, view, inner)
        elif name in {"include", "decorator_include"} and node[2]:
            self.walk_include(module, node, way)
        elif name in GROUPS:
            for part in node[2]:
                self.walk(module, part, way.deeper())

    def walk_include(self, module: Module, node: Node, way: Way) -> None:
        target = self.included_module(module, node[2][-1 if called(node) != "include" else 0])
        if target is not None:
            self.walk_module(target, way.deeper())
        else:
            self.walk(module, node[2][0], way.deeper())

    def add(self, module: Module, view: Node, way: Way) -> None:
        """Note the view of one pattern and what is wrapped round it."""
        target, wrappers = self.unwrapped(module, view, 0)
        if target is None:
            return
        if target in way.found:
            way.found[target].also(way.names)
        else:
            way.found[target] = Route(way.names)
        way.found[target].paths.append(way.path)
        way.found[target].wrappers = [(module, wrapper) for wrapper in wrappers]

    def unwrapped(
        self, module: Module, node: Node, depth: int
    ) -> tuple[Function | Class | None, list[Node]]:
        """Return the view inside ``login_required(View.as_view())`` and the wrappers."""
        if depth > DEEPEST:
            return None, []
        if node[0] == "call":
            if last_name(node[1]) in {"as_view", "as_callable"} and node[1][0] == "attr":
                found = self.index.resolve(module, node[1][1])
                return (found, []) if isinstance(found, Class) else (None, [])
            for argument in reversed(node[2]):
                target, wrappers = self.unwrapped(module, argument, depth + 1)
                if target is not None:
                    return target, [*wrappers, node[1]]
            return None, []
        if node[0] == "const" and isinstance(node[1], str):
            found = self.index.lookup(node[1])
        else:
            found = self.index.resolve(module, node)
        if isinstance(found, Binding):
            return self.unwrapped(found.module, found.node, depth + 1)
        return (found, []) if isinstance(found, Function | Class) else (None, [])

    def registered(self, found: dict[Function | Class, Route]) -> None:
        """Note the classes that a router registers."""
        for module in self.index.modules.values():
            for node in module.body:
                for part in calls_in(node):
                    if last_name(part[1]) == "register" and len(part[2]) > 1:
                        view = self.index.resolve(module, part[2][1])
                        if isinstance(view, Class) and part[2][0][0] in {"const", "mix"}:
                            found.setdefault(view, Route(None)).names = None
                            found[view].paths.append(texts(part[2][0]))


def calls_in(node: Node) -> Iterator[Node]:
    """Yield every call in a lowered statement, those in functions left out."""
    if not node:
        return
    if node[0] == "call" and len(node) == 5:
        yield node
    if node[0] == "def":
        return
    for part in node:
        if isinstance(part, tuple):
            yield from calls_in(part)


def texts(node: Node) -> str:
    """Return the text of a pattern, also where it is put together."""
    if node[0] == "const":
        return str(node[1])
    if node[0] in {"mix", "list"}:
        return "".join(texts(part) for part in node[1])
    if node[0] == "call":
        return "".join(texts(part) for part in node[2])
    return ""


def names_in(pattern: str) -> frozenset[str]:
    """Return the names of the parts of a URL pattern."""
    return frozenset(first or second for first, second in NAMES.findall(pattern))
