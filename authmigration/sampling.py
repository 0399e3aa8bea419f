"""Whose questions are compared today: a share of the subjects, the same ones all day."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime

from . import conf
from .rollout import Stage


def is_compared(subject: str | None, stage: Stage) -> bool:
    """Whether old and new answers are compared today for a subject at a stage."""
    if subject is None:
        return False
    if stage is Stage.SHADOW:
        share = conf.get().shadow_sample
    elif stage is Stage.ENFORCE:
        share = conf.get().enforce_sample
    else:
        return False
    return is_sampled(subject, share, datetime.now(UTC).date())


def is_sampled(subject: str, share: float, day: date) -> bool:
    """Whether a subject belongs to the share (0 to 1) that is compared on a day."""
    if share >= 1:
        return True
    digest = hashlib.sha256(f"{day.isoformat()}:{subject}".encode()).digest()
    return int.from_bytes(digest[:4]) < share * 2**32
