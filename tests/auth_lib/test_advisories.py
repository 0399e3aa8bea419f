"""What was published against JOSE libraries, asked of this one; each test bears the numbers."""

import hashlib
import hmac
import json
import time

import pytest
from cryptography.hazmat.primitives import serialization

from auth_lib import Key, KeyProblem, KeySet, TokenError, TokenVerifier, base64url, compact
from auth_lib.payload_writing import write
from auth_lib.testing import AUDIENCE, ISSUER, Issuer

SECRET, ED25519, ES256 = (Key.generate(name) for name in ("HS256", "Ed25519", "ES256"))
CLAIMS = write(Issuer(SECRET).claims())


def verifier(*keys, **others):
    return TokenVerifier(issuer=ISSUER, audience=AUDIENCE, keys=KeySet(keys), **others)


def code_of(token, *keys, **others):
    with pytest.raises(TokenError) as refused:
        verifier(*keys, **others).verify(token)
    return refused.value.code


def part(value):
    return base64url.encode(json.dumps(value).encode())


def signed(header, payload=CLAIMS, sign=SECRET.sign):
    message = part(header) + b"." + part(payload)
    return message + b"." + base64url.encode(sign(message))


def head(**members):
    return {"alg": "HS256", "typ": "at+jwt", **members}


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "nOnE"])
def test_cve_2015_9235_a_token_without_signature_is_refused(alg):
    token = part(head(alg=alg)) + b"." + part(CLAIMS) + b"."

    for keys in ([SECRET], [ED25519, ES256]):
        assert code_of(token, *keys) == "algorithm_refused"


@pytest.mark.parametrize("key", [ED25519, ES256])
def test_cve_2016_10555_cve_2024_33663_cve_2024_37568_a_public_key_is_no_secret(key):
    public = key._material.public_key()
    encodings = [
        public.public_bytes(encoding, serialization.PublicFormat.SubjectPublicKeyInfo)
        for encoding in (serialization.Encoding.PEM, serialization.Encoding.DER)
    ]
    for secret in (*encodings, json.dumps(key.public_jwk()).encode()):
        token = signed(
            head(kid=key.key_id), sign=lambda m, s=secret: hmac.new(s, m, hashlib.sha256).digest()
        )
        assert code_of(token, key) == "algorithm_refused"


def test_cve_2017_11424_cve_2022_29217_no_form_of_a_public_key_is_taken_as_secret():
    public = ED25519._material.public_key()
    forms = [
        (serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo),
        (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo),
        (serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH),
    ]
    for encoding, form in forms:
        with pytest.raises(KeyProblem):
            Key.from_secret(public.public_bytes(encoding, form))


def test_cve_2018_0114_a_key_inside_the_token_is_not_used():
    own = Key.generate()
    for members in ({"jwk": own.public_jwk()}, {"jku": "https://evil.example/jwks"}):
        token = signed({"alg": "Ed25519", "typ": "at+jwt", **members}, sign=own.sign)
        assert code_of(token, ED25519) == "bad_signature"


@pytest.mark.parametrize("kid", ["/dev/null", "../../etc/passwd", "x' UNION SELECT 'a", "|id"])
def test_a_kid_is_a_name_and_no_path_nor_query(kid):
    empty = signed(head(kid=kid), sign=lambda m: hmac.new(b"", m, hashlib.sha256).digest())

    assert code_of(empty, SECRET) == "unknown_key"


def test_cve_2020_28042_a_missing_signature_is_no_signature():
    token = signed(head()).rpartition(b".")[0]

    assert code_of(token + b".", SECRET) == "bad_signature"
    assert code_of(token, SECRET) == "malformed_token"


@pytest.mark.parametrize("r", [0, 1, 2**256 - 1])
def test_cve_2022_21449_numbers_that_fit_every_message_are_no_signature(r):
    n = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    header = {"alg": "ES256", "typ": "at+jwt"}
    for pair in ((0, 0), (r, 0), (0, r), (n, n), (n, 1)):
        raw = b"".join(number.to_bytes(32, "big") for number in pair)
        assert code_of(signed(header, sign=lambda _, raw=raw: raw), ES256) == "bad_signature"


