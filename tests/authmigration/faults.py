"""The monolith's declarations with one of the roles replaced: a fault on purpose."""

from typing import Any

from auth_lib import Role
from authmigration.registry import Registry
from monolith.courses import authz
from tests.authmigration import worlds

HERE = "tests/authmigration/faults.py"


def with_role_replaced(name: str, can: set[str], **more: Any) -> Registry:
    """Return the monolith's registry with other permissions for one role on courses."""
    given = Role(name, on="course", can=can, view_as=getattr(authz, name.upper()).view_as)
    return worlds.demo_registry_with(**{f"monolith.courses.authz.{name.upper()}": given}, **more)


def students_may_edit(**more: Any) -> Registry:
    """The central policy allows students what the old code denies them: an escalation."""
    return with_role_replaced("student", authz.STUDENT.can | {"course.edit"}, **more)


def teachers_may_not_withdraw(**more: Any) -> Registry:
    """The central policy denies teachers what the old code rightly allows: a lockout."""
    can = authz.TEACHER.can - {"course.withdraw"}
    return with_role_replaced("teacher", can, **more)
