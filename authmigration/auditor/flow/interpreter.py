"""Interpret expressions: what a value is and where it comes from."""

from collections.abc import Callable

from ..project.definitions import Binding, Class, Definition, Function
from ..project.models import called
from ..source.expressions import Node
from . import attributes, calls
from .comparing import compared
from .guards import condition, identifiers
from .program import Program
from .state import Fetch, Frame, State, Use
from .statements import UNROLLED, assign
from .values import (
    NOTHING,
    UNKNOWN,
    Closure,
    Query,
    Value,
    all_tokens,
    const,
    join,
    tokens_of,
    truth,
)

Evaluator = Callable[["Interpreter", Frame, Node], Value]


class Interpreter:
    """Evaluates expressions in a frame and records the rows that are fetched and used."""

    def __init__(self, program: Program) -> None:
        self.program = program

    def evaluate(self, frame: Frame, node: Node) -> Value:
        """Return what an expression is; costs one unit of the entry point's fuel."""
        self.program.fuel -= 1
        if self.program.fuel <= 0:
            return UNKNOWN
        return EXPRESSIONS[node[0]](self, frame, node)

    def alone(self, frame: Frame, node: Node, line: int) -> None:
        """Evaluate an expression that stands as a statement: what it does is a use."""
        if node[0] == "call":
            calls.statement(self, frame, node, line)
        else:
            self.evaluate(frame, node)

    def name(self, frame: Frame, name: str) -> Value:
        """Return the value of a bare name, from the function, its surroundings or the module."""
        if name in frame.state.env:
            return frame.state.env[name]
        return self.module_name(frame, name)

    def module_name(self, frame: Frame, name: str) -> Value:
        key = (frame.module.name, name)
        found = self.program.globals.get(key)
        if found is None:
            self.program.globals[key] = UNKNOWN  # a name that is made of itself ends here
            found = self.defined(frame, self.program.find(*key), name)
            self.program.globals[key] = found
        return found

    def defined(self, frame: Frame, found: Definition | None, name: str) -> Value:
        if isinstance(found, Class):
            return Value(NOTHING, "class", found)
        if isinstance(found, Function):
            return Value(NOTHING, "function", Closure(found))
        if isinstance(found, Binding):
            return self.binding(frame, found, name)
        return Value(NOTHING, "outside", found if isinstance(found, str) else name)

    def binding(self, frame: Frame, found: Binding, name: str) -> Value:
        """Return what a name at the top of a module is bound to."""
        if frame.depth > 12:
            return UNKNOWN
        model: Definition | None = self.fetched_model(found.node, name)
        if model is None and found.node[0] == "call":
            model = self.program.index.loaded(found.node)
        if model is not None:
            return Value(NOTHING, "class", model)
        inner = Frame(frame.entry, found.module, None, State(), depth=frame.depth + 1)
        return self.evaluate(inner, found.node)

    def fetched_model(self, node: Node, name: str) -> Class | None:
        """Return the model that ``get_model("app", "Order")`` and its like name."""
        if "model" not in called(node).lower():
            return None
        texts = [item[1] for item in node[2] if item[0] == "const" and isinstance(item[1], str)]
        found = self.program.models.named(texts[-1]) if texts else None
        return found or self.program.models.named(name)

    def imported(self, dotted: str) -> Value:
        found = self.program.index.lookup(dotted)
        if isinstance(found, Class):
            return Value(NOTHING, "class", found)
        if isinstance(found, Function):
            return Value(NOTHING, "function", Closure(found))
        return Value(NOTHING, "outside", dotted)

    def each(self, frame: Frame, items: Value, line: int) -> Value:
        """Return one item of what is looped over."""
        if items.kind == "query":
            return self.row(frame, items.ref, line, items.tokens)
        if items.kind == "list":
            return Value(all_tokens(items))
        return Value(all_tokens(items), "row" if items.kind == "row" else "", items.ref)

    def row(
        self, frame: Frame, query: Query, line: int, tokens: frozenset[tuple[object, ...]] = NOTHING
    ) -> Value:
        """Take a row out of a queryset: one that the client selects is put on record."""
        if not query.keys:
            return Value(query.scopes | tokens, "row", query.model)
        fetch = self.record(frame, query, "row", line)
        frame.state.rows |= {fetch.token}
        return Value(frozenset({fetch.token}), "row", query.model)

    def record(self, frame: Frame, query: Query, how: str, line: int) -> Fetch:
        path, symbol = frame.module.path, frame.function.symbol if frame.function else ""
        if frame.framework:
            path, line, symbol = self.site(frame, query)
        for fetch in frame.entry.fetches:
            same = fetch.line == line and fetch.path == path and fetch.how == how
            if same and fetch.query == query:
                return fetch
        number = len(self.program.fetches)
        line = line or (frame.function.line if frame.function else 1)
        fetch = Fetch(number, query, how, path, line, symbol, frame.entry, frame.framework)
        self.program.fetches.append(fetch)
        frame.entry.fetches.append(fetch)
        return fetch

    def site(self, frame: Frame, query: Query) -> tuple[str, int, str]:
        """Return the host's line for a fetch that the framework's code makes."""
        entry = frame.entry
        klass = entry.klass
        near = klass is not None and query.path == klass.module.path
        if klass is not None and near and klass.node[5] <= query.line <= klass.node[6]:
            return query.path, query.line, query.symbol or klass.symbol
        if klass is not None:
            return klass.module.path, klass.line, klass.symbol
        return frame.place() or (entry.module.path, entry.line, entry.name)

    def use(
        self, frame: Frame, tokens: frozenset[tuple[object, ...]], kind: str, line: int
    ) -> None:
        """Put on record that the rows behind the tokens are read out or written here."""
        state = frame.state
        for token in tokens:
            if token[0] == "row":
                fetch = self.program.fetches[int(str(token[1]))]
                place = frame.place() if frame.framework else None
                here = (fetch.path, fetch.line) if frame.framework else (frame.module.path, line)
                path, at = place[:2] if place else here
                use = Use(kind, path, at, state.guards, state.gates, state.ties)
                fetch.uses[use] = None

    def guard(self, frame: Frame, tokens: frozenset[tuple[object, ...]]) -> None:
        """Let the state know that these were compared with the requester."""
        frame.state.guards |= tokens
        frame.entry.ever |= tokens
        frame.entry.insisted.append(tokens)


