"""``user.has_perm("courses.change_course", course)``, answered by the decision point."""

from __future__ import annotations

from typing import Any

from asgiref.sync import sync_to_async
from django.apps import apps
from django.core.exceptions import PermissionDenied

from auth_lib import PLATFORM, Decision, Reason

from .. import registry, viewing_as
from ..decisions import check
from ..errors import DeclarationError
from ..legacy.running import is_old_code_running
from ..rollout import Stage
from ..snapshots import LEGACY, snapshot_of
from ..subjects import subject_of

_FINAL = {Reason.REFUSED, Reason.INACTIVE, Reason.VIEW_AS, Reason.VIEW_AS_READ_ONLY}
"""Denials that no other backend may overrule."""


class AuthzBackend:
    """Answers ``has_perm`` for the strings of ``legacy.permissions``, and leaves the others alone.

    Place it first in ``AUTHENTICATION_BACKENDS``. A string that it knows is settled by it: what
    it denies no backend behind it can allow. The policy's own names, ``course.edit``, are known
    too, unless an installed app is labelled like the noun.

    Without an object the platform is meant, never "anywhere". What the policy does not give there
    goes on to the next backend until the user is retired: it has always answered such questions,
    and its answers were compared with nothing. A refusal ends the matter at once.

    Nobody logs in through it. It has no ``get_user`` on purpose: Django's test client logs people
    in through the first backend that has one.
    """

    def authenticate(self, request: Any, **credentials: Any) -> None:
        """Know nobody."""

    async def aauthenticate(self, request: Any, **credentials: Any) -> None:
        """Know nobody."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """Answer; False leaves the question to the next backend.

        Raises:
            PermissionDenied: the policy says no, and Django asks nobody else.
            InvalidContext, UnknownContextType: ``obj`` is of no declared context type.

        """
        decision = decided(user_obj, perm, obj)
        if decision is None:
            return False
        if not decision:
            raise PermissionDenied(f"{perm}: {decision}")
        return True

    async def ahas_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """Answer as :meth:`has_perm` does."""
        return await sync_to_async(self.has_perm)(user_obj, perm, obj)

    def get_user_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Return the declared strings that a user has on an object, else on the platform."""
        strings = registry.get().django_permissions
        return {string for string in strings if decided(user_obj, string, obj)}

    async def aget_user_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Return what :meth:`get_user_permissions` does."""
        return await sync_to_async(self.get_user_permissions)(user_obj, obj)

    get_all_permissions = get_user_permissions
    aget_all_permissions = aget_user_permissions


def decided(user: Any, string: str, obj: Any = None) -> Decision | None:
    """Return the decision on a question of ``has_perm``; None where it is for others to answer."""
    if is_old_code_running():
        return None  # an old check hears what it has always heard
    try:
        permission = _meant(string)
    except DeclarationError:
        if obj is not None:
            raise
        return None  # whoever comes to the admin with a kill must not be stopped by an authz.py
    if permission is None:
        return None
    return _on_platform(user, permission) if obj is None else check(user, permission, obj)


def _meant(string: str) -> str | None:
    declared = registry.get()
    found = declared.django_permissions.get(string)
    if found is None and string in declared.policy.permissions:
        return None if string.partition(".")[0] in apps.app_configs else string
    return found


def _on_platform(user: Any, permission: str) -> Decision | None:
    snapshot = snapshot_of(subject_of(user))
    if snapshot.stage.rank < Stage.ENFORCE.rank and not viewing_as.is_viewing():
        return None
    decision = check(user, permission, PLATFORM)
    if snapshot.world == LEGACY:
        return decision if decision.reason in _FINAL else None
    settled = decision.allowed or decision.reason in _FINAL or snapshot.stage is Stage.RETIRED
    return decision if settled else None
