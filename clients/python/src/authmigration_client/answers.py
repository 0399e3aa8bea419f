"""What the issuer answered, told apart by status and code. Protocol §2 and §3."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

OK = 200
TOO_MANY = 429
RATE_LIMITED_SECONDS = 10.0
LONGEST_SECONDS = 3600.0

_ENDING = re.compile(r"401 (refresh_\w+|not_signed_in)|403 inactive", re.ASCII)
_B64TOKEN = re.compile(r"[\w.~+/-]+=*", re.ASCII)


class Outcome(StrEnum):
    """What a failure does to the session; the names of the events."""

    SIGNED_OUT = "signed_out"
    DISABLED = "disabled"
    FAILED = "refresh_failed"


@dataclass(frozen=True, slots=True)
class Granted:
    """A token came.

    Attributes:
        access_token: what services read.
        expires_in: its life in seconds.
        issued_at: the issuer's clock in Unix seconds, if it said so.
        refresh_token: the next one, if one came.

    """

    access_token: str = field(repr=False)
    expires_in: float
    issued_at: float | None
    refresh_token: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Failure:
    """No token came.

    Attributes:
        outcome: what that does to the session.
        reason: the code of the issuer, or a name for the fault.
        retry_after: seconds that the issuer asks to wait.

    """

    outcome: Outcome
    reason: str
    retry_after: float | None = None


def read_answer(status: int, retry_after: str | None, text: str | bytes) -> Granted | Failure:
    """Read an answer to ``session/`` or ``refresh/``."""
    body = _object(text)
    if status == OK:
        return _granted(body) or Failure(Outcome.FAILED, "malformed_answer")
    code = body.get("error")
    reason = code if isinstance(code, str) else f"http_{status}"
    return Failure(_outcome(f"{status} {reason}"), reason, _seconds(status, retry_after))


def _object(text: str | bytes) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _granted(body: dict[str, Any]) -> Granted | None:
    match body:
        case {"access_token": str(token), "token_type": str(kind), "expires_in": int() | float()}:
            life = body["expires_in"]
            if _B64TOKEN.fullmatch(token) and kind.lower() == "bearer" and life > 0:
                issued_at, refresh_token = body.get("issued_at"), body.get("refresh_token")
                return Granted(
                    token,
                    float(life),
                    float(issued_at) if isinstance(issued_at, int | float) else None,
                    refresh_token if isinstance(refresh_token, str) else None,
                )
    return None


def _outcome(known: str) -> Outcome:
    if _ENDING.fullmatch(known):
        return Outcome.SIGNED_OUT
    return Outcome.DISABLED if known == "409 tokens_disabled" else Outcome.FAILED


def _seconds(status: int, header: str | None) -> float | None:
    if header is not None and header.isascii() and header.isdigit() and int(header) > 0:
        return min(float(header), LONGEST_SECONDS)
    return RATE_LIMITED_SECONDS if status == TOO_MANY else None
