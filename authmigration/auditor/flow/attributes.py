"""What an attribute or an item of a value is."""

from typing import TYPE_CHECKING

from ..project.definitions import Class, Function
from ..source.expressions import Node
from . import queries
from .state import Frame, State
from .values import (
    NOTHING,
    REQUEST,
    REQUESTER,
    UNKNOWN,
    Closure,
    Instance,
    Query,
    Value,
    all_tokens,
    client,
    inputs,
)
from .words import MANAGERS

if TYPE_CHECKING:
    from .interpreter import Interpreter

BODIES = {"GET", "POST", "data", "query_params", "FILES", "body", "headers", "COOKIES", "META"}
OF_REQUEST = {
    *("method", "path", "path_info", "get_full_path", "build_absolute_uri", "is_secure", "scheme"),
    *("content_type", "resolver_match", "encoding", "version", "accepted_renderer", "parsers"),
    *("is_ajax", "htmx", "LANGUAGE_CODE", "get_host", "site", "csrf_processing_done", "read"),
    *("accepted_media_type", "versioning_scheme", "parser_context", "_messages", "upload_handlers"),
}
WRAPPED = {"cached_property", "property", "classproperty"}
DEEPEST = 9


def attribute(interpreter: "Interpreter", frame: Frame, node: Node) -> Value:
    scopes = interpreter.program.scopes
    if scopes and f"{dotted(node[1])}.{node[2]}" in scopes:
        return Value(frozenset({("safe", node[2])}))
    return of(interpreter, frame, interpreter.evaluate(frame, node[1]), node[2], node[3])


def dotted(node: Node) -> str:
    """Return ``self.request`` for the expression, "" for what is no chain of names."""
    if node[0] == "name":
        return str(node[1])
    return f"{dotted(node[1])}.{node[2]}" if node[0] == "attr" else ""


def of(interpreter: "Interpreter", frame: Frame, value: Value, name: str, line: int) -> Value:
    """Return the attribute of a value."""
    how = {
        "request": lambda: of_request(name),
        "instance": lambda: of_instance(interpreter, frame, value, name),
        "class": lambda: of_class(interpreter, frame, value, name, line),
        "row": lambda: of_row(interpreter, frame, value, name, line),
        "outside": lambda: of_outside(interpreter, value, name),
        "form": lambda: of_form(value, name),
        "super": lambda: UNKNOWN,
        "user": lambda: asked(value, name),
        "asked": lambda: asked(value, name),
        "query": lambda: of_query(value, name),
    }.get(value.kind)
    return how() if how else Value(all_tokens(value))


def asked(value: Value, name: str) -> Value:
    """Return what is read of the requester, with the name it is read by: it may be a role."""
    return Value(all_tokens(value), "asked", name)


def of_request(name: str) -> Value:
    if name in {"user", "session", "auth"}:
        return REQUESTER
    if name in BODIES:
        return inputs("body:")
    if name in OF_REQUEST:
        return UNKNOWN
    return Value(frozenset({("safe", f"request.{name}")}))


def of_outside(interpreter: "Interpreter", value: Value, name: str) -> Value:
    if MANAGERS.match(name):
        return Value(NOTHING, "query", Query(None, symbol=str(value.ref)))
    return interpreter.imported(f"{value.ref}.{name}")


def of_form(value: Value, name: str) -> Value:
    if name in {"cleaned_data", "validated_data", "initial_data"}:
        return inputs("body:")
    return Value(value.tokens)


def of_query(value: Value, name: str) -> Value:
    if name == "model" and value.ref.model is not None:
        return Value(NOTHING, "class", value.ref.model)
    return Value(all_tokens(value))


def of_row(interpreter: "Interpreter", frame: Frame, value: Value, name: str, line: int) -> Value:
    """Return a field, a relation, a property or a method of a row."""
    if value.ref is None:
        return Value(value.tokens)
    models = interpreter.program.models
    method = interpreter.program.hierarchy.method(value.ref, name)
    if method is not None:
        return bound(interpreter, frame, value, method)
    related = models.related(value.ref, name)
    if related is None:
        return Value(value.tokens)
    relation = models.shape(value.ref).relations.get(name)
    if relation is not None and "ManyToMany" not in relation.kind:
        return Value(value.tokens, "row", related)
    symbol = frame.function.symbol if frame.function else ""
    query = Query(related, NOTHING, value.tokens, path=frame.module.path, line=line, symbol=symbol)
    return Value(NOTHING, "query", query)


def bound(interpreter: "Interpreter", frame: Frame, value: Value, method: Function) -> Value:
    """Return a bound method, or the value of a property."""
    closure = Closure(method, None, value)
    if is_property(method):
        if frame.depth >= DEEPEST:
            return Value(all_tokens(value))
        result = interpreter_call(interpreter, frame, closure)
        return result.also(value.tokens) if value.kind == "row" else result
    return Value(value.tokens, "function", closure)


