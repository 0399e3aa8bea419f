"""People to try the demo as."""

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from monolith.accounts.models import User

PEOPLE = 3


def examples() -> list[tuple[str, list[User]]]:
    """Return each role's name and the first few active users who hold it; no role without one."""
    active = User.objects.filter(is_active=True)
    found = [
        (role, list(active.filter(pk__in=holders.values("pk")).order_by("pk")[:PEOPLE]))
        for role, holders in _holders().items()
    ]
    return [(role, people) for role, people in found if people]


def _holders() -> dict[str, QuerySet[User]]:
    users = User.objects.all()
    teachers = users.filter(is_teacher=True)
    schools = Count("owned_courses__school", distinct=True)
    learning = Q(enrolments__kind=10, enrolments__status="active")
    return {
        "superuser": users.filter(is_superuser=True),
        "registrar": users.filter(groups__name="registrars"),
        "support": users.filter(groups__name="support"),
        "principal of a school": users.filter(person__positions__position="principal"),
        "secretary of a school": users.filter(person__positions__position="secretary"),
        "bursar of a school": users.filter(bursaries__deleted_at=None, bursaries__isnull=False),
        "teacher who owns courses": teachers.filter(owned_courses__isnull=False),
        "teacher at two schools": teachers.annotate(schools=schools).filter(schools__gt=1),
        "teacher without a course": teachers.filter(owned_courses=None),
        "teacher who learns on another course": teachers.filter(learning),
        "owner of a course without the teacher's flag": users.filter(
            is_teacher=False, owned_courses__isnull=False
        ),
        "assistant of a course": users.filter(assisted_courses__isnull=False),
        "moderator of a course": users.exclude(profile__moderated_courses=[]).filter(
            profile__isnull=False
        ),
        "mentor": users.filter(enrolments__kind=5, enrolments__status="active"),
        "guest auditor": users.filter(enrolments__kind=20, enrolments__status="active"),
        "learner": users.filter(learning, is_teacher=False),
        "learner whose access will end": users.filter(
            learning, enrolments__ends_at__gt=timezone.now()
        ),
        "withdrew from a course": users.filter(enrolments__status="withdrawn"),
    }
