"""``{% if may.course.enrol %}``: what the reader of a template may do."""

from __future__ import annotations

from typing import Any, NoReturn

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest

from auth_lib import PLATFORM, Decision

from ..decisions import check
from .objects import require_declared

FAILED = "authz_failed_in_template"


def may(request: HttpRequest) -> dict[str, May]:
    """Give templates ``may``, which asks when it is used: a template that does not costs nothing.

    Add ``authmigration.http.context_processors.may`` to the context processors.
    """
    return {"may": May(request)}


class May:
    """What the user of a request may do on the platform, or on one object, by noun and verb.

    ``May(request, course)``, in the context of a view as ``here``, is read as
    ``{% if here.course.edit %}``. In Jinja it is called: ``may("course.edit", course)``. Each look
    gives a :class:`Decision`.

    A misspelt permission raises ``UnknownPermission``. Where Django swallows what a variable
    raises (behind ``not``, ``and`` and ``or``, so that ``{% else %}`` would be shown) the request
    fails all the same: ``AuthzMiddleware`` raises it again.

    Args:
        request: whose user reads.
        what: see :func:`authmigration.check`.

    """

    do_not_call_in_templates = True

    def __init__(self, request: HttpRequest, what: Any = PLATFORM) -> None:
        self._request = request
        self._what = what

    def __getitem__(self, noun: str) -> _Noun:
        """Return the permissions of a noun, to be looked up by verb."""
        return _Noun(self, noun)

    def __call__(self, permission: str, what: Any = None) -> Decision:
        """Decide, on another object where one is given.

        Raises:
            UnknownPermission, InvalidContext, UnknownContextType: see :func:`authmigration.check`.

        """
        try:
            require_declared(permission)
            return check(self._request.user, permission, self._what if what is None else what)
        except Exception as error:
            self.noted(error)
            raise

    def noted(self, error: Exception) -> Exception:
        """Return an error that will be raised again when the template has been rendered."""
        setattr(self._request, FAILED, error)
        return error

    def __bool__(self) -> bool:
        """Refuse: alone it says nothing, and would always be true.

        Raises:
            ImproperlyConfigured: always.

        """
        raise self.noted(ImproperlyConfigured("`may` alone asks nothing: write may.course.edit."))

    def __iter__(self) -> NoReturn:
        """Refuse: ``in`` would look for the nouns 0, 1, 2 and so on.

        Raises:
            ImproperlyConfigured: always.

        """
        raise self.noted(
            ImproperlyConfigured("`may` is no list of permissions: write may.course.edit.")
        )


class _Noun:
    """One noun, waiting for its verb."""

    def __init__(self, may: May, noun: str) -> None:
        self._may = may
        self._noun = noun

    def __getitem__(self, verb: str) -> Decision:
        return self._may(f"{self._noun}.{verb}")

    def __bool__(self) -> bool:
        error = ImproperlyConfigured(f"may.{self._noun} asks nothing: a verb is missing.")
        raise self._may.noted(error)

    def __iter__(self) -> NoReturn:
        raise self._may.noted(ImproperlyConfigured(f"may.{self._noun} is no list of verbs."))


def raise_again(request: HttpRequest) -> None:
    """Raise what a template could not be told, and Django may have swallowed.

    Raises:
        Exception: whatever the decision raised.

    """
    error: Exception | None = getattr(request, FAILED, None)
    if error is not None:
        raise error
