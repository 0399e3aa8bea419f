"""authz_tokens, authz_revoke and authz_keys."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from auth_lib import Key
from authmigration.models import AuditEvent, RefreshFamily
from authmigration.rollout import tokens_on
from authmigration.subjects import subject_of
from authmigration.tokens import families
from tests.authmigration import worlds

pytestmark = pytest.mark.django_db(transaction=True)

WHY = "--reason=a test"


def run(*arguments):
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def anna(db):
    return worlds.user()


def issued(*people):
    return [tokens_on(subject_of(person)) for person in people]


def test_tokens_are_turned_on_for_a_cohort_and_off_again(anna):
    bert = worlds.user()

    before = issued(anna, bert)
    run("authz_tokens", f"user:{anna.pk}", "on", WHY)
    during = issued(anna, bert)
    told = run("authz_tokens", f"user:{anna.pk}", "off", WHY)

    assert (before, during, issued(anna, bert)) == ([False] * 2, [True, False], [False] * 2)
    assert "Devices stay signed in" in told


def test_a_percentage_is_a_cohort_as_well(anna):
    run("authz_tokens", "100%", "on", WHY)
    assert issued(anna) == [True]

    run("authz_tokens", "100%", "off", WHY)
    assert issued(anna) == [False]


def test_what_is_so_already_is_said_to_be(anna):
    assert "Nothing was changed" in run("authz_tokens", "everyone", "off", WHY)


def test_a_cohort_that_does_not_exist_is_named(db):
    with pytest.raises(CommandError, match="planet"):
        run("authz_tokens", "planet", "on", WHY)


def test_a_user_is_signed_out_of_every_device_and_nobody_else_is(anna):
    bert = worlds.user()
    for person in (anna, anna, bert):
        families.begin(str(person.pk), person)

    told = run("authz_revoke", str(anna.pk), WHY)

    assert "2 devices" in told
    assert [f.subject for f in RefreshFamily.objects.filter(ended_at=None)] == [str(bert.pk)]
    event = AuditEvent.objects.get(action="revoke_tokens")
    assert (event.subject, event.reason) == (str(anna.pk), "a test")


def test_everybody_is_signed_out_only_by_whoever_says_so_twice(anna):
    families.begin(str(anna.pk), anna)

    with pytest.raises(CommandError, match="--yes"):
        run("authz_revoke", "--all", WHY)
    assert RefreshFamily.objects.filter(ended_at=None).exists()

    assert "1 device." in run("authz_revoke", "--all", "--yes", WHY)


def test_the_keys_are_listed_with_what_each_does_and_without_their_secrets(settings):
    secret, key = "s" * 48, Key.generate("Ed25519")
    given = [
        {"algorithm": "Ed25519", "key": key.private_pem()},
        {"algorithm": "HS256", "key": secret},
    ]
    tokens = {**settings.AUTHMIGRATION["TOKENS"], "KEYS": given}
    settings.AUTHMIGRATION = {**settings.AUTHMIGRATION, "TOKENS": tokens}

    lines = run("authz_keys").splitlines()

    assert lines[0].split() == ["1.", "Ed25519", key.key_id, "signs", "and", "verifies"]
    assert lines[1].startswith("2. HS256")
    assert secret not in "".join(lines)


@pytest.mark.parametrize("algorithm", ["Ed25519", "ES256", "HS256"])
def test_a_new_key_can_be_used_as_it_is_written(algorithm):
    written = run("authz_keys", "new", f"--algorithm={algorithm}").strip()

    assert Key(algorithm, written).can_sign
