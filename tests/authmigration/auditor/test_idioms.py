"""What makes a row safe, and what only looks as if it did."""

import pytest

from .trees import audit, rules_of

HEAD = """
from functools import wraps

from django.contrib.auth.decorators import login_required, user_passes_test
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpResponseForbidden
from django.shortcuts import get_object_or_404, render
from django.views.generic import DetailView
from rest_framework import viewsets
from rest_framework.decorators import action
from rest_framework.permissions import BasePermission
from rest_framework.response import Response

from authmigration import require


class Course(models.Model):
    owner = models.ForeignKey("auth.User", on_delete=models.CASCADE)

    def editable_by(self, user):
        return self.owner == user

    def figures(self):
        return {"owner": self.owner_id}


class GradeQuerySet(models.QuerySet):
    def of(self, user):
        return self.filter(course__owner=user)


class Grade(models.Model):
    course = models.ForeignKey(Course, on_delete=models.CASCADE)
    objects = GradeQuerySet.as_manager()

"""

SAFE = {
    "insisted on for everybody but its owner": """
def view(request, pk):
    course = get_object_or_404(Course, pk=pk)
    if course.owner != request.user:
        require(request.user, "course.view", course)
    return render(request, "c.html", {"course": course})
""",
    "compared in the view": """
def view(request, pk):
    course = get_object_or_404(Course, pk=pk)
    if course.owner != request.user:
        return HttpResponseForbidden()
    return render(request, "c.html", {"course": course})
""",
    "compared in a helper that raises": """
def insist(request, course):
    if not course.editable_by(request.user):
        raise PermissionDenied


def view(request, pk):
    course = get_object_or_404(Course, pk=pk)
    insist(request, course)
    return render(request, "c.html", {"course": course})
""",
    "returned by a helper that checked it": """
def mine(user, pk):
    course = Course.objects.get(pk=pk)
    if course.owner == user:
        return course
    raise Http404


def view(request, pk):
    return render(request, "c.html", {"course": mine(request.user, pk)})
""",
    "compared in a decorator of the tree": """
def owner_required(view):
    @wraps(view)
    def wrapper(request, pk, *args, **kwargs):
        course = get_object_or_404(Course, pk=pk)
        if course.owner != request.user:
            raise PermissionDenied
        return view(request, pk, *args, **kwargs)
    return wrapper


@owner_required
def view(request, pk):
    return render(request, "c.html", {"course": Course.objects.get(pk=pk)})
""",
    "limited by a method of the manager": """
def view(request, pk):
    return render(request, "g.html", {"grade": Grade.objects.of(request.user).get(pk=pk)})
""",
    "looked up through a row that was checked": """
def view(request, pk, grade_pk):
    course = get_object_or_404(Course, pk=pk, owner=request.user)
    return render(request, "g.html", {"grade": course.grade_set.get(pk=grade_pk)})
""",
    "tied to a checked row after it was fetched": """
def view(request, pk, grade_pk):
    course = get_object_or_404(Course, pk=pk, owner=request.user)
    grade = get_object_or_404(Grade, pk=grade_pk)
    if grade.course_id != course.pk:
        raise Http404
    return render(request, "g.html", {"grade": grade})
""",
    "checked on each of the ways that fetch it": """
def view(request, pk=None):
    course = None
    if pk:
        course = get_object_or_404(Course, pk=pk)
        if course.owner != request.user:
            raise PermissionDenied
    return render(request, "c.html", {"course": course})
""",
    "compared in dispatch": """
class View(DetailView):
    model = Course

    def dispatch(self, request, *args, **kwargs):
        if self.get_object().owner != request.user:
            return HttpResponseForbidden()
        return super().dispatch(request, *args, **kwargs)
""",
    "limited in get_queryset of a mixin": """
class Mine:
    def get_queryset(self):
        return super().get_queryset().filter(owner=self.request.user)


class View(Mine, DetailView):
    model = Course
""",
    "asked by a permission class through get_object": """
class IsOwner(BasePermission):
    def has_object_permission(self, request, view, obj):
        return obj.owner == request.user


class Courses(viewsets.ReadOnlyModelViewSet):
    queryset = Course.objects.all()
    permission_classes = [IsOwner]

    def list(self, request):
        return Response([])
""",
}

UNSAFE = {
    "shown by somebody else's function of a name of ours": """
from drawing import view_as


def view(request, pk):
    course = get_object_or_404(Course, pk=pk)
    view_as(request.user, "teacher", course)
    return render(request, "c.html", {"course": course})
""",
    "insisted on for others, and only on some days": """
def view(request, pk):
    course = get_object_or_404(Course, pk=pk)
    if course.owner != request.user:
        if request.GET.get("strict"):
            require(request.user, "course.view", course)
    return render(request, "c.html", {"course": course})
""",
    "a check whose branch does not end": """
def view(request, pk):
    course = get_object_or_404(Course, pk=pk)
    if course.owner != request.user:
        print("strange")
    return render(request, "c.html", {"course": course})
""",
    "a log-in alone": """
@login_required
def view(request, pk):
    return render(request, "c.html", {"course": Course.objects.get(pk=pk)})
""",
    "a limit by the owner that was fetched by the same id": """
def view(request, pk):
    course = Course.objects.get(pk=pk)
    return render(request, "c.html", {"courses": Course.objects.get(owner=course.owner, pk=pk)})
""",
    "the requester excluded instead of required": """
def view(request, pk):
    course = Course.objects.exclude(owner=request.user).get(pk=pk)
    return render(request, "c.html", {"course": course})
""",
    "a helper that looks and does not refuse": """
def note(request, course):
    if course.owner != request.user:
        print("strange")


def view(request, pk):
    course = get_object_or_404(Course, pk=pk)
    note(request, course)
    return render(request, "c.html", {"course": course})
""",
    "an action that passes get_object by": """
class IsOwner(BasePermission):
    def has_object_permission(self, request, view, obj):
        return obj.owner == request.user


class Courses(viewsets.GenericViewSet):
    queryset = Course.objects.all()
    permission_classes = [IsOwner]

    @action(detail=True)
    def figures(self, request, pk):
        return Response(Course.objects.get(pk=pk).figures())
""",
    "a form that is valid": """
def view(request, pk):
    course = get_object_or_404(Course, pk=pk)
    form = CourseForm(request.POST, instance=course)
    if form.is_valid():
        form.save()
    return render(request, "c.html", {"form": form})
""",
}


@pytest.mark.parametrize("code", SAFE.values(), ids=SAFE)
def test_a_row_is_safe_that_was(code):
    assert rules_of(HEAD + code) == []


@pytest.mark.parametrize("code", UNSAFE.values(), ids=UNSAFE)
def test_a_row_is_not_safe_for(code):
    found = rules_of(HEAD + code)

    assert found
    assert set(found) <= {"AM201", "AM302", "AM206"}


def test_an_id_whose_name_cannot_be_read_is_called_an_id():
    code = """
class CourseView(DetailView):
    kwarg = None

    def get_object(self):
        return Course.objects.get(pk=self.kwargs[self.kwarg])
"""
    assert "fetched by an id of the URL" in audit(HEAD + code)[0].message
