"""Tokens of the size that is asked for, and their verification by hand."""

import base64
import hmac
import json
import time
import uuid
from random import Random

from auth_lib import Claims, Key, TokenSigner
from auth_lib.claims import TokenGrants

ISSUER, AUDIENCE = "https://lms.example", "gradebook"
SECRET = b"a secret of the benchmarks, which has forty bytes"
SHARES = (("teacher", 0.02), ("ta", 0.02), ("student", 0.96))


def course_ids(number: int, *, long: bool = False) -> list[str]:
    """Return distinct ids of a platform with a million courses, or UUIDs."""
    random = Random(7)
    if long:
        return [str(uuid.UUID(int=random.getrandbits(128), version=4)) for _ in range(number)]
    return [str(each) for each in sorted(random.sample(range(1, 1_000_000), number))]


def claims(number: int, *, long: bool = False, lifetime: int = 3600) -> Claims:
    """Return claims with so many courses: few taught, most attended."""
    ids = course_ids(number, long=long)
    held, begin = {}, 0
    for role, share in SHARES:
        end = number if role == "student" else begin + max(1, round(number * share))
        held[role] = ids[begin:end]
        begin = end
    now = int(time.time())
    return Claims(
        subject="1001",
        issuer=ISSUER,
        audience=(AUDIENCE,),
        issued_at=now,
        expires_at=now + lifetime,
        token_id=uuid.UUID(int=7).hex,
        full_name="Ada Lovelace",
        grants=TokenGrants({"course": held}),
        generation=12,
    )


def token(key: Key, number: int, *, long: bool = False) -> str:
    """Return a token with so many courses."""
    return TokenSigner(key).sign(claims(number, long=long))


def decoded(text: str) -> bytes:
    """Return the bytes of base64url without padding, as the standard library reads it."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def hs256_by_hand(text: str) -> dict[str, object]:
    """Verify with as little as possible: base64, json.loads and one HMAC; judge nothing else."""
    head, body, signature = text.split(".")
    json.loads(decoded(head))
    made = hmac.digest(SECRET, f"{head}.{body}".encode(), "sha256")
    assert hmac.compare_digest(made, decoded(signature))
    return json.loads(decoded(body))
