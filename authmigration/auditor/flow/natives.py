"""What the models of the frameworks cannot say in Python: names that begin with two underscores."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from ..project.definitions import Function
from .functions import Arguments, invoke
from .state import Frame
from .values import NOTHING, UNKNOWN, Closure, Value, all_tokens, const, inputs
from .words import CHECKS

if TYPE_CHECKING:
    from .interpreter import Interpreter

Native = Callable[["Interpreter", Frame, Arguments], Value]

HANDLERS = ("get", "post", "put", "patch", "delete")
ACTIONS = ("list", "retrieve", "create", "update", "partial_update", "destroy")


def handlers(interpreter: "Interpreter", frame: Frame, arguments: Arguments) -> Value:
    """Run every handler of a view, each on what holds now."""
    held = arguments.positional[0]
    instance = held.ref
    before = frame.state.copy()
    hierarchy = interpreter.program.hierarchy
    result: Value | None = None
    for name in handler_names(interpreter, held):
        method = hierarchy.method(instance.klass, name)
        if method is None:
            continue
        frame.state = before.copy()
        instance.attributes["action"] = const(name)
        frame.entry.handlers.append(method)
        value = handle(interpreter, frame, held, method)
        result = value if result is None else Value(all_tokens(value) | all_tokens(result))
    frame.state = before
    return result or UNKNOWN


def handle(interpreter: "Interpreter", frame: Frame, held: Value, method: Function) -> Value:
    """Run what a framework runs before a handler, then the handler."""
    from .entries import decorated, route_inputs

    instance = held.ref
    hierarchy = interpreter.program.hierarchy
    overridden = action_options(interpreter, frame, held, method)
    start = hierarchy.method(instance.klass, "initial")
    known = route_inputs(instance, method)
    rest = inputs("", known)
    instance.attributes["kwargs"] = rest
    if start is not None:
        arguments = Arguments([instance.attributes["request"]], {}, rest)
        invoke(interpreter, frame, Closure(start, None, held), arguments)
    if frame.state.dead:
        return UNKNOWN
    if any(token[0] == "safe" for value in known.values() for token in value.tokens):
        frame.state.gates |= {"context"}
    callee = decorated(interpreter, frame, Closure(method, None, held), method)
    arguments = Arguments([instance.attributes["request"]], {}, rest)
    value = invoke(interpreter, frame, callee, arguments)
    instance.attributes.update(overridden)
    for name in [n for n, v in overridden.items() if v is UNKNOWN]:
        instance.attributes.pop(name)
    return value


def action_options(
    interpreter: "Interpreter", frame: Frame, held: Value, method: Function
) -> dict[str, Value]:
    """Set what ``@action(permission_classes=…)`` sets; return what was there before."""
    attributes = held.ref.attributes
    before: dict[str, Value] = {}
    for node in method.decorators:
        if node[0] != "call" or node[1][-1 if node[1][0] == "name" else 2] != "action":
            continue
        for name, value in node[3]:
            if name in {"permission_classes", "queryset", "filter_backends"}:
                before[name] = attributes.get(name, UNKNOWN)
                inner = Frame(
                    frame.entry, method.module, None, frame.state.copy(), depth=frame.depth
                )
                inner.state.env = {}
                attributes[name] = interpreter.evaluate(inner, value)
    return before


def handler_names(interpreter: "Interpreter", held: Value) -> list[str]:
    """Return the names of the methods that requests reach, extra actions included."""
    klass = held.ref.klass
    order = interpreter.program.hierarchy.order(klass)
    names = list(HANDLERS)
    if any(each.name in {"ViewSetMixin", "GenericViewSet", "ViewSet"} for each in order):
        names = [*ACTIONS]
    for each in order:
        names += [n for n, method in each.methods.items() if is_action(method) and n not in names]
    return names


def is_action(method: Function) -> bool:
    """Tell whether a method is routed by a decorator: ``@action`` and its forerunners."""
    for node in method.decorators:
        called = node[1] if node[0] == "call" else node
        name = called[1] if called[0] == "name" else called[2] if called[0] == "attr" else ""
        if name in {"action", "list_route", "detail_route"}:
            return True
    return False


def listed(interpreter: "Interpreter", frame: Frame, arguments: Arguments) -> Value:
    """Note that a view shows all rows of a queryset."""
    value = arguments.positional[0]
    if value.kind != "query":
        interpreter.use(frame, all_tokens(value), "read", 0)
        return Value(all_tokens(value))
    fetch = interpreter.record(frame, value.ref, "list", value.ref.line)
    interpreter.use(frame, frozenset({fetch.token}), "read", value.ref.line)
    return Value(frozenset({fetch.token}))


def read(interpreter: "Interpreter", frame: Frame, arguments: Arguments) -> Value:
    interpreter.use(frame, arguments.tokens(), "read", 0)
    return UNKNOWN


def write(interpreter: "Interpreter", frame: Frame, arguments: Arguments) -> Value:
    interpreter.use(frame, arguments.tokens(), "write", 0)
    return UNKNOWN


def gate(_interpreter: "Interpreter", frame: Frame, arguments: Arguments) -> Value:
    """Note that the requester has to hold a role."""
    frame.state.gates |= {str(value.ref) for value in arguments.positional}
    return UNKNOWN


def body(_interpreter: "Interpreter", _frame: Frame, _arguments: Arguments) -> Value:
    return inputs("body:")


def form(_interpreter: "Interpreter", _frame: Frame, arguments: Arguments) -> Value:
    return Value(arguments.tokens(), "form")


def limited(interpreter: "Interpreter", frame: Frame, arguments: Arguments) -> Value:
    """Let a filter backend limit a queryset; a stranger is judged by its name."""
    backend, queryset = arguments.positional[:2]
    if backend.kind == "class":
        made = interpreter.program.hierarchy.method(backend.ref, "filter_queryset")
        if made is not None and not made.module.name.startswith("<"):
            from .applying import constructed

            held = constructed(interpreter, frame, backend.ref, Arguments())
            given = Arguments([arguments.positional[2], queryset, arguments.positional[3]])
            result = invoke(interpreter, frame, Closure(made, None, held), given)
            return result if result.kind == "query" else queryset.also(result.tokens)
        return queryset
    if CHECKS.search(str(backend.ref)) and queryset.kind == "query":
        from . import queries

        return Value(NOTHING, "query", queries.scoped(queryset.ref, frozenset({("user",)})))
    return queryset


NATIVES: dict[str, Native] = {
    "__handlers__": handlers,
    "__list__": listed,
    "__read__": read,
    "__write__": write,
    "__gate__": gate,
    "__body__": body,
    "__form__": form,
    "__limited__": limited,
}
