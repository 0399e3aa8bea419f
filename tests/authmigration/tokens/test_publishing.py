"""Services learn at once that a token is behind, from a real Redis; without it nobody waits."""

import socket
import time
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction

from auth_lib import Gate
from auth_lib.contrib.redis import RedisGenerations
from authmigration import Stage, assign, tasks
from authmigration.rollout import killing
from authmigration.rollout.overrides import forced
from authmigration.snapshots import snapshot_of
from authmigration.subjects import subject_of
from authmigration.tokens import options, publishing
from authmigration.tokens.contents import claims_of
from authmigration.tokens.issuing import issue_tokens
from authmigration.tokens.signing import signer
from monolith.courses.authz import TA
from monolith.courses.models import Enrolment
from tests.authmigration import worlds
from tests.authmigration.rows import captured, sync

pytestmark = pytest.mark.django_db(transaction=True)

WHO = {"actor": "test", "reason": "a test"}


def at(settings, url):
    tokens = {**settings.AUTHMIGRATION["TOKENS"], "REDIS_URL": url}
    settings.AUTHMIGRATION = {**settings.AUTHMIGRATION, "TOKENS": tokens}


@pytest.fixture
def service(settings, redis_url, gate, unique_name, monkeypatch):
    """A gradebook that asks the same Redis, under names that no other test uses."""
    at(settings, redis_url)
    made = publishing.publisher()
    monkeypatch.setattr(made, "_prefix", unique_name)
    generations = RedisGenerations.from_url(redis_url, prefix=unique_name)
    return Gate(gate.verifier, policy=gate.policy, generations=generations)


@pytest.fixture
def enforced(learner):
    sync(learner)
    with forced(Stage.ENFORCE):
        yield


def claims(who):
    return claims_of(snapshot_of(subject_of(who)), options.get())


def is_behind(service, found):
    return service.freshness(found).is_behind(found)


def test_before_anything_is_published_nothing_is_known(service, learner, enforced):
    assert is_behind(service, claims(learner)) is None


def test_a_token_that_is_issued_is_known_to_be_of_now(service, learner, enforced, rf):
    request = rf.post("/")
    request.user = learner
    token = issue_tokens(request).access_token

    assert is_behind(service, service.verify(token)) is False


def test_an_assignment_puts_older_tokens_behind_once_it_is_committed(
    service, learner, biology, enforced
):
    before = claims(learner)
    with transaction.atomic():
        assign(learner, TA, biology, **WHO)
        assert is_behind(service, before) is None

    assert is_behind(service, before) is True
    assert is_behind(service, claims(learner)) is False


def test_what_is_rolled_back_is_published_to_nobody(service, learner, biology, enforced):
    with transaction.atomic():
        assign(learner, TA, biology, **WHO)
        transaction.set_rollback(True)

    assert is_behind(service, claims(learner)) is None


def test_a_change_of_a_legacy_table_is_published_by_the_worker_that_follows_it(
    service, learner, enforced
):
    before = claims(learner)
    with captured():
        Enrolment.objects.update(status="withdrawn")
        tasks.resync_stale()

    assert is_behind(service, before) is True


def test_the_worker_publishes_again_what_a_dying_process_could_not(service, learner, enforced):
    found = claims(learner)

    tasks.publish_generations()

    assert is_behind(service, found) is False


def test_a_kill_makes_every_older_token_stale_and_none_that_comes_after(
    service, learner, enforced, monkeypatch
):
    before = claims(learner)

    killing.kill(actor="test", reason="a fire")

    renewed_from = service.freshness(before).renewed_from
    assert before.issued_at < renewed_from <= time.time() + killing.seen_within() + 1
    assert service.is_authenticated(signer().sign(before)), "nobody could get a newer one yet"
    monkeypatch.setattr(service.verifier, "clock", lambda: renewed_from)
    assert not service.is_authenticated(signer().sign(before))


def test_without_redis_a_change_is_made_all_the_same_and_one_request_waits(
    settings, learner, biology, enforced, rf
):
    with socket.create_server(("127.0.0.1", 0)) as deaf:  # takes connections, and never answers
        at(settings, f"redis://127.0.0.1:{deaf.getsockname()[1]}/0")
        request = rf.post("/")
        request.user = learner
        begin = time.monotonic()

        assert assign(learner, TA, biology, **WHO).changed
        for _ in range(40):
            assert issue_tokens(request).access_token

        assert time.monotonic() - begin < 20 * publishing.TIMEOUT_SECONDS


def test_nothing_is_published_where_no_redis_is_named(learner, enforced):
    assert not publishing.publish(str(learner.pk), 3)


def test_a_kill_by_command_is_published_as_well(service, learner, enforced):
    call_command("authz_kill", "on", "--reason", "a fire", stdout=StringIO())

    assert service.freshness(claims(learner)).renewed_from > 0


def test_several_people_are_told_apart(service, learner, biology, enforced):
    other = worlds.user()
    sync(other)
    before = claims(other)

    assign(learner, TA, biology, **WHO)

    assert is_behind(service, before) is None
