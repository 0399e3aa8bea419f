"""Somebody, and a course in which nobody holds anything yet."""

import pytest

from monolith.accounts.models import User
from monolith.courses.models import Course
from tests.authmigration import worlds


@pytest.fixture
def course(db) -> Course:
    return worlds.course(worlds.school())


@pytest.fixture
def who(db) -> User:
    return worlds.user()
