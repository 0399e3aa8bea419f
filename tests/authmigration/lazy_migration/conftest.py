"""Anna learns algebra, and stages are forced."""

import pytest

from authmigration import Stage
from authmigration.rollout.overrides import forced
from tests.authmigration import worlds
from tests.authmigration.rows import know_the_mapping


@pytest.fixture
def algebra(transactional_db):
    return worlds.course(worlds.school())


@pytest.fixture
def learner(algebra):
    anna = worlds.user()
    worlds.enrol(anna, algebra)
    know_the_mapping()
    return anna


@pytest.fixture(params=[Stage.SHADOW, Stage.ENFORCE])
def stage(request):
    with forced(request.param):
        yield request.param


@pytest.fixture
def enforced():
    with forced(Stage.ENFORCE):
        yield
