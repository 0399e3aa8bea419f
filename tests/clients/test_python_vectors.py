"""The Python client reads headers, answers and clocks as the vectors say."""

import json
import time
from pathlib import Path

import pytest

from authmigration_client.answers import Failure, Granted, Outcome, read_answer
from authmigration_client.challenges import Challenge, read_challenge
from authmigration_client.clock import Stopwatch
from authmigration_client.token import lasts, refresh_time

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "clients.json").read_text())
OUTCOMES = {
    "signed_out": Outcome.SIGNED_OUT,
    "disabled": Outcome.DISABLED,
    "retry": Outcome.FAILED,
}


def cases(section):
    return [pytest.param(one, id=one.get("name", "")) for one in VECTORS[section]]


@pytest.mark.parametrize("vector", cases("challenges"))
def test_a_challenge_is_read(vector):
    wanted = Challenge(vector["context"] or "") if vector["refresh"] else None

    assert read_challenge(vector["header"]) == wanted


@pytest.mark.parametrize("vector", cases("answers"))
def test_an_answer_is_read(vector):
    text = vector["text"] if "text" in vector else json.dumps(vector["body"])

    answer = read_answer(vector["status"], vector.get("headers", {}).get("Retry-After"), text)

    if vector["outcome"] == "token":
        body = vector["body"]
        wanted = (body["access_token"], body["expires_in"], body.get("refresh_token"))
        assert isinstance(answer, Granted)
        assert (answer.access_token, answer.expires_in, answer.refresh_token) == wanted
    else:
        outcome = OUTCOMES[vector["outcome"]]
        assert answer == Failure(outcome, vector["reason"], vector.get("retry_after"))


@pytest.mark.parametrize("vector", cases("lives"))
def test_a_life_is_counted(vector, monkeypatch):
    monkeypatch.setattr(time, "monotonic", lambda: 1000 + vector["monotonic"])
    monkeypatch.setattr(time, "time", lambda: 5000 + vector["wall"])

    age = Stopwatch(monotonic=1000, wall=5000).elapsed()

    assert lasts(vector["expires_in"], age) is vector["usable"]


@pytest.mark.parametrize("vector", VECTORS["refresh_times"])
def test_a_token_is_refreshed_ahead_of_time(vector):
    found = refresh_time(vector["expires_in"], vector["random"])

    assert found == pytest.approx(vector["after"])
