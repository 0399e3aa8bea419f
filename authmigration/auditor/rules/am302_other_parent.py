"""AM302: a context is authorised, and the row is not tied to it."""

from ..rule import SuspectRule


class OtherParent(SuspectRule):
    """A context is authorised, and the row is not tied to it.

    What it finds:
        A view that checks one row of the URL and fetches a second one by its own id, without
        asking that the second belongs to the first.

    Why it matters:
        A teacher of course 1 asks for ``/courses/1/grades/77`` where grade 77 is of course 2. This
        is the most frequent shape of published advisories.

    What to write:
        Look the second row up through the first: ``course.grades.get(pk=…)``.
    """

    id = "AM302"
    title = "A context is authorised, and the row is not tied to it"
    shape = "child"
    message = (
        "{context} is authorised, but the {model} that {sent} selects may belong to another one."
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


@login_required
def grade(request, course_id, grade_id):
    course = get_object_or_404(Course, pk=course_id)
    if course.owner != request.user:
        raise PermissionDenied
    grade = get_object_or_404(Grade, pk=grade_id)
    return JsonResponse({"points": grade.points})
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


@login_required
def grade(request, course_id, grade_id):
    course = get_object_or_404(Course, pk=course_id)
    if course.owner != request.user:
        raise PermissionDenied
    grade = get_object_or_404(Grade, pk=grade_id, course=course)
    return JsonResponse({"points": grade.points})
""",
    )
