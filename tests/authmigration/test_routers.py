"""Facts are read and written on the database that the settings name, whatever a router says."""

import pytest

from authmigration import Stage, assign, check, filter_queryset, is_authorized, registry, unassign
from authmigration.rollout.overrides import forced
from monolith.courses.authz import STUDENT
from monolith.courses.models import Course
from tests.authmigration import worlds
from tests.authmigration.rows import sync

pytestmark = pytest.mark.django_db

WHO = {"actor": "test", "reason": "a test"}


class Replica:
    """Sends every read to a database that lags so far behind that it does not exist."""

    asked: list[str] = []

    def db_for_read(self, model, **hints):
        self.asked.append(model._meta.label)
        return "replica"


@pytest.fixture
def learner(db):
    anna = worlds.user()
    worlds.enrol(anna, worlds.course(worlds.school()))
    return anna


def test_no_fact_and_no_legacy_row_is_read_from_a_replica(learner, settings):
    algebra = Course.objects.get()
    Replica.asked.clear()
    settings.DATABASE_ROUTERS = [f"{__name__}.Replica"]

    with registry.override(worlds.tables_only()), forced(Stage.ENFORCE):
        sync(learner)
        allowed = check(learner, "lecture.view", f"course:{algebra.pk}")
        role = is_authorized(str(learner.pk), "course", algebra.pk, "student")
        unassign(learner, STUDENT, algebra, **WHO)
        assign(learner, STUDENT, algebra, **WHO)

    assert (bool(allowed), bool(role)) == (True, True)
    assert Replica.asked == []


def test_a_list_stays_on_the_database_of_its_queryset(learner):
    with forced(Stage.ENFORCE):
        sync(learner)
        rows = filter_queryset(learner, "lecture.view", Course.objects.using("default"))

    assert rows.db == "default"
    assert len(rows) == 1
