"""Generators of many users: read under one savepoint, and one by one once somebody fails."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from authmigration import backfill, legacy, registry
from authmigration.models import SubjectState
from monolith.accounts.models import Profile, User
from monolith.courses.authz import MODERATOR
from tests.authmigration import worlds
from tests.authmigration.rows import facts, sync

from .crowds import crowd

pytestmark = pytest.mark.django_db(transaction=True)


@legacy.roles(watch=[legacy.watch(Profile, user="user")])
def moderators(user):
    """Read the profiles, and break the transaction over some users, as host code may."""
    if user.username in {"crowd3", "crowd7"}:
        with connection.cursor() as cursor:
            cursor.execute("SELECT id FROM nowhere")
    for profile in Profile.objects.filter(user=user):
        for course in profile.moderated_courses:
            yield MODERATOR.at(course)


@pytest.fixture(autouse=True)
def generating(own_sources):
    with registry.override(worlds.tables_only(moderators=moderators)):
        yield


def test_the_failing_query_of_one_user_spoils_nothing_for_the_others():
    people = crowd(20)
    for each in people:
        worlds.moderate(each, worlds.course(worlds.school()))

    report = backfill.run()

    assert (report.migrated, report.quarantined) == (18, 2)
    failed = SubjectState.objects.filter(status="quarantined")
    assert {s.subject for s in failed} == {str(people[3].pk), str(people[7].pk)}
    assert [s.reason for s in failed if "nowhere" not in s.reason] == []
    for each in people:
        assert any("moderator" in text for text in facts(each)) != (each in (people[3], people[7]))


def test_as_long_as_nobody_fails_one_savepoint_serves_all():
    crowd(20)
    people = User.objects.exclude(username__in=["crowd3", "crowd7"])

    with CaptureQueriesContext(connection) as asked:
        sync(*people)

    texts = [query["sql"] for query in asked]
    assert sum(text.startswith("SAVEPOINT") for text in texts) == 1
    assert sum("accounts_profile" in text for text in texts) == 18
