"""An audited tree: everything that rules may ask."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from .authz_files import legacy_models
from .configuration import Configuration
from .facts import Facts
from .finding import Step
from .flow import entries
from .flow.interpreter import Interpreter
from .flow.judging import Judge
from .flow.program import Program
from .flow.state import Entry, Fetch
from .flow.suspects import Suspect, suspects
from .flow.words import CHECKS
from .project.classes import Hierarchy
from .project.definitions import Class, Function
from .project.index import Index
from .project.models import Models
from .project.rest_defaults import apply_defaults
from .project.routes import Routes
from .roles import may_ask, parts
from .source.expressions import Node
from .source.modules import Module, lowered
from .statements_of import expressions_in, tests_in

UNNAMED = {"*": "an id", "body:*": "what the request sends"}
FRAMEWORKS = Path(__file__).parent / "frameworks"


def frameworks() -> list[Module]:
    """Return the modules that stand for Django and Django REST framework."""
    return [
        lowered(path.read_bytes(), f"<{path.stem}>", f"<{path.stem}>")
        for path in sorted(FRAMEWORKS.glob("*.pystub"))
    ]


@dataclass(eq=False)
class Audit:
    """The modules of a tree, and what interpreting their views brought to light."""

    modules: list[Module]
    configuration: Configuration = field(default_factory=Configuration)
    facts: Facts = field(default_factory=Facts)

    @cached_property
    def index(self) -> Index:
        read = [m for m in self.modules if not m.error and not m.path.endswith(".html")]
        index = Index(read, frameworks())
        apply_defaults(index)
        return index

    @property
    def templates(self) -> list[Module]:
        """The templates of the tree."""
        return [module for module in self.modules if module.path.endswith(".html")]

    @cached_property
    def expressions(self) -> list[tuple[Function, Node, int]]:
        """Every statement's expression in a function of the tree, with its line."""
        return [found for each in self.all_functions() for found in expressions_in(each)]

    @cached_property
    def routed_functions(self) -> list[Function]:
        """The functions that a URL leads to."""
        return list(self.view_functions(routed=True))

    @cached_property
    def hierarchy(self) -> Hierarchy:
        return Hierarchy(self.index)

    @cached_property
    def models(self) -> Models:
        return Models(self.index, self.hierarchy)

    @cached_property
    def routes(self) -> Routes:
        return Routes(self.index, self.facts.routes)

    @cached_property
    def program(self) -> Program:
        """The record of fetches, once every entry point was interpreted."""
        told = self.configuration
        program = Program(
            self.index,
            self.hierarchy,
            self.models,
            scopes=frozenset(told.scopes),
            guards=frozenset(told.guards),
            public=frozenset(told.public_models),
            contexts=frozenset(self.contexts()),
        )
        interpreter = Interpreter(program)
        for routed in (True, False):
            for klass in self.views(routed=routed):
                entry = self.entry(klass)
                entries.run_class(interpreter, entry, klass)
                self.entries.append(entry)
            for function in self.view_functions(routed=routed):
                if routed or id(function.node) not in program.invoked:
                    entry = self.entry(function)
                    entries.run_function(interpreter, entry, function)
                    self.entries.append(entry)
        return program

    def contexts(self) -> Iterator[Class]:
        """Yield the models that the declared role tables point at, users apart."""
        for name in legacy_models(self):
            model = self.models.named(name)
            relations = self.models.shape(model).relations.values() if model else ()
            for relation in relations:
                if relation.target is not None and not self.models.is_user(relation.target):
                    yield relation.target

    @property
    def interpreter(self) -> Interpreter:
        """The interpreter of the program, for what rules want to know of single functions."""
        return Interpreter(self.program)

    @cached_property
    def entries(self) -> list[Entry]:
        """The entry points in the order in which they were interpreted."""
        return []

    def entry(self, view: Function | Class) -> Entry:
        """Return the entry point of a view, with the ids of its URLs."""
        route = self.routes.by_view.get(view)
        klass = view if isinstance(view, Class) else None
        function = view if isinstance(view, Function) else None
        names = route.names if route else None
        entry = Entry(view.symbol, view.module, view.line, klass, function, names)
        entry.routed = route is not None
        paths = route.paths if route else []
        guarded = self.configuration.guarded_urls
        if guarded and paths and all(p.lstrip("^/").startswith(guarded) for p in paths):
            entry.trusted.append("guarded-urls of the configuration")
        entry.inherited = klass in self.inherited
        if klass is not None:
            last = (path.rpartition(".")[2] for path in self.hierarchy.strangers(klass))
            entry.trusted += [name for name in last if CHECKS.search(name) and "Login" not in name]
        entry.wrappers = route.wrappers if route else []
        return entry

    def views(self, *, routed: bool) -> Iterator[Class]:
        """Yield the classes that answer requests."""
        for klass in self.index.classes:
            if (klass in self.routes.by_view) is not routed:
                continue
            if self.hierarchy.inherits(klass, "View") and (routed or not self.is_abstract(klass)):
                yield klass

    def is_abstract(self, klass: Class) -> bool:
        """Tell whether a view is only there to be inherited from."""
        named = any(self.hierarchy.attribute(klass, name) for name in ("model", "queryset"))
        return klass in self.inherited and not named

    @cached_property
    def inherited(self) -> set[Class]:
        """The classes that others inherit from."""
        return {up for klass in self.index.classes for up in self.hierarchy.order(klass)[1:]}

    def view_functions(self, *, routed: bool) -> Iterator[Function]:
        """Yield functions that answer requests: routed ones, and those that take a request."""
        for function in self.index.functions:
            if (function in self.routes.by_view) is not routed:
                continue
            first = function.parameters[:1]
            if first and (routed or first[0][0] == "request"):
                yield function

    @cached_property
    def judge(self) -> Judge:
        return Judge(self.program)

    @cached_property
    def suspects(self) -> list[Suspect]:
        """What nothing protects, the surest of each place."""
        best: dict[tuple[str, int], Suspect] = {}
        for suspect in suspects(self.judge):
            place = (suspect.fetch.path, suspect.fetch.line)
            if place not in best or best[place].confidence < suspect.confidence:
                best[place] = suspect
        return list(best.values())

    @cached_property
    def tests(self) -> list[tuple[Function, Node, int]]:
        """The conditions in functions of the tree that may ask for a role, with their lines."""
        return [
            found
            for function in self.all_functions()
            for found in tests_in(function)
            if may_ask(found[1], self.configuration.role_fields)
        ]

    @cached_property
    def calls(self) -> list[tuple[Function, Node, int]]:
        """Every call in a function of the tree, with the line of its statement."""
        return self.of_kind["call"]

    @cached_property
    def of_kind(self) -> dict[str, list[tuple[Function, Node, int]]]:
        """Calls and conditional expressions, gathered in one pass over the tree."""
        found: dict[str, list[tuple[Function, Node, int]]] = {"call": [], "cond": []}
        for function, node, line in self.expressions:
            for part in parts(node):
                if part[0] in found:
                    found[part[0]].append((function, part, line))
        return found

    def all_functions(self) -> Iterator[Function]:
        """Yield the functions and the methods of the tree."""
        yield from self.index.functions
        for klass in self.index.classes:
            yield from klass.methods.values()

    def words(self, suspect: Suspect) -> dict[str, str]:
        """Return what a message may name."""
        fetch, context = suspect.fetch, suspect.context
        above = context.query.model.name if context and context.query.model else "the context"
        model = fetch.query.model.name if fetch.query.model else "row"
        return {"model": model, "sent": sent_names(fetch), "context": above}

    def evidence(self, suspect: Suspect) -> tuple[Step, ...]:
        """Return the chain from what the client sends to what happens with the row."""
        fetch = suspect.fetch
        entry = fetch.entry
        steps = [Step(entry.module.path, entry.line, f"{entry.name} takes {sent_names(fetch)}")]
        what = fetch.query.model.name if fetch.query.model else "row"
        steps.append(Step(fetch.path, fetch.line, f"the {what} is looked up by it"))
        done = USES[suspect.use.kind]
        steps.append(Step(suspect.use.path, suspect.use.line or fetch.line, done))
        steps += [Step(fetch.path, fetch.line, reason) for reason in suspect.reasons]
        return tuple(steps)


USES = {
    "read": "it is read out",
    "write": "it is changed or deleted",
    "attach": "something else is made to refer to it",
    "pass": "it is passed on",
}


def sent_names(fetch: Fetch) -> str:
    """Return what of the client's selects the row, for a message."""
    names = sorted(str(token[1]) for token in fetch.query.keys if token[0] == "client")
    said = [UNNAMED.get(name) or name.replace("body:", "the request's ") for name in names]
    return ", ".join(said) or "a request"
