"""Which courses a user gets to see: the one place where the old code asks all its role tables."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.utils import timezone

from monolith.accounts.models import Profile, User
from monolith.courses.models import Course, Enrolment
from monolith.schools.models import SchoolStaff


def my_courses(user: User) -> QuerySet[Course]:
    """Return the courses in which `user` teaches, assists, moderates or takes part, whatever as."""
    return Course.objects.filter(_takes_part(user))


def visible_courses(user: User | AnonymousUser) -> QuerySet[Course]:
    """Return the courses that `user` may open: the public ones, their own and their school's."""
    if user.is_superuser or user.groups.filter(name="registrars").exists():
        return Course.objects.all()
    public = Q(is_public=True)
    if not isinstance(user, User):
        return Course.objects.filter(public)
    schools = SchoolStaff.objects.filter(
        person__user=user, position__in=("principal", "secretary")
    ).values("school")
    return Course.objects.filter(public | Q(school__in=schools) | _takes_part(user))


def _takes_part(user: User) -> Q:
    now = timezone.now()
    enrolled = Enrolment.objects.filter(
        Q(ends_at=None) | Q(ends_at__gt=now), student=user, status="active"
    )
    assisted = Course.assistants.through.objects.filter(user=user)
    moderated = Profile.objects.filter(user=user).values_list("moderated_courses", flat=True)
    condition = (
        Q(pk__in=enrolled.values("course"))
        | Q(pk__in=assisted.values("course"))
        | Q(pk__in=moderated.first() or [])
    )
    return condition | Q(owner=user) if user.is_teacher else condition
