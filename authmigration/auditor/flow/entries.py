"""Entry points: run each function and class that a request reaches."""

from dataclasses import replace
from typing import TYPE_CHECKING

from ..project.definitions import Class, Function
from ..source.expressions import Node
from .functions import Arguments, invoke
from .guards import identifiers
from .natives import NATIVES
from .state import Entry, Frame, State
from .values import NOTHING, REQUEST, Closure, Instance, Value, client, inputs
from .words import id_like

if TYPE_CHECKING:
    from .interpreter import Interpreter

TRUSTED = "a decorator that is not in the tree"
# Decorators of Django and Django REST framework that sound like a check and look at no row.
NO_CHECKS = {
    *("require_http_methods", "require_GET", "require_POST", "require_safe", "require_ajax"),
    *("csrf_protect", "requires_csrf_token", "ensure_csrf_cookie", "ajax_required"),
    *("authentication_classes", "sensitive_variables"),
}
BLIND_CLASSES = {"IsAuthenticated", "AllowAny", "IsAuthenticatedOrReadOnly", "IsAdminUser"}


def run_function(interpreter: "Interpreter", entry: Entry, function: Function) -> None:
    """Interpret a view that is a function."""
    interpreter.program.refuel()
    frame = Frame(entry, function.module, None, State())
    callee = decorated(interpreter, frame, Closure(function), function)
    for module, node in entry.wrappers:
        scope = Frame(entry, module, None, frame.state)
        callee = wrapped(interpreter, scope, node, Value(NOTHING, "function", callee)).ref
    known = function_inputs(entry, function)
    entry.handlers.append(function)
    invoke(interpreter, frame, callee, Arguments([REQUEST], {}, inputs("", known)))


def function_inputs(entry: Entry, function: Function) -> dict[str, Value]:
    """Return what the URL gives to a function, by name."""
    names = [name for name, _, kind in function.parameters if kind in {"", "kw"}][1:]
    if entry.route is not None:
        names += [name for name in entry.route if name not in names]
    return {name: client(name) for name in names}


def decorated(
    interpreter: "Interpreter", frame: Frame, closure: Closure, function: Function
) -> Closure:
    """Return what a view is after its decorators, the innermost applied first."""
    current = Value(NOTHING, "function", replace(closure, plain=True))
    scope = Frame(frame.entry, function.module, None, frame.state, depth=frame.depth)
    for node in reversed(function.decorators):
        current = wrapped(interpreter, scope, node, current)
    found: Closure = current.ref
    return found


def wrapped(interpreter: "Interpreter", frame: Frame, node: Node, current: Value) -> Value:
    """Apply one decorator to a view; a view that is lost in one of no known meaning is kept."""
    from .applying import apply

    scope = Frame(frame.entry, frame.module, None, frame.state, depth=frame.depth + 1)
    value = interpreter.evaluate(scope, unwrapped(node))
    if value.kind == "decorator":
        frame.state.gates |= value.ref
        return current
    if value.kind != "function":
        strange(frame, node)
        return current
    frame.state.dead = False
    result = apply(interpreter, scope, value, Arguments([current]), ("call", node, (), (), 0))
    frame.state.dead = False
    return result if result.kind == "function" else current


def unwrapped(node: Node) -> Node:
    """Return the decorator inside ``method_decorator(…)``."""
    if node[0] == "call" and identifiers(node[1])[-1:] == ["method_decorator"] and node[2]:
        inner: Node = node[2][0]
        return inner
    return node


def strange(frame: Frame, node: Node) -> None:
    """Note a decorator outside the tree whose name says that it checks something."""
    from .words import CHECKS

    name = identifiers(node[1] if node[0] == "call" else node)[-1:]
    if name == ["permission_classes"]:
        asked_classes(frame, node)
    elif name and name[0] not in NO_CHECKS and CHECKS.search(name[0]) and "login" not in name[0]:
        frame.entry.trusted.append(name[0])


def asked_classes(frame: Frame, node: Node) -> None:
    """Note what ``@permission_classes`` asks: classes of the framework look at no row."""
    names = {name for item in node[2] for name in identifiers(item)} if node[0] == "call" else set()
    classes = {name for name in names if name[:1].isupper()}
    if "IsAdminUser" in classes:
        frame.state.gates |= {"role"}
    if not classes or classes - BLIND_CLASSES:
        frame.entry.trusted.append("permission_classes")


def run_class(interpreter: "Interpreter", entry: Entry, klass: Class) -> None:
    """Interpret a view that is a class: setup, dispatch and every handler."""
    interpreter.program.refuel()
    instance = Instance(klass, view=True, route=entry.route)
    known = {name: client(name) for name in entry.route or ()}
    instance.attributes |= {"request": REQUEST, "kwargs": inputs("", known), "args": Value()}
    held = Value(NOTHING, "instance", instance)
    frame = Frame(entry, klass.module, None, State())
    for each in interpreter.program.hierarchy.order(klass):
        for node in each.node[3]:
            gate_of(interpreter, frame, each, node)
    for module, node in entry.wrappers:
        wrapper = interpreter.evaluate(Frame(entry, module, None, frame.state), node)
        if wrapper.kind == "decorator":
            frame.state.gates |= wrapper.ref
    hierarchy = interpreter.program.hierarchy
    for name in ("setup", "dispatch"):
        method = hierarchy.method(klass, name)
        arguments = Arguments([REQUEST], {}, inputs("", known))
        if method is not None:
            closure = decorated(interpreter, frame, Closure(method, None, held), method)
            frame.state.dead = False
            invoke(interpreter, frame, closure, arguments)
    if not entry.handlers:
        frame.state.dead = False
        NATIVES["__handlers__"](interpreter, frame, Arguments([held, REQUEST]))


def gate_of(interpreter: "Interpreter", frame: Frame, klass: Class, node: Node) -> None:
    """Let a decorator of a class count for all its handlers."""
    scope = Frame(frame.entry, klass.module, None, State())
    value = interpreter.evaluate(scope, unwrapped(node))
    if value.kind == "decorator":
        frame.state.gates |= value.ref
    elif value.kind == "outside":
        strange(frame, unwrapped(node))


def route_inputs(instance: Instance, method: Function) -> dict[str, Value]:
    """Return what the URL gives to a handler: ids, and what was made of them before."""
    names = [name for name, _, kind in method.parameters if kind in {"", "kw"}][2:]
    known = {name: client(name) for name in instance.route or ()}
    for name in names:
        if name not in known:
            safe = not id_like(name)
            made = frozenset({("safe", f"parameter {name}")})
            known[name] = Value(made) if safe else client(name)
    return known
