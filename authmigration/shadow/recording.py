"""Differences as rows: one for each fingerprint, with a count and one example."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from .. import conf
from ..models import Mismatch
from ..rollout import Stage, Staged
from ..stages import set_back

logger = logging.getLogger("authmigration.shadow")


@dataclass(frozen=True, slots=True)
class Difference:
    """A confirmed difference; the subject is an id, and nothing else personal is in it."""

    kind: str
    permission: str
    context_type: str
    reason: str
    origin: str
    staged: Staged
    subject: str
    roles: tuple[str, ...]
    control: bool
    candidate: str
    because: str

    @property
    def fingerprint(self) -> str:
        """Sixteen characters, the same for every difference of one cause."""
        parts = (
            self.kind,
            self.permission,
            self.context_type,
            self.because,
            ",".join(self.roles),
            self.origin,
        )
        return hashlib.sha256("|".join(parts).encode()).hexdigest()[:16]


def record(difference: Difference) -> Mismatch:
    """Count a difference; a confirmed escalation at enforce sets its cohort back."""
    using = conf.get().database
    rows = Mismatch.objects.using(using)
    with transaction.atomic(using):
        row, _ = rows.get_or_create(
            fingerprint=difference.fingerprint,
            defaults={
                "kind": difference.kind,
                "permission": difference.permission,
                "context_type": difference.context_type,
                "reason": difference.reason,
                "origin": difference.origin,
                "cohort": difference.staged.rule[:100],
                "example": _example(difference),
            },
        )
        rows.filter(pk=row.pk).update(count=F("count") + 1, last_seen=timezone.now())
    if difference.kind == Mismatch.Kind.ESCALATION:
        _react(difference, row)
    return row


def _react(difference: Difference, row: Mismatch) -> None:
    logger.error(
        "Escalation confirmed: %s on %s, from %s.",
        difference.permission,
        difference.context_type,
        difference.origin,
    )
    if difference.staged.stage is Stage.ENFORCE and conf.get().set_back:
        set_back(difference.staged.rule, f"confirmed escalation {row.fingerprint}")


def _example(difference: Difference) -> dict[str, object]:
    return {
        "subject": difference.subject,
        "roles": list(difference.roles),
        "control": difference.control,
        "candidate": difference.candidate,
        "replay": f"authz_explain {difference.subject} {difference.permission} "
        f"{difference.context_type}:<id>",
    }
