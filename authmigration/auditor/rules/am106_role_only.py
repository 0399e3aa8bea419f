"""AM106: a role without a context opens a row that others check further."""

from ..rule import SuspectRule


class RoleOnly(SuspectRule):
    """A role without a context opens a row that others check further.

    What it finds:
        A row behind a decorator or a permission that asks for a role alone, where other code that
        asks for the same kind of role compares the row with the requester too.

    Why it matters:
        The role says what somebody may do, not where. A teacher of any course acts on every course.

    What to write:
        Ask for the role in the context of the row: ``require(request.user, permission, row)``.
    """

    id = "AM106"
    title = "A role without a context opens a row that others check further"
    shape = "role"
    message = (
        "Any holder of a role reaches every {model}; elsewhere the row itself is checked as well."
    )
    bad = (
        """
from django.contrib.auth.decorators import login_required, permission_required
from django.db import models
from django.http import JsonResponse
from django.shortcuts import get_object_or_404


class Course(models.Model):
    owner = models.ForeignKey("auth.User", on_delete=models.CASCADE)


class Grade(models.Model):
    course = models.ForeignKey(Course, on_delete=models.CASCADE)


@permission_required("school.change_grade")
def checked(request, pk):
    course = get_object_or_404(Course, pk=pk)
    if course.owner != request.user:
        raise PermissionDenied
    return JsonResponse({"name": course.name})


@permission_required("school.change_course")
def course(request, pk):
    course = get_object_or_404(Course, pk=pk)
    course.delete()
    return JsonResponse({})
""",
    )
    good = (
        """
from django.contrib.auth.decorators import login_required, permission_required
from django.db import models
from django.http import JsonResponse
from django.shortcuts import get_object_or_404


class Course(models.Model):
    owner = models.ForeignKey("auth.User", on_delete=models.CASCADE)


class Grade(models.Model):
    course = models.ForeignKey(Course, on_delete=models.CASCADE)


@permission_required("school.change_course")
def course(request, pk):
    course = get_object_or_404(Course, pk=pk, owner=request.user)
    course.delete()
    return JsonResponse({})
""",
    )
