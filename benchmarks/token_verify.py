"""Verifying tokens beside PyJWT, and beside base64, json.loads and the raw signature."""

import hashlib
import json
import sys
from collections.abc import Callable

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from auth_lib import Gate, Key, TokenError, TokenVerifier, VerifiedTokens, base64url
from benchmarks import engines
from benchmarks.report import Limit, Report, installed
from benchmarks.rounds import in_turn
from benchmarks.start import set_up
from benchmarks.token_samples import (
    AUDIENCE,
    ISSUER,
    SECRET,
    claims,
    course_ids,
    decoded,
    hs256_by_hand,
    token,
)

CONTEXTS = 500
SHARED, ED25519 = Key.from_secret(SECRET), Key.generate()
NAMED = {"issuer": ISSUER, "audience": AUDIENCE}


def measure(report: Report) -> None:
    """Verify, hit the cache, refuse garbage and ask, each beside its peer."""
    number = report.sized(CONTEXTS, 5)
    verify_hs256(report, token(SHARED, number))
    verify_ed25519(report, token(ED25519, number))
    hit_the_cache(report, token(SHARED, number))
    refuse_garbage(report)
    ask_claims(report, number)


def pair(  # noqa: PLR0917 -- a row of the table
    report: Report,
    what: str,
    ours: Callable[[], object],
    peers: Callable[[], object],
    peer: str,
    limit: Limit | None = None,
    **how: str,
) -> None:
    """Time two calls in turn and report them."""
    times = report.sized(4, 1)

    def repeated(call: Callable[[], object]) -> Callable[[], None]:
        def work() -> None:
            for _ in range(times):
                call()

        return work

    measured = in_turn(repeated(ours), repeated(peers), rounds=report.sized(600, 2), calls=times)
    report.compare(what, measured, peer=peer, unit="us", limit=limit, **how)


def verify_hs256(report: Report, text: str) -> None:
    """Verify a token that is signed with a shared secret."""
    verifier = TokenVerifier(keys=SHARED, **NAMED)
    what = f"HS256, {CONTEXTS} contexts"

    def ours() -> object:
        return verifier.verify(text)

    def pyjwt() -> object:
        return jwt.decode(text, SECRET, ["HS256"], **NAMED)

    peer = f"PyJWT {jwt.__version__}, decode"
    pair(report, what, ours, pyjwt, peer, (">=", 4), rate="tokens/s")
    floor = "base64, json.loads and hmac.digest"
    pair(report, what, ours, lambda: hs256_by_hand(text), floor, ("<=", 1.4))
    for name, decode in other_libraries(text):
        pair(report, what, ours, decode, name, rate="tokens/s")


def other_libraries(text: str) -> list[tuple[str, Callable[[], object]]]:
    """Return the decoders that are installed: they come with make bench."""
    found: list[tuple[str, Callable[[], object]]] = []
    if version := installed("joserfc"):
        from joserfc import jwt as joserfc_jwt
        from joserfc.jwk import OctKey

        key = OctKey.import_key(SECRET)
        judge = joserfc_jwt.JWTClaimsRegistry(
            iss={"essential": True, "value": ISSUER}, aud={"essential": True, "value": AUDIENCE}
        )

        def by_joserfc() -> None:
            judge.validate(joserfc_jwt.decode(text, key, algorithms=["HS256"]).claims)

        found.append((f"joserfc {version}", by_joserfc))
    if version := installed("djangorestframework-simplejwt"):
        set_up()  # SimpleJWT wants Django
        from rest_framework_simplejwt.backends import TokenBackend

        backend = TokenBackend("HS256", SECRET.decode(), audience=AUDIENCE, issuer=ISSUER)
        found.append((f"SimpleJWT {version}", lambda: backend.decode(text)))
    return found


def verify_ed25519(report: Report, text: str) -> None:
    """Verify a token that is signed with a private key."""
    verifier = TokenVerifier(keys=ED25519, **NAMED)
    public = Ed25519PublicKey.from_public_bytes(
        base64url.decode(ED25519.public_jwk()["x"].encode())
    )
    head, body, signature = text.split(".")

    def floor() -> object:
        json.loads(decoded(head))
        public.verify(decoded(signature), f"{head}.{body}".encode())
        return json.loads(decoded(body))

    what = f"Ed25519, {CONTEXTS} contexts"
    by_hand = "base64, json.loads and the raw signature"
    pair(report, what, lambda: verifier.verify(text), floor, by_hand, ("<=", 1.2))


def hit_the_cache(report: Report, text: str) -> None:
    """Verify a token that was verified before; exp is checked again."""
    verifier = TokenVerifier(keys=SHARED, cache=VerifiedTokens(), **NAMED)
    verifier.verify(text)
    raw = text.encode()
    what = f"a cache hit, {CONTEXTS} contexts"
    pair(
        report,
        what,
        lambda: verifier.verify(text),
        lambda: hashlib.sha256(raw).digest(),
        "one sha256 of the token",
        ("<=", 2),
    )


def refuse_garbage(report: Report) -> None:
    """Refuse bytes that are no token, short and long."""
    verifier = TokenVerifier(keys=SHARED, **NAMED)
    for name, piece in (("letters", "A"), ("dots", "."), ("three parts", "A.")):
        short, long = (piece * 2_000_000)[:20_000], (piece * 2_000_000)[:2_000_000]

        def refuse(text: str) -> None:
            try:
                verifier.verify(text)
            except TokenError:
                return
            raise AssertionError("garbage was accepted")

        pair(
            report,
            f"2 MB of {name} refused",
            lambda text=long: refuse(text),
            lambda text=short: refuse(text),
            "20 kB of the same",
            ("<=", 2),
        )


def ask_claims(report: Report, number: int) -> None:
    """Ask verified claims for a role; exp is checked again."""
    verified = claims(number)
    gate = Gate(TokenVerifier(keys=SHARED, **NAMED))
    ids = course_ids(number)[:40]
    held: dict[tuple[str, str], frozenset[str]] = {
        (context.type, context.id): roles
        for context in verified.grants
        if (roles := verified.grants.get(context))
    }

    def ours() -> None:
        for each in ids:
            gate.is_authorized(verified, "course", each, "student")

    def floor() -> None:
        for each in ids:
            "student" in held[("course", each)]  # noqa: B015 -- what is measured

    measured = in_turn(ours, floor, rounds=report.sized(400, 2), calls=len(ids))
    report.compare(
        "is_authorized on verified claims",
        measured,
        peer="one lookup in a dict and a set",
        unit="us",
        limit=("<=", 25),
    )


if __name__ == "__main__":
    sys.exit(engines.run(measure))
