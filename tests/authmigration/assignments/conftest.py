"""A school with a course, and somebody on it."""

import pytest

from tests.authmigration import worlds


@pytest.fixture
def north(db):
    return worlds.school()


@pytest.fixture
def algebra(north):
    return worlds.course(north)


@pytest.fixture
def anna(db):
    return worlds.user()


@pytest.fixture
def bert(db):
    return worlds.user()


@pytest.fixture
def learner(anna, algebra):
    worlds.enrol(anna, algebra)
    return anna
