"""Looks at what stands between ``user.has_perm()`` and the policy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_permission_codename, get_user_model
from django.contrib.auth.models import PermissionsMixin
from django.core.checks import CheckMessage
from django.core.checks import Warning as Notice
from django.utils.module_loading import import_string

from .declarations import declared_registry
from .messages import BACKEND

W010 = Notice(
    "Backends stand before AuthzBackend: what one of them allows is allowed, refused or not.",
    hint=f"Place {BACKEND!r} first in AUTHENTICATION_BACKENDS.",
    id="authmigration.W010",
)
W011 = Notice(
    "Django answers user.has_perm() for superusers before any backend is asked, so that a refusal "
    "does not reach them.",
    hint="Place authmigration.AuthzUserMixin before the base class of the user model.",
    id="authmigration.W011",
)
W012 = Notice(
    "legacy.permissions says what Django's permissions mean, and nobody asks by it.",
    hint=f"Place {BACKEND!r} first in AUTHENTICATION_BACKENDS, or take the declaration out.",
    id="authmigration.W012",
)


def check_backends(**_: Any) -> list[CheckMessage]:
    """Look whether a refusal can be overruled on the way to the policy."""
    declared = declared_registry()
    positions = list(_positions())
    if not positions:
        return [W012] if declared is not None and declared.django_permissions else []
    found: list[CheckMessage] = []
    if positions[0] > 0:
        found.append(W010)
    if get_user_model().has_perm is getattr(PermissionsMixin, "has_perm"):  # noqa: B009 -- typed away
        found.append(W011)
    return found


def check_strings(**_: Any) -> list[CheckMessage]:
    """Look whether every string of ``legacy.permissions`` is a permission of some model."""
    declared = declared_registry()
    if declared is None or not declared.django_permissions:
        return []
    known = set(_strings())
    return [_w013(each) for each in sorted(declared.django_permissions) if each not in known]


def _w013(string: str) -> Notice:
    return Notice(
        f"legacy.permissions names {string!r}, which is no permission of an installed model.",
        hint="Correct it; if it is made at run time, silence this check.",
        id="authmigration.W013",
    )


def _strings() -> Iterator[str]:
    for model in apps.get_models():
        options = model._meta
        for action in options.default_permissions:
            yield f"{options.app_label}.{get_permission_codename(action, options)}"
        for codename, _ in options.permissions:
            yield f"{options.app_label}.{codename}"


def _positions() -> Iterator[int]:
    wanted = import_string(BACKEND)
    for position, path in enumerate(settings.AUTHENTICATION_BACKENDS):
        try:
            found = import_string(path)
        except ImportError:
            continue  # Django says so itself, and better
        if isinstance(found, type) and issubclass(found, wanted):
            yield position
