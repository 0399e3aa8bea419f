"""The epoch as SQL: what it is now, to be read in one statement with whatever depends on it."""

from __future__ import annotations

EPOCH_SQL = (
    "(SELECT COALESCE((SELECT value FROM authmigration_epoch WHERE id = 1), 0)"
    " + (SELECT COUNT(*) FROM authmigration_changemark WHERE subject = ''))"
)
"""The number of changes so far that no single subject could be named for."""

MARKED_SQL = "EXISTS(SELECT 1 FROM authmigration_changemark m WHERE m.subject = {subject})"
"""Whether a change of a subject has been captured and not yet followed."""
