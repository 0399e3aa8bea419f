"""What the legacy rows mean, read by hand: a second reading of the monolith, to check the first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Model
from django.utils import timezone

from auth_lib import PLATFORM, Context, HeldRoles, Policy, Role, decide, decide_role
from monolith.accounts.models import Profile, User
from monolith.courses.models import Course, Enrolment
from monolith.payments.models import Bursar
from monolith.schools.models import SchoolStaff

KINDS = {Enrolment.LEARNER: "student", Enrolment.MENTOR: "mentor", Enrolment.AUDITOR: "guest"}


class Held(NamedTuple):
    """A role that somebody holds now, or is barred by."""

    role: str
    context: Context
    refused: bool = False


def held(role: Role, where: Model, *, refused: bool = False) -> Held:
    """Return the role as held in an object."""
    return Held(role.name, Context(role.on, str(where.pk)), refused)


def legacy(who: User, *, with_guests: bool = True) -> set[Held]:
    """Return what somebody holds now by the legacy rows alone."""
    who = User.objects.get(pk=who.pk)
    found = set(_enrolments(who, with_guests=with_guests)) | set(_others(who))
    if who.is_superuser:
        found.add(Held("superuser", PLATFORM))
    if who.groups.filter(name="registrars").exists():
        found.add(Held("registrar", PLATFORM))
    return found


def _enrolments(who: User, *, with_guests: bool) -> Iterable[Held]:
    for row in Enrolment.objects.filter(student=who, status="active"):
        ended = row.ends_at is not None and row.ends_at <= timezone.now()
        unknown = row.kind == Enrolment.AUDITOR and not with_guests
        if not ended and not unknown:
            yield Held(KINDS[row.kind], Context("course", str(row.course_id)))


def _others(who: User) -> Iterable[Held]:
    if who.is_teacher:
        for course in Course.objects.filter(owner=who):
            yield Held("teacher", Context("course", str(course.pk)))
    for course in Course.objects.filter(assistants=who):
        yield Held("assistant", Context("course", str(course.pk)))
    for profile in Profile.objects.filter(user=who):
        for key in profile.moderated_courses:
            yield Held("moderator", Context("course", str(key)))
    for row in SchoolStaff.objects.filter(person__user=who).exclude(position="caretaker"):
        yield Held(row.position, Context("school", str(row.school_id)))
    for row in Bursar.with_those_who_left.filter(user=who, deleted_at=None):
        yield Held("bursar", Context("school", str(row.school_id)))


def held_roles(who: User, facts: Iterable[Held]) -> HeldRoles:
    """Return facts in the shape in which a decision reads them."""
    grants: dict[Context, set[str]] = {}
    refusals = set()
    for fact in facts:
        if fact.refused:
            refusals.add(fact.context)
        else:
            grants.setdefault(fact.context, set()).add(fact.role)
    frozen = {context: frozenset(roles) for context, roles in grants.items()}
    return HeldRoles(str(who.pk), frozen, frozenset(refusals))


def lineage(course: Course) -> tuple[Context, ...]:
    """Return the lineage of a course that was loaded a moment ago."""
    return (Context("course", str(course.pk)), Context("school", str(course.school_id)), PLATFORM)


def may(policy: Policy, held: HeldRoles, permission: str, course: Course) -> bool:
    where = lineage(course)
    is_open = where[:1] if course.is_public else ()
    return decide(policy, held, permission, where, open_here=is_open).allowed


def has(policy: Policy, held: HeldRoles, role: str, course: Course) -> bool:
    return decide_role(policy, held, role, lineage(course)).allowed
