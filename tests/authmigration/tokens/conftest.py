"""A platform that issues tokens to everybody, and a service that verifies them alone."""

import pytest

from auth_lib import Gate, Key, KeySet, TokenVerifier
from authmigration import registry
from authmigration.tokens import options
from feature_flags.testing import override_flags
from tests.authmigration import worlds


@pytest.fixture(autouse=True)
def issued():
    with override_flags({"authz_tokens": True}):
        yield


@pytest.fixture
def north(db):
    return worlds.school()


@pytest.fixture
def algebra(north):
    return worlds.course(north)


@pytest.fixture
def biology(north):
    return worlds.course(north)


@pytest.fixture
def learner(algebra):
    anna = worlds.user(first_name="Anna", last_name="Lee")
    worlds.enrol(anna, algebra)
    return anna


@pytest.fixture
def gate():
    """Verify as the gradebook does: with the key and the policy, and nothing of the platform."""
    given = options.get()
    (key,) = given.keys
    keys = KeySet([Key(key["algorithm"], key["key"])])
    verifier = TokenVerifier(issuer=given.issuer, audience="gradebook", keys=keys)
    return Gate(verifier, policy=registry.get().policy)
