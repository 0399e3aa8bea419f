"""Every test starts knowing nothing of the flags."""

from collections.abc import Iterator

import pytest

from feature_flags.testing import forget_snapshot


@pytest.fixture(autouse=True)
def own_view(request: pytest.FixtureRequest, settings) -> Iterator[None]:
    """Let a test see its own uncommitted rows, unless it commits them."""
    commits = "transactional_db" in request.fixturenames or any(
        mark.kwargs.get("transaction") for mark in request.node.iter_markers("django_db")
    )
    settings.FEATURE_FLAGS = {} if commits else {"CONNECTION": "caller", "SNAPSHOT_SECONDS": 0}
    yield
    forget_snapshot()


@pytest.fixture
def user(django_user_model, db):
    return django_user_model.objects.create(username="anna")


@pytest.fixture
def boss(django_user_model, db):
    return django_user_model.objects.create(username="boss", is_staff=True, is_superuser=True)
