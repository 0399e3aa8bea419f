"""Somebody, a course and its school."""

from contextlib import AbstractContextManager
from types import SimpleNamespace
from typing import Any

import pytest

from authmigration import Stage, registry
from authmigration.registry import Registry
from authmigration.rollout.overrides import forced
from tests.authmigration import worlds
from tests.authmigration.review.declared import COURSE, HOLDER


@pytest.fixture(autouse=True)
def nobody_by_chance(settings):
    """Compare nobody at enforce, where the day chooses whom."""
    settings.AUTHMIGRATION = {**settings.AUTHMIGRATION, "ENFORCE_SAMPLE": 0.0}


@pytest.fixture
def school(db):
    return worlds.school()


@pytest.fixture
def algebra(school):
    return worlds.course(school)


@pytest.fixture
def anna(db):
    return worlds.user()


@pytest.fixture
def enforced():
    with forced(Stage.ENFORCE):
        yield


@pytest.fixture
def declaring():
    """Put a registry in force that declares one role on courses, and whatever is given besides."""

    def declare(**more: Any) -> AbstractContextManager[Registry]:
        return registry.override(Registry([SimpleNamespace(role=HOLDER, kind=COURSE, **more)]))

    return declare
