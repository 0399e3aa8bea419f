"""The old answers: what the legacy code said to one permission, and what it listed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from inspect import signature
from typing import Any, Generic, ParamSpec, TypeVar

from django.db.models import QuerySet

from .running import old_code

P = ParamSpec("P")
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class LegacyCheck(Generic[P]):
    """The control in shadow; call it as before.

    Attributes:
        permission: what it answers for.
        function: from user and object, or from the user alone, to a truth; PermissionDenied and
            Http404 are denials.
        stricter: why the new answer may deny where this one allows: the flaw that is closed.
        on: the context type of the objects it is asked about; by default that of the
            permission's noun.

    """

    permission: str
    function: Callable[P, object]
    stricter: str | None = None
    on: str | None = None

    @property
    def context_type(self) -> str:
        """The context type of the objects that it is asked about."""
        return self.on or self.permission.partition(".")[0]

    def takes(self, count: int) -> bool:
        """Whether it can be asked with so many arguments: the user, or the user and an object."""
        return _takes(self.function, count)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> object:
        """Answer as the old code does."""
        with old_code():
            return self.function(*args, **kwargs)


@lru_cache(maxsize=1024)
def _takes(function: Callable[..., object], count: int) -> bool:
    try:
        signature(function).bind(*range(count))
    except TypeError:
        return False
    except ValueError:
        return True  # written in C, which says nothing of its arguments
    return True


@dataclass(frozen=True, slots=True)
class LegacyList:
    """The queryset that the old code listed for one permission; call it as before."""

    permission: str
    function: Callable[[Any], QuerySet[Any]]
    stricter: str | None = None

    def __call__(self, user: Any) -> QuerySet[Any]:
        """List as the old code does."""
        with old_code():
            return self.function(user)


@dataclass(frozen=True, slots=True)
class Expected:
    """A difference in either direction that somebody vouches for until a day."""

    permission: str
    reason: str
    until: date


def check(
    permission: str, *, stricter: str | None = None, on: str | None = None
) -> Callable[[Callable[P, object]], LegacyCheck[P]]:
    """Declare a function of the old code as the old answer to a permission.

    Args:
        permission: what it answers for.
        stricter: why the new answer may deny where this one allows.
        on: the context type of its objects, where the permission's noun is none:
            ``check("forum.moderate", on="lecture")``.

    """

    def declare(function: Callable[P, object]) -> LegacyCheck[P]:
        return LegacyCheck(permission, function, stricter, on)

    return declare


def list(  # noqa: A001 -- read as legacy.list, beside legacy.check
    permission: str, *, stricter: str | None = None
) -> Callable[[Callable[[Any], QuerySet[Any]]], LegacyList]:
    """Declare a function of the old code as the old list for a permission."""

    def declare(function: Callable[[Any], QuerySet[Any]]) -> LegacyList:
        return LegacyList(permission, function, stricter)

    return declare


def expected(permission: str, *, reason: str, until: date) -> Expected:
    """Declare that old and new may differ for a permission until the end of a day."""
    return Expected(permission, reason, until)
