"""Facts hold from moment to moment, whatever the clock of the platform and USE_TZ say."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from authmigration import Stage, assign, check, who_can
from authmigration.rollout.overrides import forced
from authmigration.selectors import load_native
from monolith.courses.authz import TA
from tests.authmigration import worlds
from tests.authmigration.rows import sync

pytestmark = pytest.mark.django_db(transaction=True)

WHO = {"actor": "test", "reason": "a test"}
HOUR = timedelta(hours=1)


@pytest.fixture(params=["UTC", "Asia/Tokyo", "America/Los_Angeles"])
def zone(request, settings):
    settings.TIME_ZONE = request.param
    yield request.param
    connection.close()  # its time zone was set when it was opened


@pytest.fixture
def algebra(db):
    return worlds.course(worlds.school())


def assistants(course):
    """Return one who is assistant now, one who will be in an hour, one who was an hour ago."""
    now = datetime.now(UTC)
    spans = [
        (None, now + HOUR),
        (now + HOUR, None),
        (now - 3 * HOUR, now - HOUR),
    ]
    people = [worlds.user() for _ in spans]
    for person, (begins, ends) in zip(people, spans, strict=True):
        assign(person, TA, course, valid_from=begins, valid_until=ends, **WHO)
    return people


@pytest.mark.parametrize("use_tz", [True, False])
def test_intervals_hold(settings, zone, use_tz, algebra):
    settings.USE_TZ = use_tz
    connection.close()
    people = assistants(algebra)

    with forced(Stage.ENFORCE):
        for person in people:
            sync(person)
        answers = [check(person, "course.view", algebra).allowed for person in people]

    assert answers == [True, False, False]
    assert who_can("course.view", algebra).subjects == (str(people[0].pk),)


@pytest.mark.parametrize("use_tz", [True, False])
def test_native_facts_read_alone_have_the_same_moments(settings, zone, use_tz, algebra):
    settings.USE_TZ = use_tz
    connection.close()
    people = assistants(algebra)
    now = datetime.now(UTC)

    found = load_native([str(person.pk) for person in people], using="default")

    assert [found[str(p.pk)][0].holds_at(now) for p in people] == [True, False, False]
