"""What holds at one point of a function, and what an entry point left on record."""

from dataclasses import dataclass, field

from ..project.definitions import Class, Function
from ..source.expressions import Node
from ..source.modules import Module
from .values import NOTHING, Query, Token, Tokens, Value, join

Ties = frozenset[tuple[Token, Token]]


@dataclass(slots=True)
class State:
    """The names, and what was checked on every way that leads here.

    ``guards``: tokens compared with the requester; ``gates``: roles asked for without an object;
    ``ties``: pairs compared with each other; ``conds``: what decided that this code runs.
    """

    env: dict[str, Value] = field(default_factory=dict)
    guards: Tokens = NOTHING
    gates: frozenset[str] = frozenset()
    ties: Ties = frozenset()
    conds: Tokens = NOTHING
    dead: bool = False
    rows: Tokens = NOTHING

    def copy(self) -> "State":
        return State(
            dict(self.env),
            self.guards,
            self.gates,
            self.ties,
            self.conds,
            self.dead,
            self.rows,
        )


def merge(left: State, right: State) -> State:
    """Return what holds after two ways have met."""
    if left.dead or right.dead:
        return right if left.dead else left
    env = dict(left.env)
    for name, value in right.env.items():
        env[name] = join(env[name], value) if name in env else value
    return State(
        env,
        shared_guards([left, right]),
        left.gates & right.gates,
        left.ties | right.ties,
        left.conds,
        rows=left.rows | right.rows,
    )


def shared_guards(ways: list[State]) -> Tokens:
    """Return what was checked on every way on which it was fetched at all."""
    if all(way.guards == ways[0].guards for way in ways):
        return ways[0].guards
    found: set[Token] = set()
    for token in NOTHING.union(*(way.guards for way in ways)):
        unknown = token[0] == "row"
        if all(token in way.guards or (unknown and token not in way.rows) for way in ways):
            found.add(token)
    return frozenset(found)


@dataclass(slots=True, frozen=True)
class Use:
    """A fetched row is read out, written or passed on at a line, with what was checked before."""

    kind: str
    path: str
    line: int
    guards: Tokens
    gates: frozenset[str]
    ties: Ties


@dataclass(slots=True)
class Fetch:
    """A row, or a list of rows, that a client's request selects. ``how``: "row" or "list"."""

    number: int
    query: Query
    how: str
    path: str
    line: int
    symbol: str
    entry: "Entry"
    indirect: bool = False
    uses: dict[Use, None] = field(default_factory=dict)

    @property
    def token(self) -> Token:
        return ("row", self.number)


@dataclass(slots=True, eq=False)
class Entry:
    """A function or a handler of a class that a request reaches.

    ``route``: the names of the URL's parts, None where no URL leads here. ``insisted``: what every
    way since the last branch compared, and turned somebody away for.
    """

    name: str
    module: Module
    line: int
    klass: Class | None
    function: Function | None
    route: frozenset[str] | None
    fetches: list[Fetch] = field(default_factory=list)
    insisted: list[Tokens] = field(default_factory=list)
    ever: set[Token] = field(default_factory=set)
    gates: set[str] = field(default_factory=set)
    trusted: list[str] = field(default_factory=list)
    unsafe: bool = False
    handlers: list[Function] = field(default_factory=list)
    routed: bool = False
    inherited: bool = False
    wrappers: list[tuple[Module, Node]] = field(default_factory=list)


@dataclass(slots=True)
class Frame:
    """One call of a function."""

    entry: Entry
    module: Module
    function: Function | None
    state: State
    owner: Class | None = None
    self: Value | None = None
    depth: int = 0
    caller: "Frame | None" = None
    returns: list[tuple[Value, State]] = field(default_factory=list)
    methods: str = ""

    @property
    def framework(self) -> bool:
        """Whether the code stands for a framework's, not for the host's."""
        return self.module.name.startswith("<")

    def place(self) -> tuple[str, int, str] | None:
        """Return (path, line, symbol) of the nearest function of the host."""
        frame: Frame | None = self
        while frame is not None and frame.framework:
            frame = frame.caller
        if frame is None or frame.function is None:
            return None
        return frame.module.path, frame.function.line, frame.function.symbol