def conditional(interpreter: Interpreter, frame: Frame, node: Node) -> Value:
    effect = condition(interpreter, frame, node[1])
    known = truth(effect.value) if not effect.value.tokens else None
    if known is not None:
        return interpreter.evaluate(frame, node[2] if known else node[3])
    left = interpreter.evaluate(frame, node[2])
    return join(left, interpreter.evaluate(frame, node[3]))


def boolean(interpreter: Interpreter, frame: Frame, node: Node) -> Value:
    values = [interpreter.evaluate(frame, part) for part in node[2]]
    kinds = {value.kind for value in values if value.kind != "const"}
    if len(kinds) == 1 and kinds <= {"query", "row"}:
        result = values[0]
        for value in values[1:]:
            result = join(result, value)
        return result
    return Value(tokens_of(values))


def comprehension(interpreter: Interpreter, frame: Frame, node: Node) -> Value:
    outer = frame.state.copy()
    if len(node[2]) == 1 and not node[2][0][2]:
        items = interpreter.evaluate(frame, node[2][0][1])
        if items.kind == "list" and not items.tokens and len(items.ref) <= UNROLLED:
            return unrolled(interpreter, frame, node, items)
    tests = NOTHING
    for target, iterable, conditions in node[2]:
        items = interpreter.evaluate(frame, iterable)
        assign(interpreter, frame, target, interpreter.each(frame, items, 0))
        for test in conditions:
            effect = condition(interpreter, frame, test)
            interpreter.guard(frame, effect.guards)
            tests |= all_tokens(effect.value)
    value = interpreter.evaluate(frame, node[1])
    frame.state.env = outer.env
    return Value(all_tokens(value) | tests)


def unrolled(interpreter: Interpreter, frame: Frame, node: Node, items: Value) -> Value:
    """Return the list that a comprehension makes of a list whose elements are known."""
    env = dict(frame.state.env)
    made = []
    for item in items.ref:
        assign(interpreter, frame, node[2][0][0], item)
        made.append(interpreter.evaluate(frame, node[1]))
    frame.state.env = env
    return Value(NOTHING, "list", tuple(made))


def walrus(interpreter: Interpreter, frame: Frame, node: Node) -> Value:
    value = interpreter.evaluate(frame, node[2])
    frame.state.env[node[1]] = value
    return value


def dictionary(interpreter: Interpreter, frame: Frame, node: Node) -> Value:
    held: dict[object, Value] = {}
    loose = NOTHING
    for key, value in node[1]:
        found = interpreter.evaluate(frame, value)
        if key is not None and key[0] == "const":
            held[key[1]] = found
        else:
            loose |= all_tokens(found)
    return Value(loose, "dict", held)


def mix(interpreter: Interpreter, frame: Frame, node: Node) -> Value:
    values = [interpreter.evaluate(frame, part) for part in node[1]]
    queries = [value for value in values if value.kind == "query"]
    if queries and len(values) <= 2:
        result = queries[0]
        for value in values:
            result = join(result, value) if value.kind == "query" else result.also(value.tokens)
        return result
    if len(values) == 2 and all(value.kind == "list" and not value.tokens for value in values):
        return Value(NOTHING, "list", (*values[0].ref, *values[1].ref))
    return Value(tokens_of(values))


def quoted(interpreter: Interpreter, frame: Frame, node: Node) -> Value:
    values: list[Value] = []
    for part in node[1]:
        value = interpreter.evaluate(frame, part)
        if part[0] == "star" and value.kind == "list":
            values += value.ref
        else:
            values.append(value)
    return Value(NOTHING, "list", tuple(values))


def anonymous(_interpreter: Interpreter, frame: Frame, node: Node) -> Value:
    body = (("return", node[2], 0),)
    shaped = ("def", "<lambda>", node[1], (), body, 0, 0, 0)
    function = Function("<lambda>", frame.module, shaped)
    used = (frame.state.env[n] for n in identifiers(node[2]) if n in frame.state.env)
    return Value(tokens_of(used), "function", Closure(function, frame.state.env))


EXPRESSIONS: dict[str, Evaluator] = {
    "name": lambda interpreter, frame, node: interpreter.name(frame, node[1]),
    "const": lambda _interpreter, _frame, node: const(node[1]),
    "attr": attributes.attribute,
    "item": attributes.item,
    "call": calls.call,
    "bool": boolean,
    "not": lambda interpreter, frame, node: condition(interpreter, frame, node).value,
    "cmp": compared,
    "mix": mix,
    "list": quoted,
    "dict": dictionary,
    "cond": conditional,
    "comp": comprehension,
    "lambda": anonymous,
    "star": lambda interpreter, frame, node: interpreter.evaluate(frame, node[1]),
    "walrus": walrus,
}
