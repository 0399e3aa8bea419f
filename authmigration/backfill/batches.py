"""One sub-batch: synchronised in one transaction, split where that fails, counted to the last."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

from django.db import connections

from .. import registry
from ..assignments import Outcome, synchronise, version_of
from ..assignments.failing import record_failure
from ..assignments.planning import Mapping
from ..dialects import is_passing
from ..errors import AuthMigrationError, Busy
from .standing import settled

logger = logging.getLogger("authmigration.backfill")

MOST_IN_A_ROW = 20
"""So many failures in a row are the fault of the installation, not of the users."""


class BackfillStopped(AuthMigrationError):
    """One user after the other failed in a way that is hardly their own fault.

    Attributes:
        error: what the last of them failed with.

    """

    code = "backfill_stopped"

    def __init__(self, error: Exception) -> None:
        self.error = error
        super().__init__(
            f"{MOST_IN_A_ROW} users in a row could not be migrated, so the fault is hardly theirs: "
            f"{type(error).__name__}: {error}. Mend it and run the backfill again; it goes on "
            "where it stopped."
        )


@dataclass(slots=True)
class Batches:
    """Synchronises users of one database, for one reason."""

    using: str
    reason: str
    _in_a_row: int = 0
    _failures: dict[str, Exception] = field(default_factory=dict)

    def bring(self, subjects: list[str], *, again: bool = False) -> dict[str, Outcome]:
        """Bring users up to date; return what became of each.

        Args:
            subjects: whom.
            again: they are those who failed before, so that failures in a row mean nothing.

        Raises:
            BackfillStopped: too many failed in a row; the last of them are not charged with it.
            DatabaseError: the connection is gone; it was closed, so that it may be tried again.

        """
        self._failures.clear()
        if again:
            self._in_a_row = -len(subjects)
        done = settled(subjects, self._mapping(), using=self.using)
        outcomes = done | self._brought([s for s in subjects if s not in done])
        # Charged last: where the fault is the installation's, nobody is.
        return outcomes | {s: self._recorded(s, e) for s, e in self._failures.items()}

    def charge(self, subject: str, error: Exception) -> None:
        """Count a failure of a user without trying, unless nothing is to be done with it."""
        if not settled([subject], self._mapping(), using=self.using):
            self._recorded(subject, error)

    def _mapping(self) -> Mapping:
        mapping_hash = registry.get().mapping_hash
        return Mapping(mapping_hash, version_of(mapping_hash, using=self.using))

    def _brought(self, subjects: list[str]) -> dict[str, Outcome]:
        if not subjects:
            return {}
        try:
            done = synchronise(subjects, using=self.using, reason=self.reason, bulk=True).outcomes
        except Busy:
            return dict.fromkeys(subjects, Outcome.BUSY)
        except Exception as error:  # noqa: BLE001 -- whatever it is, the others must not suffer
            self._require_connection(error)
            return self._split(subjects, error)
        self._in_a_row = 0
        return done

    def _split(self, subjects: list[str], error: Exception) -> dict[str, Outcome]:
        if len(subjects) > 1:
            half = len(subjects) // 2
            first = self._brought(subjects[:half])
            return first | self._brought(subjects[half:])
        self._in_a_row += 1
        if self._in_a_row >= MOST_IN_A_ROW:
            raise BackfillStopped(error) from error
        if is_passing(error):
            return {subjects[0]: Outcome.BUSY}
        self._failures[subjects[0]] = error
        return {}

    def _recorded(self, subject: str, error: Exception) -> Outcome:
        logger.warning("Subject %s was not migrated: %s", subject, error, exc_info=error)
        try:
            return record_failure(subject, error, using=self.using)
        except Busy:
            return Outcome.BUSY

    def _require_connection(self, error: Exception) -> None:
        connection = connections[self.using]
        if not connection.is_usable():
            connection.close()
            raise error
