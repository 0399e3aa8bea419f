"""The roles that hold on the whole platform, and where the old code keeps them."""

from django.db.models import Q

from authmigration import Role, legacy
from monolith.accounts.models import User

REGISTRAR = Role(
    "registrar",
    can={
        "course.view",
        "course.enrol",
        "course.withdraw",
        "course.roster",
        "enrolment.view",
        "enrolment.edit",
        "enrolment.extend",
        "announcement.view",
    },
)
# Asked by name still, in views/impersonation.py.
SUPPORT = Role("support", can={"user.impersonate"})
SUPERUSER = Role(
    "superuser",
    can={
        "course.view",
        "course.edit",
        "course.enrol",
        "course.withdraw",
        "course.archive",
        "course.roster",
        "course.staff",
        "course.transfer",
        "enrolment.view",
        "enrolment.edit",
        "enrolment.extend",
        "announcement.view",
        "announcement.post",
        "announcement.edit",
        "lecture.view",
        "lecture.preview",
        "lecture.edit",
        "forum.moderate",
        "grade.list",
        "grade.view",
        "grade.edit",
        "grade.export",
        "exercise.create",
        "exercise.edit",
        "submission.list",
        "submission.grade",
        "lecture.comment",
        "comment.delete",
        "attachment.download",
        "invoice.view",
        "invoice.refund",
        "invoice.settle",
        "receipt.view",
        "school.view",
        "school.receive",
        "school.report",
        "school.staff",
        "staff.view",
    },
)

REGISTRARS = legacy.table(
    User.groups.through, user="user", role=REGISTRAR, where=Q(group__name="registrars")
)
SUPPORTERS = legacy.table(
    User.groups.through,
    user="user",
    role=SUPPORT,
    where=Q(group__name="support"),
    name="accounts.supporters",
)
SUPERUSERS = legacy.table(
    User,
    user="pk",
    role=SUPERUSER,
    where=Q(is_superuser=True),
    write=legacy.write(on={"is_superuser": True}, off={"is_superuser": False}, insert=False),
)
