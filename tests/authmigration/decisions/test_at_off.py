"""At the ceiling off only the old code asks the database."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from authmigration import check, filter_queryset, is_authorized, pinned, prefetch, roles_of
from monolith.courses.models import Course
from tests.authmigration import worlds
from tests.authmigration.rows import sync

pytestmark = pytest.mark.django_db

OURS = ("authmigration_", "feature_flags_", "waffle_")


@pytest.fixture
def learner(db, settings):
    anna = worlds.user()
    worlds.enrol(anna, worlds.course(worlds.school()))
    sync(anna)
    settings.AUTHMIGRATION = {**settings.AUTHMIGRATION, "CEILING": "off"}
    return anna


def ask_everything(who):
    algebra = Course.objects.get()
    with pinned():
        prefetch([who])
        assert check(who, "course.view", algebra)
        assert check(who, "course.view", f"course:{algebra.pk}")
        assert list(filter_queryset(who, "course.view", Course.objects.all())) == [algebra]
        assert is_authorized(who, "course", algebra.pk, "student")
        assert {fact.role for fact in roles_of(who)} == {"student"}


def test_nothing_of_the_toolkit_is_read(learner):
    with CaptureQueriesContext(connection) as queries:
        ask_everything(learner)

    said = [query["sql"] for query in queries]
    assert said
    assert not [sql for sql in said if any(name in sql for name in OURS)]


def test_above_it_something_is(learner, settings):
    """The same questions at the ceiling shadow: the test above looks at the right thing."""
    settings.AUTHMIGRATION = {**settings.AUTHMIGRATION, "CEILING": "shadow"}

    with CaptureQueriesContext(connection) as queries:
        ask_everything(learner)

    assert [q for q in queries if any(name in q["sql"] for name in OURS)]
