"""Inheritance across files: the order in which Python looks for an attribute."""

from ..source.expressions import Node
from .definitions import Class, Function
from .index import Index


class Hierarchy:
    """Linearised bases of classes. A base outside the tree is known by its dotted path alone."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self._orders: dict[Class, tuple[Class, ...]] = {}
        self._strangers: dict[Class, tuple[str, ...]] = {}

    def order(self, klass: Class) -> tuple[Class, ...]:
        """Return the class and its bases in the order of attribute lookup."""
        if klass not in self._orders:
            self._orders[klass] = (klass,)  # a class that inherits from itself ends here
            bases = [self.base(klass, node) for node in klass.bases]
            known = [base for base in bases if isinstance(base, Class)]
            self._orders[klass] = linearised(klass, [self.order(base) for base in known])
        return self._orders[klass]

    def base(self, klass: Class, node: Node) -> Class | str | None:
        """Return one base: a class, the dotted path of a stranger, or None if made at run time."""
        if node[0] == "item":
            return self.base(klass, node[1])
        found = self.index.resolve(klass.module, node)
        if isinstance(found, Class) and found is not klass:
            return found
        if isinstance(found, Class | str):
            same = self.index.in_framework(found.name) if isinstance(found, Class) else found
            return same if isinstance(same, Class | str) else None
        return self.made(klass, node)

    def made(self, klass: Class, node: Node) -> Class | str | None:
        """Return a base that a call or an attribute makes, by the name it bears."""
        if node[0] == "call":
            return self.base(klass, node[1])
        if node[0] == "attr":
            return str(node[2])
        return None

    def strangers(self, klass: Class) -> tuple[str, ...]:
        """Return the dotted paths of the bases, near and far, that are not in the tree."""
        if klass not in self._strangers:
            found: list[str] = []
            for each in self.order(klass):
                bases = (self.base(each, node) for node in each.bases)
                found += [base for base in bases if isinstance(base, str)]
            self._strangers[klass] = tuple(found)
        return self._strangers[klass]

    def method(self, klass: Class, name: str) -> Function | None:
        """Return the method that an instance of the class answers with."""
        return next((c.methods[name] for c in self.order(klass) if name in c.methods), None)

    def after(self, klass: Class, owner: Class, name: str) -> Function | None:
        """Return the method that ``super()`` in ``owner`` means for an instance of ``klass``."""
        order = self.order(klass)
        place = order.index(owner) + 1 if owner in order else 1
        return next((c.methods[name] for c in order[place:] if name in c.methods), None)

    def attribute(self, klass: Class, name: str) -> tuple[Class, Node, int] | None:
        """Return (class, expression, line) of a class attribute."""
        for each in self.order(klass):
            if name in each.attributes:
                return each, *each.attributes[name]
        return None

    def inherits(self, klass: Class, name: str) -> bool:
        """Tell whether a base of this last name is among the bases, in the tree or outside."""
        if any(each.name == name for each in self.order(klass)):
            return True
        return any(path.rpartition(".")[2] == name for path in self.strangers(klass))


def linearised(klass: Class, orders: list[tuple[Class, ...]]) -> tuple[Class, ...]:
    """Merge the orders of the bases as Python does; what contradicts itself keeps its first place.

    Source: The Python 2.3 Method Resolution Order, the C3 linearisation.
    """
    result = [klass]
    rest = [list(order) for order in orders if order]
    while rest := [order for order in rest if order]:
        head = next(
            (o[0] for o in rest if not any(o[0] in other[1:] for other in rest)), rest[0][0]
        )
        if head not in result:
            result.append(head)
        rest = [[item for item in order if item is not head] for order in rest]
    return tuple(result)
