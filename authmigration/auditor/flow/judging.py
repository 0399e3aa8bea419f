"""Decide which rows are protected, from all that is on record."""

from collections.abc import Iterable
from functools import cached_property

from ..project.definitions import Class
from .program import Program
from .state import Entry, Fetch, Ties, Use
from .values import Token, Tokens


class Judge:
    """Reads the record of fetches, once every entry point was interpreted."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._answers: dict[tuple[int, Tokens, Ties], bool] = {}
        self._rows: dict[Entry, dict[Tokens, list[Token]]] = {}

    def protected(self, fetch: Fetch, use: Use) -> bool:
        """Tell whether a row was the requester's business when it was used."""
        guards = use.guards
        if use.kind == "pass":
            guards |= fetch.entry.ever
        key = (fetch.number, guards, use.ties)
        if key not in self._answers:
            self._answers[key] = self.reached(fetch, guards, use.ties)
        return self._answers[key]

    def reached(self, fetch: Fetch, guards: Tokens, ties: Ties) -> bool:
        """Follow scopes and comparisons from a row until something that was checked is met."""
        tied: dict[Token, set[Token]] = {}
        for one, other in ties:
            tied.setdefault(one, set()).add(other)
        seen: set[Token] = set()
        queue = [fetch.token]
        while queue:
            token = queue.pop()
            if token in guards or token[0] in {"user", "safe"}:
                return True
            if token in seen:
                continue
            seen.add(token)
            queue += tied.get(token, ())
            if token[0] == "row":
                near = self.program.fetches[token[1]]
                if near.query.keys & guards or self.twins(near) & guards:
                    return True
                queue += near.query.scopes
            else:
                queue += self.rows_by(fetch.entry).get(frozenset({token}), ())
        return False

    def twins(self, fetch: Fetch) -> Tokens:
        """Return the rows that are the same: of the model, by the same id, in the same request."""
        return frozenset(
            other
            for other in self.rows_by(fetch.entry).get(fetch.query.keys, ())
            if self.program.fetches[other[1]].query.model is fetch.query.model
        )

    def rows_by(self, entry: Entry) -> dict[Tokens, list[Token]]:
        """Return the rows of an entry point by the ids that select them."""
        if entry not in self._rows:
            rows = self._rows[entry] = {}
            for fetch in entry.fetches:
                rows.setdefault(fetch.query.keys, []).append(fetch.token)
        return self._rows[entry]

    def bare(self, fetch: Fetch) -> list[Use]:
        """Return the uses of a row before which nothing was checked."""
        return [use for use in fetch.uses if not self.protected(fetch, use)]

    @cached_property
    def checked_models(self) -> dict[Class, Fetch]:
        """Models whose rows are compared with the requester somewhere, with one such place."""
        found: dict[Class, Fetch] = {}
        places: dict[Class, list[set[tuple[str, int]]]] = {}
        for fetch in self.program.fetches:
            model = fetch.query.model
            if model is not None and fetch.uses:
                place = (fetch.path, fetch.line)
                if self.vouches(fetch):
                    places.setdefault(model, [set(), set()])[1].add(place)
                    found.setdefault(model, fetch)
                elif self.bare(fetch):
                    places.setdefault(model, [set(), set()])[0].add(place)
        return {
            model: fetch
            for model, fetch in found.items()
            if self.program.models.owner_path(model) or usual(*places[model])
        }

    @cached_property
    def routed(self) -> bool:
        """Whether the tree has URLs at all: a library's views are routed by its hosts."""
        return any(fetch.entry.routed for fetch in self.program.fetches)

    @cached_property
    def staff_checked(self) -> set[Class]:
        """Models whose rows are compared with the requester although a role was asked for."""
        return {
            fetch.query.model
            for fetch in self.program.fetches
            if fetch.query.model is not None
            and any("role" in use.gates and self.protected(fetch, use) for use in fetch.uses)
            and not fetch.entry.trusted
        }

    def staff_limited(self, model: Class | None) -> bool:
        """Tell whether elsewhere the role is not enough for such rows, or those above them."""
        if model is None:
            return False
        return any(each in self.staff_checked for each in (model, *self.parents(model)))

    def vouches(self, fetch: Fetch) -> bool:
        """Tell whether a place checks the row itself, and does so for everybody."""
        if ("user",) in fetch.query.scopes:
            return True
        return any(fetch.token in use.guards for use in fetch.uses)

    def parents(self, model: Class) -> Iterable[Class]:
        """Yield the models that a row of this one hangs on, near and far."""
        seen, queue = {model}, [model]
        while queue and len(seen) < 40:
            for relation in self.program.models.shape(queue.pop(0)).relations.values():
                target = relation.target
                plain = "ManyToMany" not in relation.kind and not relation.to_user
                if target is not None and target not in seen and plain:
                    seen.add(target)
                    queue.append(target)
                    yield target

    def checked_elsewhere(self, model: Class | None) -> Fetch | None:
        """Return a place that checks rows of this model, or of one that they hang on."""
        if model is None:
            return None
        if model in self.checked_models:
            return self.checked_models[model]
        return next(
            (self.checked_models[up] for up in self.parents(model) if up in self.checked_models),
            None,
        )


def usual(bare: set[tuple[str, int]], checked: set[tuple[str, int]]) -> bool:
    """Tell whether rows of a model that is nobody's are checked more often than not."""
    return len(checked) > len(bare - checked)
