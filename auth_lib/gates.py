"""What a service asks about a token: one object that holds the verifier and the policy."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Sequence

from .answers import answer_permission, answer_role, lineage_of
from .claims import Claims
from .contexts import Context
from .decisions import Decision, Reason
from .errors import NotConfigured
from .freshness import UNKNOWN, Freshness, GenerationSource
from .policy import Policy
from .token_errors import TokenError, TokenStale
from .verifier import TokenVerifier


def require_not_stale(claims: Claims, known: Freshness, now: float) -> None:
    """Raise :class:`TokenStale` if the issuer wants every token of that time renewed.

    It may say so ahead of time, while some of its processes do not know yet. Until that second has
    come no token could be new enough, and a client would be refused again and again.
    """
    if known.renewed_from <= now and known.is_stale(claims):
        raise TokenStale("The token must be renewed: it is older than its issuer wants.")


_UNAUTHENTICATED = Decision(False, Reason.UNAUTHENTICATED)


class Gate:
    """Answers for one service, from tokens alone.

    Args:
        verifier: of the service.
        policy: of the issuer, for permissions and for roles implied from above.
        generations: tells of changes since a token was issued; None: nothing is known of any.

    """

    __slots__ = ("generations", "policy", "verifier")

    def __init__(
        self,
        verifier: TokenVerifier,
        *,
        policy: Policy | None = None,
        generations: GenerationSource | None = None,
    ) -> None:
        self.verifier = verifier
        self.policy = policy
        self.generations = generations

    def verify(self, token: object) -> Claims:
        """Return the claims of a token, or raise a :class:`TokenError`; nothing else."""
        claims = self.verifier.verify(token)
        if self.generations is not None:
            known = self.generations.look(claims.subject)
            require_not_stale(claims, known, self.verifier.clock())
        return claims

    async def averify(self, token: object) -> Claims:
        """Do the same as :meth:`verify`; what waits for a network waits in a thread."""
        claims, _ = await self.averify_and_look(token)
        return claims

    async def averify_and_look(self, token: object) -> tuple[Claims, Freshness]:
        """Return the claims of a token with what is known of changes since; see :meth:`averify`."""
        verify, source = self.verifier.verify, self.generations
        claims = (
            await to_thread(verify, token) if self.verifier.would_wait(token) else verify(token)
        )
        if source is None:
            return claims, UNKNOWN
        waits = source.would_wait(claims.subject)
        look = source.look
        known = await to_thread(look, claims.subject) if waits else look(claims.subject)
        require_not_stale(claims, known, self.verifier.clock())
        return claims, known

    def freshness(self, claims: Claims) -> Freshness:
        """Return what is known of changes since the token was issued."""
        return UNKNOWN if self.generations is None else self.generations.look(claims.subject)

    def is_authenticated(self, token: object) -> bool:
        """Whether a token is accepted; never raises for one."""
        return self._verified(token) is not None

    def is_authorized(
        self,
        token: object,
        context: str,
        context_id: object,
        role: str,
        *,
        lineage: Sequence[Context | str] = (),
        safe: bool = True,
    ) -> Decision:
        """Answer whether a role is held in a context, or implied from above by the policy.

        Args:
            token: the token, or the claims that :meth:`verify` returned; ``exp`` is checked
                again.
            context: the type, as ``course``.
            context_id: which one, as ``"42"``.
            role: its name.
            lineage: the contexts above, as far as the service knows them: ``["school:7"]``.
            safe: False where something will be changed: a read-only token is denied that.

        Returns:
            A decision, true only when allowed. ``known`` is False where the token was cut and
            cannot tell; a token that is not accepted is the denial ``unauthenticated``.

        Raises:
            InvalidContext: the type or an id is none, ``None`` included.
            UnknownContextType, UnknownRole: the policy does not declare them.

        """
        claims = token if isinstance(token, Claims) else self._verified(token)
        if claims is None:
            return _UNAUTHENTICATED
        barred = self._barred(claims, safe)
        if barred is not None:
            return barred
        return answer_role(claims, role, lineage_of(context, context_id, lineage), self.policy)

    def check(
        self,
        token: object,
        permission: str,
        context: str,
        context_id: object,
        *,
        lineage: Sequence[Context | str] = (),
        safe: bool = True,
    ) -> Decision:
        """Answer whether the subject has a permission on a context, through the policy.

        Without a policy that is the denial ``unknown_here``. See :meth:`is_authorized`.

        Raises:
            InvalidContext: the type or an id is none, ``None`` included.
            UnknownPermission: the policy does not declare it.

        """
        claims = token if isinstance(token, Claims) else self._verified(token)
        if claims is None:
            return _UNAUTHENTICATED
        barred = self._barred(claims, safe)
        if barred is not None:
            return barred
        above = lineage_of(context, context_id, lineage)
        return answer_permission(claims, permission, above, self.policy)

    def ids(self, claims: Claims, context: str, *, permission: str) -> frozenset[str]:
        """Return the ids of a type on which a permission is held there; for lists.

        What a role held above gives is not among them: ask for those with :meth:`check`.

        Raises:
            NotConfigured: there is no policy.
            UnknownPermission: the policy does not declare it.

        """
        if self.policy is None:
            raise NotConfigured("Lists by permission want policy=, or AUTH_LIB_POLICY.")
        roles = self.policy.granting(permission).get(context, frozenset())
        held = frozenset[str]().union(*(claims.grants.ids(context, role) for role in roles))
        return held - {refused.id for refused in claims.refusals if refused.type == context}

    def _verified(self, token: object) -> Claims | None:
        try:
            return self.verify(token)
        except TokenError:
            return None

    def _barred(self, claims: Claims, safe: bool) -> Decision | None:  # noqa: FBT001 -- passed on
        if not self.verifier.in_time(claims):
            return Decision(False, Reason.EXPIRED, generation=claims.generation)
        if safe or not claims.read_only:
            return None
        reason = Reason.VIEW_AS_READ_ONLY if claims.viewed else Reason.ACTING_READ_ONLY
        return Decision(False, reason, generation=claims.generation)
