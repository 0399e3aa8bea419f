"""Functions and decorators of Django and other libraries, by what they mean for access."""

from typing import TYPE_CHECKING

from . import lookups
from .functions import Arguments, Call
from .guards import identifiers
from .state import Frame
from .values import NOTHING, UNKNOWN, USER, Query, Value, all_tokens

if TYPE_CHECKING:
    from .interpreter import Interpreter

# The roles that decorators of Django and well-known packages ask for.
DECORATORS = {
    "login_required": "login",
    "staff_member_required": "role",
    "permission_required": "role",
    "user_passes_test": "role",
    "otp_required": "login",
    "active_required": "login",
    "group_required": "role",
    "superuser_required": "superuser",
    "requires": "object",
}
FETCHING = {"get_object_or_404", "aget_object_or_404", "get_object_or_none", "get_list_or_404"}
PASSING_ON = {"list", "set", "tuple", "sorted", "iter", "reversed"}


def outside_call(
    interpreter: "Interpreter", frame: Frame, dotted: str, arguments: Arguments, line: int
) -> Value:
    """Return what a function outside the tree returns."""
    name = dotted.rpartition(".")[2]
    if name in FETCHING:
        return fetched(interpreter, frame, arguments, line)
    if name == "Q":
        return Value(arguments.tokens(), "q", tuple(arguments.lookups()))
    if name in {"filter_queryset", "get_objects_for_user"} and arguments.positional:
        return limited(arguments)
    if name in DECORATORS:
        return decorator(frame, name, arguments)
    ours = dotted.startswith("authmigration.") and name == "view_as"
    if ours or name in {"require", "arequire"}:
        interpreter.guard(frame, arguments.tokens() - {USER})
    return plain(interpreter, name, arguments)


def plain(interpreter: "Interpreter", name: str, arguments: Arguments) -> Value:
    """Return what a function returns that only passes its arguments on, or names a model."""
    if name == "get_user_model":
        found = interpreter.program.models.named("User")
        return Value(NOTHING, "class", found) if found else UNKNOWN
    if name in PASSING_ON and arguments.positional:
        return arguments.positional[0]
    if name == "cast" and len(arguments.positional) > 1:
        return arguments.positional[1]
    if name == "get_model":
        return model_named(interpreter, arguments)
    return Value(arguments.tokens())


def model_named(interpreter: "Interpreter", arguments: Arguments) -> Value:
    texts = [v.ref for v in arguments.positional if v.kind == "const" and isinstance(v.ref, str)]
    found = interpreter.program.models.named(texts[-1]) if texts else None
    return Value(NOTHING, "class", found) if found else UNKNOWN


def fetched(interpreter: "Interpreter", frame: Frame, arguments: Arguments, line: int) -> Value:
    """Fetch a row, or answer 404."""
    if not arguments.positional:
        return Value(arguments.tokens())
    source = arguments.positional[0]
    rest = Arguments(arguments.positional[1:], arguments.keywords, arguments.rest)
    return lookups.single(
        interpreter, frame, Call(as_query(frame, source, line), "get", rest, line)
    )


def as_query(frame: Frame, source: Value, line: int) -> Value:
    """Return the queryset of a model, a manager or anything that is used as one."""
    if source.kind == "query":
        return source
    symbol = frame.function.symbol if frame.function else ""
    model = source.ref if source.kind == "class" else None
    tokens = all_tokens(source)
    query = Query(model, NOTHING, tokens, path=frame.module.path, line=line, symbol=symbol)
    return Value(NOTHING, "query", query)


def limited(arguments: Arguments) -> Value:
    """Return the queryset that a library limits to what the requester may see."""
    held = next((value for value in arguments.positional if value.kind == "query"), None)
    old: Query = held.ref if held else Query(None)
    return Value(
        NOTHING,
        "query",
        Query(old.model, old.keys, old.scopes | {USER}, old.public, old.path, old.line, old.symbol),
    )


def decorator(frame: Frame, name: str, arguments: Arguments) -> Value:
    """Return a decorator that asks for a role, or the view if it was given directly."""
    found = DECORATORS[name]
    test = arguments.get(0, "test_func")
    if name == "user_passes_test" and test is not None and test.kind == "function":
        names = [n for part in test.ref.function.body for n in identifiers(part)]
        found = "superuser" if "is_superuser" in names and "is_staff" not in names else found
        if "is_authenticated" in names or "is_anonymous" in names:
            found = found if len(names) > 4 else "login"
    if test is not None and test.kind == "function" and name != "user_passes_test":
        frame.state.gates |= {found}
        return test
    if name == "permission_required" and (arguments.get(1, "fn") or names_rows(arguments)):
        return Value(NOTHING, "decorator", frozenset({"object"}))
    return Value(NOTHING, "decorator", frozenset({found}))


def names_rows(arguments: Arguments) -> bool:
    """Tell whether a decorator is told which row the permission is asked for."""
    return any(name in arguments.keywords for name in ("fn", "lookup", "objectgetter"))