def test_cve_2023_51774_an_encrypted_token_is_not_a_signed_one():
    token = part(head(alg="dir", enc="A256GCM")) + b".." + b"a" * 16 + b".b.c"

    assert code_of(token, SECRET) == "malformed_token"
    assert code_of(signed(head(enc="A256GCM")), SECRET) == "header_refused"


def test_cve_2024_53861_a_part_of_the_issuer_is_not_the_issuer():
    for issuer in (ISSUER[:-1], ISSUER[1:], "", ISSUER + "x", [ISSUER]):
        token = signed(head(), {**CLAIMS, "iss": issuer})
        assert code_of(token, SECRET) in {"wrong_issuer", "invalid_claims"}


@pytest.mark.parametrize("names", [["exp"], ["b64"], ["x"], [], "exp", None])
def test_cve_2025_59420_cve_2026_32597_crit_is_never_passed_over(names):
    assert code_of(signed(head(crit=names)), SECRET) == "header_refused"


@pytest.mark.parametrize("flag", [False, True, 0, None])
def test_cve_2026_48990_a_payload_outside_its_encoding_is_refused(flag):
    """Also GHSA-w7vc-732c-9m39."""
    assert code_of(signed(head(b64=flag)), SECRET) == "header_refused"


def test_cve_2025_65015_no_error_repeats_the_token():
    secret = "what nobody may read in a log"
    tokens = [
        signed(head(), {**CLAIMS, "sub": [secret]}),
        signed(head(secret=secret, crit=[secret])),
        signed(head(kid=secret)),
        secret,
    ]
    for token in tokens:
        with pytest.raises(TokenError) as refused:
            verifier(SECRET).verify(token)
        assert secret not in f"{refused.value!r} {refused.value.__cause__!r}"


@pytest.mark.parametrize("signatures", [[], [{}], [{"protected": "", "signature": ""}]])
def test_cve_2026_102946_no_serialisation_but_the_compact_one_is_read(signatures):
    token = json.dumps({"payload": part(CLAIMS).decode(), "signatures": signatures})

    assert code_of(token, SECRET) == "malformed_token"


def test_cve_2025_30204_cve_2026_119284_the_size_is_judged_before_the_token_is_split(monkeypatch):
    def forbidden(raw):
        raise AssertionError("it was split")

    monkeypatch.setattr(compact, "split", forbidden)
    monkeypatch.setattr("auth_lib.jws.split", forbidden)

    assert code_of("." * 10_000_000, SECRET) == "token_too_large"


def test_cve_2016_7036_signatures_are_compared_in_constant_time(monkeypatch):
    compared = []
    monkeypatch.setattr(
        "hmac.compare_digest", lambda a, b: compared.append((len(a), len(b))) or a == b
    )
    forged = signed(head(), sign=lambda m: bytes(32))

    assert code_of(forged, SECRET) == "bad_signature"
    assert compared == [(32, 32)]


def test_ghsa_hxm8_2xgr_2p9m_characters_outside_the_alphabet_are_never_skipped():
    token = signed(head())
    for junk in (b"!!!!", b"====", b"\n\n\n\n", b"    "):
        for place in (0, token.index(b".") - 1, token.rindex(b".") + 1, len(token)):
            other = token[:place] + junk + token[place:]
            assert code_of(other, SECRET) in {"malformed_token", "bad_signature"}


@pytest.mark.parametrize("text", ["[" * 7000, '{"a":' * 2000, "[" * 600])
def test_ghsa_8wjv_nesting_ends_in_a_refusal(text):
    message = part(head()) + b"." + base64url.encode(text.encode())
    payload = message + b"." + base64url.encode(SECRET.sign(message))
    header = base64url.encode(text.encode()) + b"." + part(CLAIMS) + b".AAAA"

    for token in (payload, header):
        assert code_of(token, SECRET) == "malformed_token"


def test_pyjwt_accepts_a_token_without_exp_and_this_does_not():
    payload = {name: value for name, value in CLAIMS.items() if name != "exp"}

    assert code_of(signed(head(), payload), SECRET) == "invalid_claims"


def test_a_token_for_a_year_is_not_prolonged_by_a_second_exp():
    text = json.dumps(CLAIMS)[:-1] + f',"exp":{int(time.time()) + 31_536_000}}}'
    message = part(head()) + b"." + base64url.encode(text.encode())
    token = message + b"." + base64url.encode(SECRET.sign(message))

    assert code_of(token, SECRET) == "malformed_token"
