"""What the models' fields say: whom a row belongs to, and where it stands."""

import re
from collections import deque
from dataclasses import dataclass, field
from functools import cached_property

from ..source.expressions import Node
from .classes import Hierarchy
from .definitions import Class
from .index import Index

RELATIONS = {
    "ForeignKey",
    "OneToOneField",
    "ManyToManyField",
    "ParentalKey",
    "TreeForeignKey",
    "ParentalManyToManyField",
}
USERS = re.compile(r"(^|\.)(AUTH_USER_MODEL|User|get_user_model|CustomUser|AbstractUser)$|User$")
# Who made or last touched a row is its author; that alone gives nobody a right to it.
AUTHORSHIP = re.compile(
    r"author|creator|creat|uploaded|updated|modified|modifier|edited|editor|changed|added|"
    r"last_|approved|review|deleted|locked|resolved|closed|actor|_by$|performed|triggered|moderat"
)
FARTHEST = 4
# Models of Django that hosts use as their own.
OF_DJANGO = {"User", "Group", "Permission", "ContentType", "Site"}


@dataclass(slots=True)
class Relation:
    """A field that points at another model."""

    name: str
    kind: str
    target: "Class | None"
    to_user: bool
    related_name: str


@dataclass(slots=True)
class Shape:
    """The fields of one model."""

    relations: dict[str, Relation] = field(default_factory=dict)
    fields: set[str] = field(default_factory=set)


class Models:
    """The models of the tree."""

    def __init__(self, index: Index, hierarchy: Hierarchy) -> None:
        self.index, self.hierarchy = index, hierarchy
        self._shapes: dict[Class, Shape] = {}
        self._owned: dict[Class, str] = {}

    @cached_property
    def by_name(self) -> dict[str, list[Class]]:
        """Model classes by their bare names in lower case."""
        found: dict[str, list[Class]] = {}
        for klass in self.index.classes:
            if self.is_model(klass):
                found.setdefault(klass.name.lower(), []).append(klass)
        return found

    def is_model(self, klass: Class) -> bool:
        if klass.module.name.startswith("<"):
            return klass.name in OF_DJANGO
        fields = any(called(node) in RELATIONS for node, _ in klass.attributes.values())
        return fields or self.hierarchy.inherits(klass, "Model")

    def named(self, name: str) -> Class | None:
        """Return the model of a bare name; among several, one that is not abstract."""
        last = name.rpartition(".")[2]
        found = self.by_name.get(last.lower(), [])
        plain = next((c for c in found if not c.name.startswith("Abstract")), None)
        if plain is None and last in OF_DJANGO:
            made = self.index.in_framework(last)
            return made if isinstance(made, Class) else None
        return plain

    def shape(self, klass: Class) -> Shape:
        """Return the fields of a model, inherited ones included."""
        if klass not in self._shapes:
            shape = self._shapes[klass] = Shape()
            for each in reversed(self.hierarchy.order(klass)):
                for name, (node, _) in each.attributes.items():
                    self.add(shape, each, name, node)
        return self._shapes[klass]

    def add(self, shape: Shape, klass: Class, name: str, node: Node) -> None:
        kind = called(node)
        if not kind or not kind.endswith(("Field", "Key")):
            return
        shape.fields.add(name)
        if kind not in RELATIONS:
            return
        keywords = {key: value for key, value in node[3] if key}
        target = node[2][0] if node[2] else keywords.get("to", ("const", ""))
        related = keywords.get("related_name", ("const", ""))
        model = self.target(klass, target)
        shape.relations[name] = Relation(
            name, kind, model, names_user(target, model), str(related[1] or "")
        )

    def target(self, klass: Class, node: Node) -> Class | None:
        if node[0] == "const" and isinstance(node[1], str):
            return klass if node[1] == "self" else self.named(node[1])
        found = self.index.resolve(klass.module, node)
        return found if isinstance(found, Class) else self.named(last_name(node))

    def is_user(self, klass: Class | None) -> bool:
        """Tell whether a model is the account of somebody who logs in."""
        if klass is None:
            return False
        bases = ("AbstractUser", "AbstractBaseUser", "PermissionsMixin")
        return klass.name == "User" or any(self.hierarchy.inherits(klass, name) for name in bases)

    def owner_path(self, klass: Class) -> str:
        """Return the shortest path of fields from a model to a user, or "".

        ``student``, ``exercise__course__owner``: a row that has one is somebody's.
        """
        if klass not in self._owned:
            self._owned[klass] = self.search(klass)
        return self._owned[klass]

    def search(self, start: Class) -> str:
        queue: deque[tuple[Class, str, int]] = deque([(start, "", 0)])
        seen = {start}
        while queue:
            klass, path, depth = queue.popleft()
            relations = self.shape(klass).relations.values()
            for relation in relations:
                if relation.to_user and not AUTHORSHIP.search(relation.name):
                    return path + relation.name
            for relation in relations:
                target = relation.target
                if target and target not in seen and depth < FARTHEST and owns(relation):
                    seen.add(target)
                    queue.append((target, f"{path}{relation.name}__", depth + 1))
        return ""

    def members(self, klass: Class) -> Class | None:
        """Return the model that ties users to this one: a membership or an enrolment."""
        return self._memberships.get(klass)

    @cached_property
    def _memberships(self) -> dict[Class, Class]:
        found: dict[Class, Class] = {}
        for group in self.by_name.values():
            for klass in group:
                relations = self.shape(klass).relations.values()
                if any(r.to_user and not AUTHORSHIP.search(r.name) for r in relations):
                    for relation in relations:
                        if relation.target and not relation.to_user:
                            found.setdefault(relation.target, klass)
        return found

    def related(self, klass: Class, name: str) -> Class | None:
        """Return the model behind an attribute of a row: a foreign key or its way back."""
        relation = self.shape(klass).relations.get(name)
        if relation:
            return relation.target
        return self._reverse.get((klass, name))

    @cached_property
    def _reverse(self) -> dict[tuple[Class, str], Class]:
        found: dict[tuple[Class, str], Class] = {}
        for group in self.by_name.values():
            for klass in group:
                for relation in self.shape(klass).relations.values():
                    if relation.target:
                        plain = relation.related_name or f"{klass.name.lower()}_set"
                        found.setdefault((relation.target, plain), klass)
        return found


def owns(relation: Relation) -> bool:
    """Tell whether whoever owns the target owns the row: a many-to-many says too little."""
    return "ManyToMany" not in relation.kind and not AUTHORSHIP.search(relation.name)


def called(node: Node) -> str:
    """Return the last name of what a call calls, or ""."""
    return last_name(node[1]) if node[0] == "call" else ""


def last_name(node: Node) -> str:
    if node[0] == "name":
        return str(node[1])
    if node[0] == "attr":
        return str(node[2])
    return last_name(node[1]) if node[0] == "call" else ""


def names_user(node: Node, model: Class | None) -> bool:
    """Tell whether the target of a relation is the user model."""
    name = node[1] if node[0] == "const" and isinstance(node[1], str) else last_name(node)
    if name.rpartition(".")[2] in {"User", "AUTH_USER_MODEL", "get_user_model"}:
        return True
    return model is not None and model.name in {"User", "CustomUser"}
