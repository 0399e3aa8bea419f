"""Every reading goes to the database that the setting names, and to no other."""

import pytest
from django.utils.connection import ConnectionDoesNotExist

from auth_lib import Context
from authmigration import Stage, check, explain, parity, registry, roles_of, who_can
from authmigration.assignments.targets import context_for
from authmigration.decisions.targets import target_of
from authmigration.rollout import cohorts
from authmigration.rollout.overrides import forced
from authmigration.subjects import Subject, by_id
from monolith.courses.authz import TA

pytestmark = pytest.mark.django_db

COURSE = Context("course", "1")
SOMEBODY = Subject("1")

READINGS = {
    "a user by its id": lambda: by_id("1"),
    "a user as a cohort": lambda: cohorts.parsed("user:1"),
    "a school as a cohort": lambda: cohorts.parsed("school:1"),
    "a group as a cohort": lambda: cohorts.parsed("group:registrars"),
    "a context that is to exist": lambda: context_for(TA, "1", must_exist=True),
    "the row of a context": lambda: target_of(registry.get(), COURSE).row(),
    "the parents of a context": lambda: target_of(registry.get(), COURSE).lineage(),
    "whether a context is open": lambda: COURSE in target_of(registry.get(), COURSE).opens(),
    "a decision": lambda: check(SOMEBODY, "course.edit", COURSE),
    "its explanation": lambda: explain(SOMEBODY, "course.edit", COURSE),
    "the roles of somebody": lambda: roles_of(SOMEBODY),
    "the holders of a permission": lambda: who_can("course.edit", COURSE),
    "the parity of facts": parity.facts,
    "the parity of decisions": lambda: parity.decisions(subjects=1, objects=1),
}


@pytest.fixture
def elsewhere(settings):
    """The users live in a database that does not exist, so that asking for it is an error."""
    settings.AUTHMIGRATION = {**settings.AUTHMIGRATION, "DATABASE": "elsewhere"}


@pytest.mark.parametrize("reading", READINGS.values(), ids=READINGS.keys())
def test_it_is_asked_for(reading, elsewhere):
    with forced(Stage.ENFORCE), pytest.raises(ConnectionDoesNotExist, match="elsewhere"):
        reading()
