"""Two releases of the monolith's declarations, without its old answers: facts decide everywhere."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from authmigration import legacy
from authmigration.registry import Registry
from monolith.courses import authz
from monolith.courses.models import Enrolment
from monolith.payments.authz import BURSAR
from monolith.schools.authz import PRINCIPAL
from tests.authmigration import worlds

ROLES = (
    authz.STUDENT,
    authz.GUEST,
    authz.MENTOR,
    authz.MODERATOR,
    authz.ASSISTANT,
    authz.TEACHER,
    authz.TA,
    PRINCIPAL,
    BURSAR,
)
OLD_ANSWERS = (legacy.LegacyCheck, legacy.LegacyList)


def newer(**others: Any) -> Registry:
    """Return what the monolith declares now."""
    values = {**worlds.declared(), **others}
    return worlds.registry_of(
        **{name: value for name, value in values.items() if not isinstance(value, OLD_ANSWERS)}
    )


def older() -> Registry:
    """Return what the release before declared, which did not know what a guest is."""
    now = authz.ENROLMENTS
    table = replace(
        now,
        roles={value: role for value, role in now.roles.items() if role is not authz.GUEST},
        ignore={Enrolment.AUDITOR: "not understood yet"},
    )
    enrolments = [name for name, value in worlds.declared().items() if value is now]
    return newer(**dict.fromkeys(enrolments, table))
