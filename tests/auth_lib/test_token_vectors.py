"""The vectors that every implementation of the protocol must agree with."""

import json
from pathlib import Path

import pytest

from auth_lib import (
    Claims,
    Gate,
    Key,
    KeySet,
    TokenError,
    TokenVerifier,
    VerifiedTokens,
    jwk,
    payload,
    payload_writing,
    policy_document,
)
from tools import make_token_vectors

FILE = Path(__file__).parents[1] / "vectors" / "tokens.json"
VECTORS = json.loads(FILE.read_text(encoding="utf-8"))
KEYS = {name: jwk.read(each) for name, each in VECTORS["keys"].items()}
POLICY = policy_document.load(VECTORS["policy"])


def named(rows):
    return pytest.mark.parametrize("row", rows, ids=[row["name"] for row in rows])


def verifier(row, **others):
    return TokenVerifier(
        issuer=VECTORS["issuer"],
        audience=VECTORS["audience"],
        keys=KeySet(KEYS[name] for name in row.get("keys", ["shared"])),
        leeway=VECTORS["leeway"],
        types=[VECTORS["type"]],
        max_bytes=VECTORS["max_bytes"],
        clock=lambda: row.get("now", VECTORS["now"]),
        **others,
    )


@pytest.mark.parametrize("cached", [False, True])
@named(VECTORS["tokens"])
def test_a_token_gives_its_claims_or_its_error(row, cached):
    ours = verifier(row, cache=VerifiedTokens() if cached else None)

    for _ in range(2):
        if "error" in row:
            with pytest.raises(TokenError) as refused:
                ours.verify(row["token"])
            assert refused.value.code == row["error"]
        else:
            assert payload_writing.write(ours.verify(row["token"])) == row["claims"]


@named(VECTORS["questions"])
def test_a_question_has_one_of_three_answers(row):
    gate = Gate(verifier(row), policy=POLICY if row["policy"] else None)
    ask = row["ask"]
    how = {"lineage": row["lineage"], "safe": row["safe"]}
    claims = payload.read(row["claims"])

    if "role" in ask:
        found = gate.is_authorized(claims, ask["context"], ask["id"], ask["role"], **how)
    else:
        found = gate.check(claims, ask["permission"], ask["context"], ask["id"], **how)

    answer = "allowed" if found else "denied" if found.known else "unknown"
    assert (answer, found.reason) == (row["answer"], row["reason"])


def test_the_file_is_what_the_tool_makes():
    assert FILE.read_text(encoding="utf-8") == make_token_vectors.as_text(
        make_token_vectors.document(VECTORS)
    )


def test_the_names_of_the_vectors_are_unique():
    for rows in (VECTORS["tokens"], VECTORS["questions"]):
        names = [row["name"] for row in rows]
        assert sorted(set(names)) == sorted(names)


def test_every_error_code_has_a_vector():
    codes = {each.code for each in TokenError.__subclasses__()}
    met = {row["error"] for row in VECTORS["tokens"] if "error" in row}

    # The last two need more than a token: an issuer that is down, and a later order of it.
    assert met == codes - {"keys_unavailable", "stale"}


def test_claims_are_a_value():
    row = next(row for row in VECTORS["tokens"] if row["name"] == "every claim that there is")
    once, again = (verifier(row).verify(row["token"]) for _ in range(2))

    assert isinstance(once, Claims)
    assert once == again
    assert hash(once.grants) == hash(again.grants)


def test_the_keys_of_the_vectors_have_their_published_thumbprint():
    # RFC 8037 appendix A.3
    assert KEYS["ed25519"].key_id == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
    assert isinstance(KEYS["shared"], Key)
