"""The kinds of rollout cohort, as values: who is in one, without a database."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from .buckets import bucket
from .subjects import FlagSubject


class Kind(StrEnum):
    """What a cohort chooses by."""

    EVERYONE = "everyone"
    UNIT = "unit"
    GROUP = "group"
    SUBJECTS = "subjects"
    ATTRIBUTE = "attribute"
    PERCENTAGE = "percentage"


#: The one list that the parameters of a kind hold.
LISTS = {
    Kind.UNIT: "units",
    Kind.GROUP: "groups",
    Kind.SUBJECTS: "subjects",
    Kind.ATTRIBUTE: "values",
}


@dataclass(frozen=True, slots=True)
class CohortValue:
    """A cohort, read once and then asked often.

    Attributes:
        name: as in the table, or the text that made it: ``25%``, ``unit:school:7``.
        kind: what it chooses by.
        members: unit names, group names, subject ids or values of the attribute.
        attribute: the name of the attribute.
        basis_points: the size of a percentage, 0 to 10_000.

    """

    name: str
    kind: Kind
    members: frozenset[str] = field(default=frozenset())
    attribute: str = ""
    basis_points: int = 0

    @property
    def by_unit(self) -> bool:
        """Whether the cohort chooses units and not subjects."""
        return self.kind in {Kind.UNIT, Kind.PERCENTAGE}

    def has_unit(self, unit: str, salt: str) -> bool:
        """Tell whether a unit is in this cohort."""
        if self.kind is Kind.PERCENTAGE:
            return bucket(salt, unit) < self.basis_points
        return unit in self.members

    def has(self, subject: FlagSubject, salt: str) -> bool:
        """Tell whether the subject, or any unit of the subject's, is in this cohort."""
        if self.kind is Kind.EVERYONE:
            return True
        if self.by_unit:
            return any(self.has_unit(unit, salt) for unit in subject.units)
        if self.kind is Kind.SUBJECTS:
            return subject.id in self.members
        if self.kind is Kind.GROUP:
            return not self.members.isdisjoint(subject.traits.groups)
        return not self.members.isdisjoint(_texts(subject.traits.attributes.get(self.attribute)))

    def parameters(self) -> dict[str, object]:
        """Return the parameters as they stand in the table."""
        if self.kind is Kind.EVERYONE:
            return {}
        if self.kind is Kind.PERCENTAGE:
            return {"basis_points": self.basis_points}
        named = {"name": self.attribute} if self.kind is Kind.ATTRIBUTE else {}
        return {**named, LISTS[self.kind]: sorted(self.members)}


def _texts(value: object) -> frozenset[str]:
    if isinstance(value, list | tuple | set | frozenset):
        return frozenset(map(str, value))
    return frozenset() if value is None else frozenset({str(value)})
