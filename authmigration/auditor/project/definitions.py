"""What a module defines: functions, classes and names bound at its top."""

from dataclasses import dataclass, field

from ..source.expressions import Node
from ..source.modules import Module

CONDITIONAL = {"if": (2, 3), "try": (1, 3, 4), "with": (2,)}


@dataclass(slots=True, eq=False)
class Function:
    """A function or method. ``owner`` is the class that holds it, None at the top of a module."""

    name: str
    module: Module
    node: Node
    owner: "Class | None" = None
    outer: str = ""

    @property
    def symbol(self) -> str:
        """The qualified name inside its module."""
        return f"{self.outer}.{self.name}" if self.outer else self.name

    @property
    def parameters(self) -> Node:
        """(name, default, kind) of each parameter."""
        return tuple(self.node[2])

    @property
    def decorators(self) -> Node:
        return tuple(self.node[3])

    @property
    def body(self) -> Node:
        return tuple(self.node[4])

    @property
    def line(self) -> int:
        """The line of ``def``."""
        return int(self.node[7])


@dataclass(slots=True, eq=False)
class Class:
    """A class with what stands directly in its body."""

    name: str
    module: Module
    node: Node
    outer: str = ""
    attributes: dict[str, tuple[Node, int]] = field(default_factory=dict)
    methods: dict[str, Function] = field(default_factory=dict)
    nested: dict[str, "Class"] = field(default_factory=dict)

    @property
    def symbol(self) -> str:
        return f"{self.outer}.{self.name}" if self.outer else self.name

    @property
    def bases(self) -> Node:
        return tuple(self.node[2])

    @property
    def line(self) -> int:
        """The line of ``class``."""
        return int(self.node[7])

    @property
    def full_name(self) -> str:
        return f"{self.module.name}.{self.symbol}"


@dataclass(slots=True)
class Binding:
    """A name bound at the top of a module to an expression, last binding first."""

    module: Module
    node: Node
    line: int


Definition = Function | Class | Binding | str
"""A string is a dotted path that is imported."""


@dataclass(slots=True)
class Scope:
    """The names of one module, and what stands at its top in order."""

    module: Module
    names: dict[str, Definition] = field(default_factory=dict)
    stars: list[str] = field(default_factory=list)
    statements: list[Node] = field(default_factory=list)


def scope_of(module: Module) -> Scope:
    """Collect what a module defines, inside conditions and ``try`` too."""
    scope = Scope(module)
    collect(scope, module.body)
    return scope


def collect(scope: Scope, body: Node) -> None:
    for node in body:
        kind = node[0]
        if kind in CONDITIONAL:
            for place in CONDITIONAL[kind]:
                collect(scope, node[place])
            continue
        scope.statements.append(node)
        bind(scope, node)


def bind(scope: Scope, node: Node) -> None:
    """Put the names that one statement binds into the scope."""
    kind = node[0]
    if kind == "def":
        scope.names[node[1]] = Function(node[1], scope.module, node)
    elif kind == "class":
        scope.names[node[1]] = class_of(node, scope.module)
    elif kind == "import":
        for name, dotted in node[1]:
            if name == "*":
                scope.stars.append(dotted.removesuffix(".*"))
            else:
                scope.names.setdefault(name, dotted)
    elif kind == "set":
        for target in node[1]:
            if target[0] == "name":
                scope.names[target[1]] = rebound(scope, target[1], node)
            elif target[0] == "list" and node[2][0] == "call":
                several(scope, target[1], node)


def several(scope: Scope, targets: Node, node: Node) -> None:
    """Bind ``A, B = get_classes("app.views", ["A", "B"])``: each name to the class of its name."""
    for part in targets:
        if part[0] == "name":
            made = ("call", node[2][1], (("const", part[1]),), (), node[3])
            scope.names[part[1]] = Binding(scope.module, made, node[3])


def rebound(scope: Scope, name: str, node: Node) -> Definition:
    """Return what a name means after ``view = decorator(view)``: the view, decorated."""
    old = scope.names.get(name)
    value = node[2]
    if isinstance(old, Function) and value[0] == "call" and ("name", name) in value[2]:
        plain = old.node
        decorated = (*plain[:3], (value[1], *plain[3]), *plain[4:])
        return Function(old.name, old.module, decorated, old.owner, old.outer)
    return Binding(scope.module, node[2], node[3])


def class_of(node: Node, module: Module, outer: str = "") -> Class:
    """Return a class with its attributes, methods and nested classes."""
    found = Class(node[1], module, node, outer)
    fill(found, node[4])
    return found


def fill(found: Class, body: Node) -> None:
    for node in body:
        kind = node[0]
        if kind in CONDITIONAL:
            for place in CONDITIONAL[kind]:
                fill(found, node[place])
        elif kind == "def":
            found.methods[node[1]] = Function(node[1], found.module, node, found, found.symbol)
        elif kind == "class":
            found.nested[node[1]] = class_of(node, found.module, found.symbol)
        elif kind == "set":
            for target in node[1]:
                if target[0] == "name":
                    found.attributes[target[1]] = (node[2], node[3])
