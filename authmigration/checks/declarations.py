"""Looks at what the ``authz.py`` files declare, and at what views ask for."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage
from django.utils.module_loading import import_string

from auth_lib import UnknownPermission

from .. import registry
from ..capture.tables import captured_tables
from ..errors import DeclarationError
from ..uses import declared_uses
from . import messages
from .listed import listed_permissions


def check_declarations(**_: Any) -> list[CheckMessage]:
    """Look whether the declarations contradict themselves or the host's models."""
    try:
        captured_tables(registry.get().watches)
    except DeclarationError as error:
        return [messages.e004(problem) for problem in error.problems]
    return []


def check_uses(**_: Any) -> list[CheckMessage]:
    """Look whether every permission that a view asks for is declared."""
    declared = declared_registry()
    if declared is None:
        return []
    found: list[CheckMessage] = []
    for permission, where in declared_uses():
        try:
            declared.policy.granting(permission)
        except UnknownPermission as error:
            found.append(messages.e009(permission, where, str(error)))
    return found


def check_lists(**_: Any) -> list[CheckMessage]:
    """Look whether an old check has its old list beside it, where the host lists by it."""
    declared = declared_registry()
    if declared is None:
        return []
    declared_uses()  # loads the views, whose source is looked at
    wanted = (set(declared.checks) - set(declared.lists)) & listed_permissions()
    return [messages.w001(name) for name in sorted(wanted)]


def check_middleware(**_: Any) -> list[CheckMessage]:
    """Look whether the middleware that pins the facts of a request is there."""
    # It stands above the checks in the layers, and so is asked for by name.
    wanted = import_string(messages.MIDDLEWARE)
    named = (_imported(path) for path in settings.MIDDLEWARE)
    if any(isinstance(each, type) and issubclass(each, wanted) for each in named):
        return []
    return [messages.W002]


def declared_registry() -> registry.Registry | None:
    """Return the registry; None where :func:`check_declarations` has something against it."""
    return None if check_declarations() else registry.get()


def _imported(path: str) -> object:
    try:
        return import_string(path)
    except ImportError:
        return None  # Django says so itself, and better
