"""What is left of whoever is deleted: nothing that the next bearer of the id would inherit."""

from __future__ import annotations

import logging
from typing import Any

from django.db import Error, transaction
from django.db.models import Model

from .. import conf, counters, trail
from ..models import NATIVE, Assignment, ChangeMark
from ..subjects import SERVICE_PREFIX

logger = logging.getLogger("authmigration.assignments")

SOURCE = "the account was deleted"


def depart(instance: Model, **_: Any) -> None:
    """Take its native facts from a user row that is being deleted; connected to ``post_delete``.

    Facts with a legacy row go with that row. Native ones have none; where an id is a name that
    may be given again, whoever gets it next would hold them. The state stays, so that the
    generation goes on rising. A failure never breaks the host's deletion.
    """
    using, subject = conf.get().database, str(instance.pk)
    if instance.pk is None or subject.startswith(SERVICE_PREFIX):
        return
    try:
        with transaction.atomic(using):
            _take_all(subject, using)
    except Error as error:
        counters.tally("subjects", "departure failed")
        logger.warning("Subject %s keeps its native facts.", subject, exc_info=error)


def _take_all(subject: str, using: str) -> None:
    native = Assignment.objects.using(using).filter(subject=subject, source=NATIVE)
    held = sorted(map(str, native))
    if not held:
        return
    native.delete()
    # Whoever bears the id next must not be answered by what was loaded before.
    ChangeMark.objects.using(using).create(subject=subject, source=SOURCE)
    author = trail.Authorship(trail.MIGRATOR, SOURCE)
    trail.record("depart", author, using=using, subject=subject, detail={"removed": held})
