"""Signatures that others have published: the appendices of the RFCs, and Wycheproof's suite.

Wycheproof is in no package index. Where its repository lies on the machine, WYCHEPROOF names the
folder; its cases for algorithms that are not supported must be refused like any other.
"""

import json
import os
from pathlib import Path

import pytest

from auth_lib import KeyProblem, KeySet, TokenError, base64url, jwk, jws
from auth_lib.keys import thumbprint

JOE = (
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
)
ED25519 = {
    "kty": "OKP",
    "crv": "Ed25519",
    "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
    "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
}
GOOD = {
    "RFC 7515 A.1": (
        {
            "kty": "oct",
            "k": "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z"
            "9CAow",
        },
        (
            f"eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.{JOE}."
            "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
        ),
        b'{"iss":"joe"',
    ),
    "RFC 7515 A.3": (
        {
            "kty": "EC",
            "crv": "P-256",
            "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
            "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
        },
        (
            f"eyJhbGciOiJFUzI1NiJ9.{JOE}.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8I"
            "SlSApmWQxfKTUJqPP3-Kg6NU1Q"
        ),
        b'{"iss":"joe"',
    ),
    "RFC 8037 A.4": (
        {name: ED25519[name] for name in ("kty", "crv", "x")},
        (
            "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09P"
            "GcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
        ),
        b"Example of Ed25519 signing",
    ),
    "RFC 7520 4.4": (
        {
            "kty": "oct",
            "kid": "018c0ae5-4d9b-471b-bfd6-eef314bc7037",
            "use": "sig",
            "alg": "HS256",
            "k": "hJtXIZ2uSN5kbQfbtTNWbpdmhkV8FJG-Onbc6mxCcYg",
        },
        (
            "eyJhbGciOiJIUzI1NiIsImtpZCI6IjAxOGMwYWU1LTRkOWItNDcxYi1iZmQ2LWVlZjMxNGJjNzAzNyJ9.SXTigJlz"
            "IGEgZGFuZ2Vyb3VzIGJ1c2luZXNzLCBGcm9kbywgZ29pbmcgb3V0IHlvdXIgZG9vci4gWW91IHN0ZXAgb250byB0a"
            "GUgcm9hZCwgYW5kIGlmIHlvdSBkb24ndCBrZWVwIHlvdXIgZmVldCwgdGhlcmXigJlzIG5vIGtub3dpbmcgd2hlcm"
            "UgeW91IG1pZ2h0IGJlIHN3ZXB0IG9mZiB0by4.s0h6KThzkfBBBkLspW1h84VsJZFTsPPqMDA7g1Md7p0"
        ),
        "It\u2019s a dangerous business".encode(),
    ),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_published_signature_is_good(name):
    key, token, begins = GOOD[name]

    assert jws.verified(token.encode(), KeySet([jwk.read(key)])).startswith(begins)


@pytest.mark.parametrize("name", GOOD)
def test_a_published_signature_is_good_for_no_other_key(name):
    key, token, _ = GOOD[name]
    others = [jwk.read(other) for other, _, _ in GOOD.values() if other != key]

    for other in others:
        with pytest.raises(TokenError):
            jws.verified(token.encode(), KeySet([other]))


def test_our_ed25519_signature_is_the_published_one():
    key, token, _ = GOOD["RFC 8037 A.4"]
    signed, _, signature = token.encode().rpartition(b".")
    assert base64url.encode(jwk.read(ED25519).sign(signed)) == signature
    assert thumbprint(key) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def suites():
    """Yield the suites of the folder that WYCHEPROOF names."""
    folder = os.environ.get("WYCHEPROOF")
    for name in ("json_web_signature_test.json", "json_web_key_test.json"):
        for place in ("testvectors_v1", "testvectors", "."):
            file = Path(folder or "", place, name)
            if folder and file.is_file():
                yield file
                break


def is_accepted(group, test):
    """Tell whether a case is verified with the keys of its group."""
    found = group.get("public") or group["private"]
    try:
        keys = KeySet(jwk.read(each) for each in found.get("keys", [found]))
        jws.verified(test["jws"].encode("utf-8", "surrogatepass"), keys)
    except (KeyProblem, TokenError):
        return False
    return True


def is_supported(group):
    found = group.get("public") or group["private"]
    return all(jwk.algorithm_of(each) for each in found.get("keys", [found]))


def judged(document):
    """Return the cases that come out otherwise than the suite says."""
    wrong = []
    for group in document["testGroups"]:
        for test in group["tests"]:
            accepted = is_accepted(group, test)
            missed = test["result"] == "valid" and not accepted and is_supported(group)
            if missed or (accepted and test["result"] == "invalid"):
                wrong.append((test["tcId"], test["comment"], test["result"]))
    return wrong


def test_the_judge_of_suites_sees_both_faults():
    key, token, _ = GOOD["RFC 7515 A.1"]
    cases = [(token, "valid"), (token + "x", "valid"), (token, "invalid"), ("", "invalid")]
    tests = [
        {"tcId": number, "comment": "", "jws": jws_, "result": result}
        for number, (jws_, result) in enumerate(cases)
    ]

    assert [
        number for number, _, _ in judged({"testGroups": [{"private": key, "tests": tests}]})
    ] == [1, 2]


# In no package index: who has the suites names their folder.
@pytest.mark.skipif(not list(suites()), reason="WYCHEPROOF names no folder with its suites")
def test_wycheproof():
    assert [case for file in suites() for case in judged(json.loads(file.read_text()))] == []
