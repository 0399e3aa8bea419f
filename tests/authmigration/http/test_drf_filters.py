"""The filter backend lists what ``filter_queryset`` does, and counts as having asked."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from rest_framework import generics, viewsets
from rest_framework.filters import OrderingFilter
from rest_framework.response import Response

from authmigration import AuthzFilterBackend, AuthzPermission, filter_queryset
from authmigration.testing import at_stage
from monolith.courses.models import Course
from tests.authmigration.http.site import Serializer
from tests.authmigration.http.test_drf import call

pytestmark = pytest.mark.django_db

PEOPLE = ("owner", "teacher", "student", "principal", "superuser", "nobody")


class Courses(viewsets.ModelViewSet):
    queryset = Course.objects.order_by("pk")
    serializer_class = Serializer
    permission_classes = (AuthzPermission,)
    filter_backends = (OrderingFilter, AuthzFilterBackend)
    pagination_class = None
    authz_permissions = {"list": "course.view", "retrieve": "course.view"}


class Listed(generics.ListAPIView):
    queryset = Course.objects.order_by("pk")
    serializer_class = Serializer
    permission_classes = (AuthzPermission,)
    filter_backends = (AuthzFilterBackend,)
    pagination_class = None
    authz_permissions = "course.view"


@pytest.mark.parametrize("stage", ["off", "shadow", "enforce", "retired"])
@pytest.mark.parametrize("view", [Courses.as_view({"get": "list"}), Listed.as_view()])
@pytest.mark.parametrize("name", PEOPLE)
def test_a_list_shows_what_filter_queryset_does(campus, stage, view, name):
    with at_stage(stage):
        shown = call(view, campus[name]).data
        may = filter_queryset(campus[name], "course.view", Course.objects.all())

        assert {row["id"] for row in shown} == {course.pk for course in may}


def test_an_object_that_may_not_be_seen_is_a_404(campus):
    view = Courses.as_view({"get": "retrieve"})

    with at_stage("enforce"):
        assert call(view, campus["owner"], pk=campus.course.pk).status_code == 200
        assert call(view, campus["nobody"], pk=campus.course.pk).status_code == 404


def test_a_list_that_never_came_by_the_filter_is_not_sent(campus):
    class Forgetful(Courses):
        def list(self, request, **_):
            return Response([course.pk for course in self.get_queryset()])

    with at_stage("enforce"), pytest.raises(ImproperlyConfigured, match="answered without asking"):
        call(Forgetful.as_view({"get": "list"}), campus["nobody"])


def test_a_view_that_names_no_permission_shows_nothing(campus):
    class Nameless(Listed):
        authz_permissions = None
        permission_classes = ()

    with at_stage("enforce"), pytest.raises(ImproperlyConfigured, match="names no permission"):
        call(Nameless.as_view(), campus["superuser"])
