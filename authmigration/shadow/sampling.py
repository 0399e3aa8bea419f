"""Whom to compare today: a share of the subjects, the same ones all day."""

from __future__ import annotations

import hashlib
from datetime import date


def is_sampled(subject: str, share: float, day: date) -> bool:
    """Whether a subject belongs to the share (0 to 1) that is compared on a day."""
    if share >= 1:
        return True
    digest = hashlib.sha256(f"{day.isoformat()}:{subject}".encode()).digest()
    return int.from_bytes(digest[:4]) < share * 2**32
