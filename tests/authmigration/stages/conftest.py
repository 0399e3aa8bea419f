"""Two schools with a course each, and triggers that see what changes."""

import pytest

from tests.authmigration import worlds
from tests.authmigration.rows import captured


@pytest.fixture
def captures(db):
    with captured():
        yield


@pytest.fixture
def north(db):
    return worlds.school()


@pytest.fixture
def south(db):
    return worlds.school()


@pytest.fixture
def algebra(north):
    return worlds.course(north)


@pytest.fixture
def biology(south):
    return worlds.course(south)


@pytest.fixture
def learner(algebra):
    anna = worlds.user()
    worlds.enrol(anna, algebra)
    return anna
