"""One key for one algorithm, and sets of keys that are worth nothing."""

import json

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa

from auth_lib import Key, KeyProblem, KeySet, TokenError, TokenSigner, jwk
from auth_lib.compact import Header
from auth_lib.keys import thumbprint

SECRET = "a secret of the test that is long enough for HS256"
ED25519, OTHER = Key.generate(), Key.generate()
ES256 = Key.generate("ES256")


def pem(key):
    return key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    ).decode()


def header(algorithm, key_id=None):
    return Header(algorithm, "at+jwt", key_id)


def code_of(keys, *named):
    with pytest.raises(TokenError) as refused:
        keys.find(header(*named))
    return refused.value.code


@pytest.mark.parametrize("algorithm", ["HS256", "Ed25519", "ES256"])
def test_a_generated_key_signs_and_its_copy_from_a_jwk_verifies(algorithm):
    key = Key.generate(algorithm)
    copy = jwk.read(key.private_jwk())

    assert copy.verify(b"message", key.sign(b"message"))
    assert not copy.verify(b"another", key.sign(b"message"))
    assert (copy.algorithm, copy.key_id) == (algorithm, key.key_id)


@pytest.mark.parametrize("key", [ED25519, ES256])
def test_a_published_key_verifies_and_cannot_sign(key):
    public = jwk.read(key.public_jwk())

    assert public.verify(b"message", key.sign(b"message"))
    assert not public.can_sign
    for attempt in (lambda: public.sign(b"message"), lambda: TokenSigner(public)):
        with pytest.raises(KeyProblem, match="cannot sign"):
            attempt()


def test_the_thumbprint_is_that_of_rfc_7638():
    # RFC 8037 A.3; members that are not required do not count.
    published = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}

    assert thumbprint(published) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
    assert thumbprint({**published, "use": "sig", "kid": "x"}) == thumbprint(published)
    assert jwk.read(published).key_id == thumbprint(published)


@pytest.mark.parametrize("members", [{}, {"kty": "RSA"}, {"kty": "OKP", "crv": "Ed25519"}])
def test_a_thumbprint_of_nothing_is_refused(members):
    with pytest.raises(KeyProblem):
        thumbprint(members)


def test_a_secret_has_no_kid_unless_told():
    assert Key.from_secret(SECRET).key_id is None
    assert Key.from_secret(SECRET, "2026-11").key_id == "2026-11"


def test_no_key_shows_its_secret():
    key = Key.from_secret(SECRET)

    assert SECRET not in repr(key)
    with pytest.raises(KeyProblem, match="never published") as refused:
        key.public_jwk()
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize("secret", ["", "a", "x" * 31])
def test_a_short_secret_is_refused(secret):
    with pytest.raises(KeyProblem):
        Key.from_secret(secret)


def test_a_public_key_is_never_taken_for_a_secret():
    keys = (
        pem(ed25519.Ed25519PrivateKey.generate().public_key()),
        pem(ec.generate_private_key(ec.SECP256R1()).public_key()),
        json.dumps(ED25519.public_jwk()),
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBODvjY4DfGbzqOn0x7v5nvJtVwNTqyyM4qnC0ScqWxg",
    )
    for key in keys:
        with pytest.raises(KeyProblem):
            Key.from_secret(key)


def test_a_key_of_another_kind_is_refused():
    wrong = {
        "Ed25519": [
            ec.generate_private_key(ec.SECP256R1()),
            ed448.Ed448PrivateKey.generate(),
            "no key",
            7,
        ],
        "ES256": [ed25519.Ed25519PrivateKey.generate(), ec.generate_private_key(ec.SECP384R1())],
        "HS256": [7, None],
        "RS256": [rsa.generate_private_key(65537, 2048)],
        "none": [None, ""],
    }
    for algorithm, materials in wrong.items():
        for material in materials:
            with pytest.raises(KeyProblem):
                Key(algorithm, material)


def test_a_pem_is_a_key():
    private = ed25519.Ed25519PrivateKey.generate()

    key = Key("Ed25519", pem(private.public_key()))

    assert key.verify(b"message", private.sign(b"message"))


