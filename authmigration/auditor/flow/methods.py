"""Call methods, by what kind of value they belong to."""

from typing import TYPE_CHECKING

from ..project.definitions import Function
from . import attributes, lookups
from .applying import apply
from .functions import Arguments, Call, invoke
from .natives import NATIVES
from .state import Frame
from .values import UNKNOWN, USER, Closure, Value, all_tokens
from .words import CHECKS, WRITES

if TYPE_CHECKING:
    from .interpreter import Interpreter


# What every model answers.
OF_MODELS = {
    *(
        "save",
        "delete",
        "full_clean",
        "clean",
        "clean_fields",
        "refresh_from_db",
        "validate_unique",
    ),
    *("get_deferred_fields", "serializable_value", "asave", "adelete", "arefresh_from_db"),
    *("get_absolute_url", "unique_error_message", "prepare_database_save", "has_perm", "has_perms"),
    *("check_password", "set_password", "get_username", "get_full_name", "natural_key"),
}


def method(interpreter: "Interpreter", frame: Frame, call: Call) -> Value:
    """Call a method of a value."""
    how = METHODS.get(call.receiver.kind)
    if how is not None:
        return how(interpreter, frame, call)
    if call.arguments.keywords and call.name in lookups.READING:
        return lookups.of_unknown(interpreter, frame, call)
    tokens = all_tokens(call.receiver) | call.arguments.tokens()
    if call.receiver.kind in {"user", "asked"}:
        return Value(tokens, "asked", call.name)
    return Value(tokens)


def of_super(interpreter: "Interpreter", frame: Frame, call: Call) -> Value:
    """Call the next method in the order of lookup."""
    held, owner = call.receiver.ref
    if held is None or owner is None or held.kind != "instance":
        return Value(call.arguments.tokens())
    found = interpreter.program.hierarchy.after(held.ref.klass, owner, call.name)
    if found is not None:
        return invoke(interpreter, frame, Closure(found, None, held), call.arguments)
    if call.name == "dispatch" and held.ref.view:
        return NATIVES["__handlers__"](
            interpreter, frame, Arguments([held, *call.arguments.positional])
        )
    return Value(call.arguments.tokens())


def of_instance(interpreter: "Interpreter", frame: Frame, call: Call) -> Value:
    """Call a method of an object of the tree."""
    instance = call.receiver.ref
    found = interpreter.program.hierarchy.method(instance.klass, call.name)
    if found is not None and call.name not in instance.attributes:
        value = invoke(interpreter, frame, Closure(found, None, call.receiver), call.arguments)
        return value.also(call.receiver.tokens) if value.kind != "const" else value
    held = attributes.of(interpreter, frame, call.receiver, call.name, call.line)
    if held.kind in {"class", "function", "outside"}:
        return apply(
            interpreter,
            frame,
            held,
            call.arguments,
            ("call", ("name", call.name), (), (), call.line),
        )
    tokens = all_tokens(call.receiver) | call.arguments.tokens()
    if instance.view and not CHECKS.search(call.name) and held.tokens and not tokens:
        return held
    return Value(tokens | held.tokens)


def of_class(interpreter: "Interpreter", frame: Frame, call: Call) -> Value:
    """Call a class method, or a method of a class with an object in hand."""
    klass = call.receiver.ref
    found = interpreter.program.hierarchy.method(klass, call.name)
    if found is None:
        held = attributes.of(interpreter, frame, call.receiver, call.name, call.line)
        node = ("call", ("name", call.name), (), (), call.line)
        return apply(interpreter, frame, held, call.arguments, node)
    bound = call.receiver if is_class_method(found) else None
    return invoke(interpreter, frame, Closure(found, None, bound), call.arguments)


def is_class_method(found: Function) -> bool:
    return any(node[-1] == "classmethod" or node[1] == "classmethod" for node in found.decorators)


def of_row(interpreter: "Interpreter", frame: Frame, call: Call) -> Value:
    """Call a method of a row."""
    if call.name in WRITES:
        interpreter.use(frame, call.receiver.tokens, "write", call.line)
    found = None
    if call.receiver.ref is not None:
        found = interpreter.program.hierarchy.method(call.receiver.ref, call.name)
    if found is not None and not found.module.name.startswith("<"):
        value = invoke(interpreter, frame, Closure(found, None, call.receiver), call.arguments)
        return value.also(call.receiver.tokens | call.arguments.tokens())
    if found is None and nowhere(interpreter, call):
        return UNKNOWN
    return Value(call.receiver.tokens | call.arguments.tokens())


def nowhere(interpreter: "Interpreter", call: Call) -> bool:
    """Tell whether a model, all of whose bases are known, has no such method: the call raises."""
    model = call.receiver.ref
    program = interpreter.program
    if model is None or call.name in OF_MODELS or call.name.startswith(("get_next_", "get_prev")):
        return False
    if call.name.endswith("_display") or program.hierarchy.strangers(model):
        return False
    shape = program.models.shape(model)
    known = call.name in shape.fields or program.hierarchy.attribute(model, call.name)
    return not known and program.models.related(model, call.name) is None


def of_outside(interpreter: "Interpreter", frame: Frame, call: Call) -> Value:
    held = attributes.of_outside(interpreter, call.receiver, call.name)
    return apply(
        interpreter, frame, held, call.arguments, ("call", ("name", call.name), (), (), call.line)
    )


def of_inputs(interpreter: "Interpreter", frame: Frame, call: Call) -> Value:
    """Read what the client sent."""
    if call.name in {"get", "getlist", "pop", "setdefault"} and call.arguments.positional:
        return attributes.sent(call.receiver, call.arguments.positional[0])
    return call.receiver if call.name in {"copy", "dict"} else Value(all_tokens(call.receiver))


def of_dict(interpreter: "Interpreter", frame: Frame, call: Call) -> Value:
    if call.name in {"get", "pop"} and call.arguments.positional:
        return attributes.picked(
            interpreter, frame, call.receiver, call.arguments.positional[0], call.line
        )
    return Value(all_tokens(call.receiver) | call.arguments.tokens())


def of_form(interpreter: "Interpreter", frame: Frame, call: Call) -> Value:
    if call.name == "is_valid":
        return UNKNOWN
    if call.name == "save":
        interpreter.use(frame, call.receiver.tokens, "write", call.line)
        return Value(call.receiver.tokens, "row")
    return Value(call.receiver.tokens | call.arguments.tokens())


def of_request(interpreter: "Interpreter", frame: Frame, call: Call) -> Value:
    return Value(call.arguments.tokens() - {USER})


def of_function(interpreter: "Interpreter", frame: Frame, call: Call) -> Value:
    return Value(call.receiver.tokens | call.arguments.tokens())


METHODS = {
    "super": of_super,
    "instance": of_instance,
    "class": of_class,
    "row": of_row,
    "query": lookups.of_query,
    "outside": of_outside,
    "inputs": of_inputs,
    "dict": of_dict,
    "form": of_form,
    "request": of_request,
    "function": of_function,
}
