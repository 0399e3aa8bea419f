"""Somebody, a course and its school; and a policy of one role over the courses."""

from contextlib import AbstractContextManager
from types import SimpleNamespace
from typing import Any

import pytest

from authmigration import ContextType, Role, Stage, registry
from authmigration.registry import Registry
from authmigration.rollout.overrides import forced
from monolith.courses.models import Course
from tests.authmigration import worlds

HOLDER = Role("holder", on="course", can={"course.edit"})
COURSE = ContextType("course", Course)


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
