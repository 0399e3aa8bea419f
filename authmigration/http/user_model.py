"""Superusers are asked about as well: for the host's user model."""

from __future__ import annotations

from typing import Any

from asgiref.sync import sync_to_async


class AuthzUserMixin:
    """Lets a refusal reach superusers through ``user.has_perm()``.

    Django answers True for an active superuser before it asks any backend. Place this before the
    base class of your user model; it has no columns, and needs no migration::

        class User(AuthzUserMixin, AbstractUser): ...
    """

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Answer by the policy where it knows the string, else as Django does.

        Raises:
            InvalidContext, UnknownContextType: ``obj`` is of no declared context type.

        """
        # That module asks for the user model, which is being made while this one is imported.
        from .backends import decided

        decision = decided(self, perm, obj)
        if decision is None:
            found: bool = super().has_perm(perm, obj)  # type: ignore[misc]
            return found
        return decision.allowed

    async def ahas_perm(self, perm: str, obj: Any = None) -> bool:
        """Answer as :meth:`has_perm` does."""
        return await sync_to_async(self.has_perm)(perm, obj)
