"""What is wrong with the options of the tokens, and what is weak."""

import pytest

from auth_lib import Key
from authmigration import checks

PEM = Key.generate("Ed25519").private_pem()
GOOD = {
    "ISSUER": "https://lms.example",
    "AUDIENCE": ["gradebook"],
    "KEYS": [{"algorithm": "Ed25519", "key": PEM}],
}


@pytest.fixture
def tokens(settings):
    def with_options(**changes):
        given = {name: value for name, value in {**GOOD, **changes}.items() if value is not None}
        settings.AUTHMIGRATION = {**settings.AUTHMIGRATION, "TOKENS": given}

    return with_options


def test_good_options_are_in_order(tokens):
    tokens()

    assert checks.check_tokens() == []
    assert checks.check_tokens_deployed() == []


def test_whoever_issues_no_tokens_needs_no_options(settings):
    settings.AUTHMIGRATION = {**settings.AUTHMIGRATION, "TOKENS": {}}

    assert checks.check_tokens() == []
    assert checks.check_tokens_deployed() == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"SECOND": 5}, "no option 'SECOND'. Did you mean 'SECONDS'?"),
        ({"KEYS": []}, "KEYS'] is empty"),
        ({"AUDIENCE": []}, "names no AUDIENCE"),
        ({"KEYS": [{"algorithm": "HS256", "key": "short"}]}, "Key 1 of"),
        ({"KEYS": [{"algorithm": "RS256", "key": "x"}]}, "'RS256' is not supported"),
        ({"KEYS": [{"key": PEM}]}, "it has no 'algorithm'"),
        ({"KEYS": [*GOOD["KEYS"], {"algorithm": "ES256", "key": PEM}]}, "Key 2 of"),
    ],
)
def test_authmigration_e012_names_what_is_wrong(tokens, changes, words):
    tokens(**changes)

    (error,) = checks.check_tokens()

    assert error.id == "authmigration.E012"
    assert words in error.msg


def test_no_key_stands_in_a_message(tokens):
    tokens(KEYS=[{"algorithm": "HS256", "key": "a short secret"}])

    (error,) = checks.check_tokens()

    assert "a short secret" not in f"{error.msg} {error.hint}"


def test_authmigration_w006_warns_of_a_shared_secret(tokens):
    tokens(KEYS=[{"algorithm": "HS256", "key": "x" * 48}])

    assert [each.id for each in checks.check_tokens_deployed()] == ["authmigration.W006"]


def test_authmigration_w007_warns_of_a_long_life(tokens):
    tokens(SECONDS=86_400)

    (warning,) = checks.check_tokens_deployed()

    assert (warning.id, "86,400 s" in warning.msg) == ("authmigration.W007", True)


def test_authmigration_w008_warns_of_long_tokens(tokens):
    tokens(MOST_BYTES=20_000)

    (warning,) = checks.check_tokens_deployed()

    assert (warning.id, "20,000 bytes" in warning.msg) == ("authmigration.W008", True)