@pytest.mark.parametrize(
    "change",
    [
        {"alg": "ES256"},
        {"alg": "none"},
        {"use": "enc"},
        {"use": 1},
        {"key_ops": ["encrypt"]},
        {"key_ops": "verify"},
        {"key_ops": ["sign"]},
        {"crv": "Ed448"},
        {"crv": "X25519"},
        {"crv": ["Ed25519"]},
        {"kty": "EC"},
        {"kty": None},
        {"x": ""},
        {"x": "AA"},
        {"x": 7},
        {"x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo="},
        {"x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURp"},
        {"kid": 7},
    ],
    ids=str,
)
def test_a_jwk_that_is_for_something_else_or_badly_formed_is_refused(change):
    with pytest.raises(KeyProblem):
        jwk.read({**ED25519.public_jwk(), **change})


def test_a_point_that_is_not_on_the_curve_is_refused():
    with pytest.raises(KeyProblem):
        jwk.read({**ES256.public_jwk(), "y": ES256.public_jwk()["x"]})


@pytest.mark.parametrize("alg", ["EdDSA", "Ed25519"])
def test_both_names_of_ed25519_are_read_and_the_new_one_is_written(alg):
    key = jwk.read({**ED25519.public_jwk(), "alg": alg})

    assert key.public_jwk()["alg"] == "Ed25519"
    assert KeySet([key]).find(header(alg)) is key


def test_the_header_finds_the_one_key_that_it_names():
    keys = KeySet([ED25519, OTHER, ES256])

    assert keys.find(header("Ed25519", OTHER.key_id)) is OTHER
    assert keys.find(header("ES256")) is ES256
    assert code_of(keys, "Ed25519") == "unknown_key"
    assert code_of(keys, "Ed25519", "gone") == "unknown_key"
    assert code_of(keys, "ES256", OTHER.key_id) == "algorithm_refused"
    assert code_of(keys, "HS256", OTHER.key_id) == "algorithm_refused"
    assert code_of(keys, "none") == "algorithm_refused"


def test_a_token_with_a_kid_is_not_verified_with_a_secret_that_has_none():
    assert code_of(KeySet([Key.from_secret(SECRET)]), "HS256", "x") == "unknown_key"


def test_sets_that_are_ambiguous_or_empty_are_refused():
    secret = Key.from_secret(SECRET)
    same_id = jwk.read({**OTHER.public_jwk(), "kid": ED25519.key_id})
    for keys in ([], [ED25519, same_id], [secret, ED25519], [secret, Key.generate("HS256")]):
        with pytest.raises(KeyProblem):
            KeySet(keys)


def test_a_published_set_goes_there_and_back():
    document = KeySet([ED25519, ES256]).to_document()

    found = KeySet.from_document(json.loads(json.dumps(document)))

    assert [key.key_id for key in found.keys] == [ED25519.key_id, ES256.key_id]
    assert "d" not in document["keys"][0]


def test_keys_of_a_published_set_that_are_not_for_us_are_passed_over():
    others = [{"kty": "RSA", "n": "AQAB", "e": "AQAB"}, {**OTHER.public_jwk(), "use": "enc"}, {}]

    found = KeySet.from_document({"keys": [*others, ED25519.public_jwk()]})

    assert [key.key_id for key in found.keys] == [ED25519.key_id]


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        {},
        {"keys": {}},
        {"keys": []},
        {"keys": [7]},
        {"keys": [ED25519.private_jwk()]},
        {"keys": [ED25519.public_jwk(), Key.from_secret(SECRET).private_jwk()]},
        {"keys": [ED25519.public_jwk(), ED25519.public_jwk()]},
        {"keys": [ED25519.public_jwk(), {**OTHER.public_jwk(), "x": "AA"}]},
    ],
    ids=range(10),
)
def test_a_published_set_that_cannot_be_trusted_is_refused_whole(document):
    with pytest.raises(KeyProblem):
        KeySet.from_document(document)
