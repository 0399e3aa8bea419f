"""People who may look into the admin, and what they may do there."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from tests.authmigration import worlds


@pytest.fixture
def browser(db) -> Callable[..., Client]:
    """Return a logged-in browser of a member of staff with some permissions of the app."""

    def open_(*permissions: str, **columns) -> Client:
        user = worlds.user(is_staff=True, **columns)
        wanted = Permission.objects.filter(
            content_type__app_label="authmigration", codename__in=permissions
        )
        assert wanted.count() == len(permissions)
        user.user_permissions.set(wanted)
        client = Client()
        client.force_login(user)
        client.user = user
        return client

    return open_


@pytest.fixture
def boss(browser) -> Client:
    """A superuser's browser."""
    return browser(is_superuser=True)
