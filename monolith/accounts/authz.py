"""The roles that hold on the whole platform, and where the old code keeps them."""

from django.db.models import Q

from authmigration import Role, legacy
from monolith.accounts.models import User

REGISTRAR = Role("registrar", can={"course.view", "course.enrol", "course.withdraw"})
SUPERUSER = Role(
    "superuser",
    can={
        "course.view",
        "course.edit",
        "course.enrol",
        "course.withdraw",
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
    },
)

REGISTRARS = legacy.table(
    User.groups.through, user="user", role=REGISTRAR, where=Q(group__name="registrars")
)
SUPERUSERS = legacy.table(
    User,
    user="pk",
    role=SUPERUSER,
    where=Q(is_superuser=True),
    write=legacy.write(on={"is_superuser": True}, off={"is_superuser": False}, insert=False),
)
