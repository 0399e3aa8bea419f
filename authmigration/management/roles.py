"""Which role and which context a command line means."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any, NamedTuple

from auth_lib import PLATFORM, Context, Effect, Role, UnknownRole
from auth_lib.contexts import PLATFORM_TYPE
from auth_lib.roles import RoleKey

from .. import registry
from .command import add_authorship
from .people import Found, find


class Named(NamedTuple):
    """What an assignment is about.

    Attributes:
        subject: whose.
        role: which role.
        context: where.
        effect: whether it is granted or refused.

    """

    subject: Found
    role: Role
    context: Context
    effect: Effect

    def __str__(self) -> str:
        refused = "the refusal of " if self.effect == Effect.REFUSE else ""
        return f"{refused}{self.role.key} in {self.context}"


def add_assignment(parser: ArgumentParser) -> None:
    """Declare USER ROLE CONTEXT, --refuse, --reason and --actor."""
    parser.add_argument("user", help="primary key or username")
    parser.add_argument("role", help="ta, or course/ta")
    parser.add_argument("context", help="course:42, or platform")
    parser.add_argument(
        "--refuse", action="store_true", help="bar the user from the context instead"
    )
    add_authorship(parser)


def named(options: dict[str, Any]) -> Named:
    """Return what the arguments name.

    Raises:
        UnknownRole, UnknownContextType, InvalidContext: there is no such thing.
        CommandError: there is no such user.

    """
    text = options["context"]
    context = PLATFORM if text == PLATFORM_TYPE else Context.parse(text)
    role = role_named(options["role"], context.type)
    effect = Effect.REFUSE if options["refuse"] else Effect.GRANT
    return Named(find(options["user"]), role, context, effect)


def role_named(text: str, on: str) -> Role:
    """Return a declared role.

    Args:
        text: ``ta``, or ``course/ta``.
        on: the type of the context, where the text does not say it.

    Raises:
        UnknownRole, UnknownContextType: it is not declared.

    """
    policy = registry.get().policy
    type_, slash, name = text.rpartition("/")
    key = RoleKey(type_ if slash else on, name)
    policy.require_type(key.on)
    if key not in policy.by_key:
        raise UnknownRole(str(key), map(str, policy.by_key))
    return policy.by_key[key]
