"""Who is asked about: a subject, never a request."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any

from .errors import InvalidSubject

#: What a host may say of a subject: one value, or several of which one suffices.
Attributes = Mapping[str, object]


class Traits:
    """What waffle's columns and attribute cohorts ask of a subject.

    Args:
        groups: the names of the subject's groups, or a function that gives them; it is called
            once, and only if a rule asks for groups.
        is_staff: as waffle's column ``staff`` means it.
        is_superuser: as waffle's column ``superusers`` means it.
        is_authenticated: as waffle's column ``authenticated`` means it.
        attributes: whatever the host gives attribute cohorts to choose by, or a function that
            gives it; called once, and only if a rule asks for an attribute.

    """

    def __init__(
        self,
        groups: Iterable[str] | Callable[[], Iterable[str]] = (),
        *,
        is_staff: bool = False,
        is_superuser: bool = False,
        is_authenticated: bool = False,
        attributes: Attributes | Callable[[], Attributes] | None = None,
    ) -> None:
        self._groups = groups
        self._attributes = attributes or {}
        self.is_staff = is_staff
        self.is_superuser = is_superuser
        self.is_authenticated = is_authenticated

    @cached_property
    def groups(self) -> frozenset[str]:
        """The names of the subject's groups."""
        return frozenset(self._groups() if callable(self._groups) else self._groups)

    @cached_property
    def attributes(self) -> Attributes:
        """What the host says of the subject."""
        return self._attributes() if callable(self._attributes) else self._attributes


class FlagSubject:
    """Who is asked about. Units and traits are asked for once, and only if a rule needs them.

    Args:
        id: the immutable id as text, ``str(user.pk)``; empty: nobody who could be named, whom no
            percentage ever reaches.
        units: gives the units the subject is in, such as ``("school:7",)``.
        traits: gives groups, staff, superuser and attributes.

    Raises:
        InvalidSubject: the id is not text.

    """

    def __init__(
        self,
        id: str,  # noqa: A002 -- the word of the glossary
        units: Callable[[], Iterable[str]] = tuple,
        traits: Callable[[], Traits] = Traits,
    ) -> None:
        if not isinstance(id, str):
            raise InvalidSubject(f"The id of a subject is text: pass {str(id)!r}, not {id!r}.")
        self.id = id
        self._units = units
        self._traits = traits

    def __repr__(self) -> str:
        return f"FlagSubject({self.id!r})"

    @classmethod
    def of_user(
        cls,
        user: Any,
        units: Callable[[], Iterable[str]] = tuple,
        attributes: Callable[[], Attributes] = dict,
    ) -> FlagSubject:
        """Make the subject of a user, whichever device, session or client the user comes by.

        Args:
            user: of the host's user model, or AnonymousUser.
            units: gives the units the user is in.
            attributes: gives what attribute cohorts choose by.

        """
        key = getattr(user, "pk", None)
        return cls("" if key is None else str(key), units, lambda: _traits_of(user, attributes))

    @cached_property
    def declared_units(self) -> tuple[str, ...]:
        """The units that the host names, each once.

        Raises:
            InvalidSubject: the host gave something else than several texts.

        """
        units = self._units()
        if isinstance(units, str):
            raise InvalidSubject(f"The units of {self!r} are {units!r}: give a tuple of texts.")
        unique = tuple(dict.fromkeys(units))
        for unit in unique:
            _check_unit(self, unit)
        return unique

    @cached_property
    def units(self) -> tuple[str, ...]:
        """The units to decide by; whoever is in none is a unit alone."""
        alone = (f"subject:{self.id}",) if self.id else ()
        return self.declared_units or alone

    @property
    def alone(self) -> bool:
        """Whether the subject is in no unit of the host's."""
        return not self.declared_units

    @cached_property
    def traits(self) -> Traits:
        """Groups, staff, superuser and attributes."""
        return self._traits()


def _check_unit(subject: FlagSubject, unit: object) -> None:
    if not isinstance(unit, str) or not unit:
        raise InvalidSubject(f"A unit of {subject!r} is {unit!r}: write it as 'school:7'.")


def _traits_of(user: Any, attributes: Callable[[], Attributes]) -> Traits:
    return Traits(
        lambda: _groups_of(user),
        is_staff=getattr(user, "is_staff", False) is True,
        is_superuser=getattr(user, "is_superuser", False) is True,
        is_authenticated=getattr(user, "is_authenticated", False) is True,
        attributes=attributes,
    )


def _groups_of(user: Any) -> list[str]:
    groups = getattr(user, "groups", None)
    return [group.name for group in groups.all()] if groups is not None else []
