"""Users in the order of their primary key, page by page, without counting through earlier ones.

The key may be a number, a UUID or a text; the database compares it in its own order, and bounds
travel as the text id of a subject.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import QuerySet

from ..subjects import key_of

BEGINNING = ""
"""Stands for the place before the first user; no subject has this id."""


def after(place: str, *, using: str, most: int) -> list[str]:
    """Return the subjects that come next after a place."""
    return _page(_users(using, after=place), most)


def between(place: str, first: str, last: str, *, using: str, most: int) -> list[str]:
    """Return the subjects of a range that come next after a place in it."""
    users = _users(using, after=place).filter(pk__gte=key_of(first), pk__lte=key_of(last))
    return _page(users, most)


def count(*, using: str) -> int:
    """Return how many users there are."""
    return get_user_model()._base_manager.using(using).count()


def _users(using: str, *, after: str) -> QuerySet[Any]:
    users = get_user_model()._base_manager.using(using).order_by("pk")
    return users if after == BEGINNING else users.filter(pk__gt=key_of(after))


def _page(users: QuerySet[Any], most: int) -> list[str]:
    return [str(key) for key in users.values_list("pk", flat=True)[:most]]
