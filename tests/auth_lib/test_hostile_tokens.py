"""Whatever the bytes: claims, or a TokenError, and never anything else."""

import json
import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auth_lib import Claims, Key, KeySet, TokenError, TokenVerifier, VerifiedTokens, base64url
from auth_lib.payload_writing import write
from auth_lib.testing import AUDIENCE, ISSUER, Issuer

SECRET, ED25519, ES256 = (Key.generate(name) for name in ("HS256", "Ed25519", "ES256"))
ISSUERS = [Issuer(key) for key in (SECRET, ED25519, ES256)]
VERIFIERS = [
    TokenVerifier(issuer=ISSUER, audience=AUDIENCE, keys=keys, cache=cache)
    for keys in (KeySet([SECRET]), KeySet([ED25519, ES256]))
    for cache in (None, VerifiedTokens())
]
GOOD = [issuer.token("7", roles={"course": {"teacher": ["1", "2"]}}) for issuer in ISSUERS]

texts = st.text(max_size=8) | st.sampled_from(["", "1", "course:1", "course", "x" * 300])
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
CLAIMS = "iss aud sub iat exp nbf jti full_name roles gen deny view_as trunc asked act other"
MEMBERS = "alg typ kid crit b64 zip enc jwk jku x5u x5c cty other"
names = st.sampled_from(CLAIMS.split())
members = st.sampled_from(MEMBERS.split())


def outcome(verifier, token):
    """Return the code or "claims"; anything else that is raised fails the test."""
    refused = None
    try:
        found = verifier.verify(token)
    except TokenError as error:
        refused = error
    if refused is None:
        assert isinstance(found, Claims)
        write(found)
        return "claims"
    assert refused.code != TokenError.code
    assert str(refused)
    assert pickle.loads(pickle.dumps(refused)).code == refused.code
    return refused.code


def signed(head, body, key=SECRET):
    message = base64url.encode(head) + b"." + base64url.encode(body)
    return message + b"." + base64url.encode(key.sign(message))


def encoded(value):
    return json.dumps(value).encode("utf-8", "surrogatepass")


@given(st.binary(max_size=300) | st.text(max_size=300))
def test_any_bytes_and_any_text_are_refused(token):
    assert all(outcome(verifier, token) != "claims" for verifier in VERIFIERS)


@given(st.lists(st.binary(max_size=60), min_size=0, max_size=5))
def test_any_parts_are_refused(parts):
    token = b".".join(map(base64url.encode, parts))

    assert all(outcome(verifier, token) != "claims" for verifier in VERIFIERS)


@given(st.sampled_from(GOOD), st.data())
def test_a_token_with_one_byte_changed_is_refused(token, data):
    raw = bytearray(token.encode())
    place = data.draw(st.integers(0, len(raw) - 1))
    raw[place] = data.draw(st.integers(0, 255).filter(lambda byte: byte != raw[place]))

    assert all(outcome(verifier, bytes(raw)) != "claims" for verifier in VERIFIERS)


@given(st.sampled_from(GOOD), st.data())
def test_a_token_with_bytes_put_in_or_left_out_is_refused(token, data):
    raw = token.encode()
    begin = data.draw(st.integers(0, len(raw)))
    end = data.draw(st.integers(begin, min(len(raw), begin + 10)))
    other = raw[:begin] + data.draw(st.binary(max_size=4)) + raw[end:]

    assert other == raw or all(outcome(verifier, other) != "claims" for verifier in VERIFIERS)


@given(st.dictionaries(members, values, max_size=4), st.sampled_from([SECRET, ED25519, ES256]))
def test_any_header_is_judged(changes, key):
    head = {"alg": key.algorithm, "typ": "at+jwt", "kid": key.key_id, **changes}
    body = encoded(write(Issuer(key).claims()))
    token = signed(encoded({k: v for k, v in head.items() if v is not None}), body, key)

    for verifier in VERIFIERS:
        outcome(verifier, token)


@given(st.binary(max_size=100))
def test_any_bytes_as_a_well_signed_payload_are_judged(body):
    assert outcome(VERIFIERS[0], signed(b'{"alg":"HS256","typ":"at+jwt"}', body)) != "claims"


@settings(max_examples=300)
@given(st.dictionaries(names, values, max_size=4))
def test_any_claims_are_judged(changes):
    body = encoded({**write(ISSUERS[0].claims()), **changes})

    outcome(VERIFIERS[0], signed(b'{"alg":"HS256","typ":"at+jwt"}', body))


@pytest.mark.parametrize("size", [16_384, 16_385, 2_000_000])
@pytest.mark.parametrize("piece", [b"A", b".", b"=", b"eyJ", b"\xff", b"{"])
def test_long_garbage_is_refused(piece, size):
    token = (piece * size)[:size]

    wanted = "malformed_token" if size == VERIFIERS[0].max_bytes else "token_too_large"
    assert outcome(VERIFIERS[0], token) == wanted


def test_a_refusal_says_nothing_of_the_token():
    secret = "s3cret-text"
    claims = ISSUERS[0].claims(subject="1", extra={"password": secret})
    body = encoded({**write(claims), "roles": secret, secret: 1})

    with pytest.raises(TokenError) as refused:
        VERIFIERS[0].verify(signed(b'{"alg":"HS256","typ":"at+jwt"}', body))

    assert secret not in repr(refused.value)
    assert refused.value.__cause__ is None


@pytest.mark.parametrize("token", [None, 1, [], {}, b"", bytearray(b"a.b.c"), memoryview(b"a.b")])
def test_what_is_neither_text_nor_bytes_is_no_token(token):
    assert outcome(VERIFIERS[0], token) == "missing_token"