def interpreter_call(interpreter: "Interpreter", frame: Frame, closure: Closure) -> Value:
    from .functions import Arguments, invoke

    return invoke(interpreter, frame, closure, Arguments())


def is_property(method: Function) -> bool:
    from .guards import identifiers

    return any(WRAPPED & set(identifiers(node)[-1:]) for node in method.decorators)


def of_class(interpreter: "Interpreter", frame: Frame, value: Value, name: str, line: int) -> Value:
    """Return a manager of a model, or an attribute or a method of any class."""
    klass: Class = value.ref
    program = interpreter.program
    if name in {"__name__", "__class__"}:
        return UNKNOWN
    found = program.hierarchy.attribute(klass, name)
    model = program.is_model(klass)
    if model and (MANAGERS.match(name) or (found and is_manager(found[1]))):
        return Value(NOTHING, "query", queries.started(frame, value, line))
    nested = next(
        (c.nested[name] for c in program.hierarchy.order(klass) if name in c.nested), None
    )
    if nested is not None:
        return Value(NOTHING, "class", nested)
    method = program.hierarchy.method(klass, name)
    if method is not None:
        return Value(NOTHING, "function", Closure(method))
    if found is not None:
        return evaluate_in(interpreter, frame, *found)
    return UNKNOWN


def is_manager(node: Node) -> bool:
    from .guards import identifiers

    return node[0] == "call" and any(
        name.endswith(("Manager", "QuerySet", "as_manager", "from_queryset"))
        for name in identifiers(node)
    )


def evaluate_in(
    interpreter: "Interpreter", frame: Frame, klass: Class, node: Node, _line: int
) -> Value:
    """Return the value of a class attribute, evaluated where it stands."""
    function = Function("", klass.module, ("def", "", (), (), (), 0, 0, 0), None, "")
    inner = Frame(frame.entry, klass.module, function, State(), depth=frame.depth + 1)
    if inner.depth > DEEPEST:
        return UNKNOWN
    for name, nested in klass.nested.items():
        inner.state.env[name] = Value(NOTHING, "class", nested)
    return interpreter.evaluate(inner, node)


def of_instance(interpreter: "Interpreter", frame: Frame, value: Value, name: str) -> Value:
    """Return an attribute of an object: set on it, of its class, or of its surroundings."""
    instance: Instance = value.ref
    if name in instance.attributes:
        return instance.attributes[name].also(value.tokens)
    if instance.view and name == "request":
        return REQUEST
    hierarchy = interpreter.program.hierarchy
    if name == "__class__":
        return Value(NOTHING, "class", instance.klass)
    method = hierarchy.method(instance.klass, name)
    if method is not None:
        return bound(interpreter, frame, value, method)
    found = hierarchy.attribute(instance.klass, name)
    if found is not None:
        return evaluate_in(interpreter, frame, *found).also(value.tokens)
    if instance.view:
        return missing(interpreter, instance, name)
    return Value(value.tokens)


def missing(interpreter: "Interpreter", instance: Instance, name: str) -> Value:
    """Return an attribute of a view that no code of the tree sets."""
    if name in {"object", "action", "instance", "basename", "format_kwarg"}:
        return UNKNOWN
    if name == "user":
        return REQUESTER
    if interpreter.program.hierarchy.strangers(instance.klass):
        return Value(frozenset({("safe", f"self.{name}")}))
    return UNKNOWN


def item(interpreter: "Interpreter", frame: Frame, node: Node) -> Value:
    """Return an item of a mapping or a list."""
    held = interpreter.evaluate(frame, node[1])
    key = interpreter.evaluate(frame, node[2])
    return picked(interpreter, frame, held, key, node[3])


def picked(interpreter: "Interpreter", frame: Frame, held: Value, key: Value, line: int) -> Value:
    if held.kind == "inputs":
        return sent(held, key)
    if held.kind == "dict":
        return picked_of_dict(held, key)
    if held.kind == "list" and key.kind == "const" and isinstance(key.ref, int):
        if -len(held.ref) <= key.ref < len(held.ref):
            found: Value = held.ref[key.ref]
            return found
        return UNKNOWN
    if held.kind == "query":
        return interpreter.row(frame, held.ref, line, held.tokens)
    if held.kind == "request":
        return inputs("body:")
    return Value(all_tokens(held))


def picked_of_dict(held: Value, key: Value) -> Value:
    if key.kind == "const" and key.ref in held.ref:
        found: Value = held.ref[key.ref]
        return found
    return Value(all_tokens(held))


def sent(held: Value, key: Value) -> Value:
    """Return what the client sent under a key."""
    prefix, known = held.ref
    name = key.ref if key.kind == "const" and isinstance(key.ref, str) else "*"
    if name in known:
        found: Value = known[name]
        return found
    return client(f"{prefix}{name}")
