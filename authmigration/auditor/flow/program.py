"""What is shared by the interpretation of all entry points."""

from dataclasses import dataclass, field

from ..project.classes import Hierarchy
from ..project.definitions import Class, Definition
from ..project.index import Index
from ..project.models import Models
from .state import Fetch
from .values import Value

FUEL = 15_000
DEEPEST = 9


@dataclass(slots=True)
class Program:
    """The tree under audit, and the rows that were fetched in it so far."""

    index: Index
    hierarchy: Hierarchy
    models: Models
    fetches: list[Fetch] = field(default_factory=list)
    fuel: int = FUEL
    globals: dict[tuple[str, str], Value] = field(default_factory=dict)
    resolved: dict[tuple[str, str], Definition | None] = field(default_factory=dict)
    invoked: set[int] = field(default_factory=set)
    scopes: frozenset[str] = frozenset()
    guards: frozenset[str] = frozenset()
    public: frozenset[str] = frozenset()
    contexts: frozenset[Class] = frozenset()

    def refuel(self) -> None:
        """Give the next entry point its share of work: no view may take all of it."""
        self.fuel = FUEL

    def find(self, module_name: str, name: str) -> Definition | None:
        """Return what a bare name means in a module, remembered."""
        key = (module_name, name)
        if key not in self.resolved:
            scope = self.index.scope(module_name)
            self.resolved[key] = self.index.find(scope.module, name) if scope else None
        return self.resolved[key]

    def is_model(self, found: object) -> bool:
        return isinstance(found, Class) and self.models.is_model(found)
