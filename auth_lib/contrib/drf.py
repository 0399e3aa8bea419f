"""Tokens and roles in Django REST framework, for a service that is written with it.

.. code-block:: python

    class Grades(APIView):
        authentication_classes = [TokenAuthentication]
        permission_classes = [has_role("course", "ta")]      # of /courses/<course_id>/grades
"""

from __future__ import annotations

from typing import Any

from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import APIException
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from .. import configured, responses
from ..claims import Claims
from ..decisions import Decision
from ..errors import NotConfigured
from ..responses import Refusal
from ..token_errors import TokenError, TokenMissing


class TokenUser:
    """The subject of a token, as far as Django REST framework wants a user; no row of a table.

    Attributes:
        id: the subject.
        claims: of its token.

    """

    __slots__ = ("claims", "id")

    is_authenticated = True
    is_anonymous = False
    is_active = True

    def __init__(self, claims: Claims) -> None:
        self.id = claims.subject
        self.claims = claims

    @property
    def pk(self) -> str:
        """The subject, as throttles want it."""
        return self.id

    def __str__(self) -> str:
        return self.id


class RefusedRequest(APIException):
    """A refusal as Django REST framework answers with it."""

    def __init__(self, refusal: Refusal, request: Request) -> None:
        self.status_code = refusal.status
        self.detail = refusal.body
        self.auth_header = refusal.headers.get("WWW-Authenticate")
        if "Retry-After" in refusal.headers:
            self.wait = responses.RETRY_SECONDS
        _add_hint(request, refusal.headers.get(responses.REFRESH_HEADER))


class TokenAuthentication(BaseAuthentication):
    """Takes the bearer token of a request; ``request.auth`` are its claims.

    A request without one is anonymous. With a read-only token only safe methods pass.
    """

    def authenticate(self, request: Request) -> tuple[TokenUser, Claims] | None:
        """Return the subject and the claims; None without a token.

        Raises:
            RefusedRequest: the token is not accepted, or is read-only and the method not safe.

        """
        gate = configured.gate()
        try:
            claims = gate.verify(responses.token_of(_values(request)))
        except TokenMissing:
            return None
        except TokenError as error:
            raise RefusedRequest(responses.of_error(error), request) from None
        if claims.read_only and request.method not in responses.SAFE_METHODS:
            raise RefusedRequest(responses.of_read_only(claims), request)
        _add_hint(request, responses.hint_for(claims, gate.freshness(claims)))
        return TokenUser(claims), claims

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002 -- DRF's signature
        """Return the scheme, so that a request without a token is answered with 401."""
        return "Bearer"


def has_role(context: str, role: str, *, kwarg: str | None = None) -> type[BasePermission]:
    """Return a permission class for those who hold a role in the context of the URL.

    Args:
        context: the type: ``course``.
        role: its name.
        kwarg: of the URL, with the id; by default ``course_id``.

    """

    class HasRole(BasePermission):
        def has_permission(self, request: Request, view: Any) -> bool:
            id_ = _id_of(view, kwarg or f"{context}_id")
            found = request.auth
            return _is_allowed(request, configured.gate().is_authorized(found, context, id_, role))

    return HasRole


def has_permission(
    permission: str, context: str, *, kwarg: str | None = None
) -> type[BasePermission]:
    """Return a permission class for those who have a permission there; see :func:`has_role`."""

    class HasPermission(BasePermission):
        def has_permission(self, request: Request, view: Any) -> bool:
            id_ = _id_of(view, kwarg or f"{context}_id")
            found = request.auth
            return _is_allowed(request, configured.gate().check(found, permission, context, id_))

    return HasPermission


def _id_of(view: Any, kwarg: str) -> object:
    if kwarg not in view.kwargs:
        raise NotConfigured(f"The URL has no {kwarg!r}: name it with kwarg=...")
    return view.kwargs[kwarg]


def _is_allowed(request: Request, decision: Decision) -> bool:
    if decision or not isinstance(request.auth, Claims):
        return decision.allowed
    gate, claims = configured.gate(), request.auth
    client = request.headers.get(responses.CLIENT_HEADER, "")
    known, now = gate.freshness(claims), gate.verifier.clock()
    refusal = responses.of_denial(decision, claims, known, now=now, client=client)
    raise RefusedRequest(refusal, request)


def _values(request: Request) -> list[bytes]:
    # WSGI joins two headers of one name with a comma, which no token holds.
    value = request.META.get("HTTP_AUTHORIZATION")
    return [] if value is None else [value.encode("latin-1", "replace")]


def _add_hint(request: Request, hint: str | None) -> None:
    view = request.parser_context.get("view") if request.parser_context else None
    if hint is not None and view is not None:
        view.headers[responses.REFRESH_HEADER] = hint
