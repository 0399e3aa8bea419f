"""Tokens and roles as FastAPI dependencies, documented in OpenAPI as a bearer token.

.. code-block:: python

    @app.get("/courses/{course_id}/grades", dependencies=[Depends(require_role("course", "ta"))])
    async def grades(course_id: str, claims: Annotated[Claims, Depends(claims_of)]): ...
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated

from fastapi import Depends, HTTPException, Request
from fastapi.security import HTTPBearer

from .. import configured, responses
from ..claims import Claims
from ..contexts import Context
from ..decisions import Decision
from ..errors import NotConfigured
from ..gates import Gate
from ..responses import Refusal
from ..token_errors import TokenError
from .asgi import GATE_KEY, SCOPE_KEY

Lineage = Callable[[Request], Sequence[Context | str]]
_bearer = HTTPBearer(auto_error=False, bearerFormat="JWT")


async def claims_of(request: Request, _: Annotated[object, Depends(_bearer)]) -> Claims:
    """Return the claims of the request's token, verified here or by ``AuthMiddleware`` before.

    Raises:
        HTTPException: there is no token that is accepted, or it is read-only and the method is
            not safe.

    """
    found: Claims | None = request.scope.get(SCOPE_KEY)
    if found is not None:
        return found
    try:
        values = [value.encode("latin-1") for value in request.headers.getlist("authorization")]
        found = await _gate(request).averify(responses.token_of(values))
    except TokenError as error:
        raise refused(responses.of_error(error)) from None
    if found.read_only and request.method not in responses.SAFE_METHODS:
        raise refused(responses.of_read_only(found))
    return found


def require_role(
    context: str, role: str, *, param: str | None = None, lineage: Lineage | None = None
) -> Callable[..., Awaitable[Decision]]:
    """Return a dependency that lets only those pass who hold a role in the context of the path.

    Args:
        context: the type: ``course``.
        role: its name.
        param: the name of the path parameter with the id; by default ``course_id``.
        lineage: tells the contexts above from the request.

    """

    def ask(gate: Gate, claims: Claims, id_: str, above: Sequence[Context | str]) -> Decision:
        return gate.is_authorized(claims, context, id_, role, lineage=above)

    return _required(ask, param or f"{context}_id", lineage)


def require_permission(
    permission: str, context: str, *, param: str | None = None, lineage: Lineage | None = None
) -> Callable[..., Awaitable[Decision]]:
    """Return a dependency that lets only those pass who have a permission there.

    See :func:`require_role`; a policy must be configured.
    """

    def ask(gate: Gate, claims: Claims, id_: str, above: Sequence[Context | str]) -> Decision:
        return gate.check(claims, permission, context, id_, lineage=above)

    return _required(ask, param or f"{context}_id", lineage)


def refused(refusal: Refusal) -> HTTPException:
    """Return a refusal as an exception that FastAPI answers with."""
    return HTTPException(refusal.status, refusal.body["detail"], refusal.headers)


def require(decision: Decision, request: Request, claims: Claims) -> None:
    """Raise the HTTPException of a decision that is not allowed; for checks inside a view."""
    if decision:
        return
    gate = _gate(request)
    raise refused(
        responses.of_denial(
            decision,
            claims,
            gate.freshness(claims),
            now=gate.verifier.clock(),
            client=request.headers.get(responses.CLIENT_HEADER, ""),
        )
    )


def _gate(request: Request) -> Gate:
    found: Gate | None = request.scope.get(GATE_KEY)
    return found or configured.gate()


def _required(
    ask: Callable[[Gate, Claims, str, Sequence[Context | str]], Decision],
    param: str,
    lineage: Lineage | None,
) -> Callable[..., Awaitable[Decision]]:
    async def dependency(
        request: Request, claims: Annotated[Claims, Depends(claims_of)]
    ) -> Decision:
        if param not in request.path_params:
            raise NotConfigured(f"The path has no parameter {param!r}: name it with param=...")
        above = lineage(request) if lineage is not None else ()
        decision = ask(_gate(request), claims, request.path_params[param], above)
        require(decision, request, claims)
        return decision

    return dependency
