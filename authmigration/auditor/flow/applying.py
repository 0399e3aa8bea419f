"""Call what is not reached through an attribute: functions, classes, decorators."""

from typing import TYPE_CHECKING

from ..project.definitions import Class
from ..source.expressions import Node
from .functions import Arguments, invoke
from .guards import identifiers
from .natives import NATIVES
from .outside import outside_call
from .readout import all_taken, answers
from .state import Frame
from .values import NOTHING, UNKNOWN, USER, Closure, Instance, Value
from .words import FORMS

if TYPE_CHECKING:
    from .interpreter import Interpreter

DEEPEST = 8
FORM_BASES = (
    "Form",
    "ModelForm",
    "BaseForm",
    "Serializer",
    "BaseSerializer",
    "ModelSerializer",
    "ListSerializer",
    "BaseFormSet",
    "FilterSet",
)


def apply(
    interpreter: "Interpreter", frame: Frame, callee: Value, arguments: Arguments, node: Node
) -> Value:
    """Call a value that is not reached through an attribute."""
    if callee.kind == "function":
        passed(interpreter, frame, arguments, node[4])
        return invoke(interpreter, frame, in_full(interpreter, frame, callee.ref), arguments)
    if callee.kind == "class":
        return constructed(interpreter, frame, callee.ref, arguments, node[4])
    if callee.kind == "outside":
        native = NATIVES.get(callee.ref)
        if native is not None and frame.framework:
            return native(interpreter, frame, arguments)
        if answers(str(callee.ref)):
            return Value(all_taken(interpreter, frame, arguments, node[4]))
        return outside_call(interpreter, frame, str(callee.ref), arguments, node[4])
    if callee.kind == "handler":
        return NATIVES["__handlers__"](interpreter, frame, Arguments([callee.ref]))
    if callee.kind == "decorator":
        frame.state.gates |= callee.ref
        return arguments.positional[0] if arguments.positional else UNKNOWN
    name = identifiers(node[1])[-1:]
    if name and FORMS.search(name[0]):
        return Value(arguments.tokens() - {USER}, "form")
    passed(interpreter, frame, arguments, node[4])
    return Value(callee.tokens | arguments.tokens())


def in_full(interpreter: "Interpreter", frame: Frame, closure: Closure) -> Closure:
    """Return a function with its decorators: what they check, calls go through."""
    function = closure.function
    if closure.plain or function.owner is not None or not function.decorators:
        return closure
    if frame.depth > DEEPEST or frame.framework:
        return closure
    from .entries import decorated

    return decorated(interpreter, frame, closure, function)


def passed(interpreter: "Interpreter", frame: Frame, arguments: Arguments, line: int) -> None:
    """Note that a callable gets a row: it may do anything with it."""
    interpreter.use(frame, arguments.tokens(), "pass", line)


def constructed(
    interpreter: "Interpreter", frame: Frame, klass: Class, arguments: Arguments, line: int = 0
) -> Value:
    """Return an object of a class of the tree."""
    program = interpreter.program
    if FORMS.search(klass.name) or any(
        program.hierarchy.inherits(klass, name) for name in FORM_BASES
    ):
        return Value(all_taken(interpreter, frame, arguments, line) - {USER}, "form", klass)
    if program.is_model(klass):
        interpreter.use(frame, arguments.tokens(), "attach", 0)
        return Value(NOTHING, "row", klass)
    instance = Instance(klass)
    value = Value(arguments.tokens(), "instance", instance)
    start = program.hierarchy.method(klass, "__init__")
    if start is not None and not start.module.name.startswith("<"):
        invoke(
            interpreter,
            frame,
            Closure(start, None, Value(NOTHING, "instance", instance)),
            arguments,
        )
    return value
