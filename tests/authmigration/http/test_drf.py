"""DRF: actions name their permissions, and whatever is not named is denied."""

from types import SimpleNamespace

import pytest
from django.core.exceptions import ImproperlyConfigured
from rest_framework import generics, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory, force_authenticate
from rest_framework.views import APIView

from auth_lib import UnknownPermission
from authmigration import AuthzPermission, AuthzQuerysetMixin, Role, legacy
from authmigration.registry import Registry, _modules, override
from authmigration.testing import at_stage
from authmigration.uses import declared_uses
from monolith.courses.models import Course
from tests.authmigration.http.conftest import signed_in
from tests.authmigration.http.site import Courses, Serializer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def enforced():
    with at_stage("enforce"):
        yield


def call(view, who, method="get", **arguments):
    request = getattr(APIRequestFactory(), method)("/", {"title": "new"}, format="json")
    force_authenticate(request, who if who.is_authenticated else None)
    return view(request, **arguments)


class Reports(AuthzQuerysetMixin, viewsets.GenericViewSet):
    queryset = Course.objects.all()
    serializer_class = Serializer
    permission_classes = (AuthzPermission,)
    authz_permissions = {"list": "course.view", "totals": "course.edit", "publish": "course.edit"}

    def list(self, request, **_):
        return Response([course.pk for course in self.get_queryset()])

    @action(detail=False)
    def totals(self, request, **_):
        return Response("totals")

    @action(detail=True, methods=["post"])
    def publish(self, request, pk):
        return Response(self.get_object().pk)

    @action(detail=False)
    def forgotten(self, request):
        return Response("open to all")


def test_an_object_that_may_be_seen_but_not_changed_is_a_403(campus):
    class Editable(Courses):
        authz_permissions = {"list": "course.view", "partial_update": "course.edit"}

    view = Editable.as_view({"patch": "partial_update"})

    statuses = {
        name: call(view, campus[name], "patch", pk=campus.course.pk).status_code
        for name in ("owner", "student", "nobody")
    }

    assert statuses == {"owner": 200, "student": 403, "nobody": 404}
    assert Course.objects.get(pk=campus.course.pk).title == "new"


def test_an_action_that_names_no_permission_is_denied_with_an_error_that_says_so(campus):
    with pytest.raises(
        ImproperlyConfigured, match="no permission for 'forgotten', so it is denied"
    ):
        call(Reports.as_view({"get": "forgotten"}), campus["superuser"])


def test_a_view_that_names_no_permission_at_all_is_denied_with_an_error(campus):
    class Nameless(APIView):
        permission_classes = (AuthzPermission,)

        def get(self, request):
            return Response("open to all")

    with pytest.raises(ImproperlyConfigured, match="It names one for: nothing"):
        call(Nameless.as_view(), campus["superuser"])


def test_an_action_on_no_object_is_asked_about_the_platform(campus):
    view = Reports.as_view({"get": "totals"})

    assert call(view, campus["superuser"]).status_code == 200
    assert call(view, campus["owner"]).status_code == 403


def test_an_action_on_an_object_is_asked_about_it(campus):
    view = Reports.as_view({"post": "publish"}, detail=True)

    assert call(view, campus["owner"], "post", pk=campus.course.pk).status_code == 200
    assert call(view, campus["student"], "post", pk=campus.course.pk).status_code == 403


def test_a_view_says_in_what_something_is_created(campus):
    class Enrolling(generics.CreateAPIView):
        serializer_class = Serializer
        permission_classes = (AuthzPermission,)
        authz_permissions = {"post": "course.enrol"}

        def get_permission_object(self):
            return campus.course

        def create(self, request):
            return Response(status=201)

    assert call(Enrolling.as_view(), campus["owner"], "post").status_code == 201
    assert call(Enrolling.as_view(), campus["student"], "post").status_code == 403


def test_creating_needs_the_platform_where_the_view_does_not_say_in_what(campus):
    view = Courses.as_view({"post": "create"})

    assert call(view, campus["owner"], "post").status_code == 403


def test_an_unfiltered_list_needs_the_permission_on_the_platform(campus):
    class Unfiltered(generics.ListAPIView):
        queryset = Course.objects.order_by("pk")
        serializer_class = Serializer
        permission_classes = (AuthzPermission,)
        authz_permissions = "course.view"

    assert call(Unfiltered.as_view(), campus["superuser"]).status_code == 200
    assert call(Unfiltered.as_view(), campus["student"]).status_code == 403


def test_one_name_stands_for_every_method(campus):
    class Shown(generics.RetrieveUpdateAPIView):
        queryset = Course.objects.all()
        serializer_class = Serializer
        permission_classes = (AuthzPermission,)
        authz_permissions = "course.edit"

    view = Shown.as_view()
    for method in ("get", "head", "patch", "options"):
        assert call(view, campus["owner"], method, pk=campus.course.pk).status_code == 200
    for method in ("get", "head", "patch"):
        assert call(view, campus["teacher"], method, pk=campus.course.pk).status_code == 403


def test_a_view_without_actions_names_methods(campus):
    class Listed(AuthzQuerysetMixin, generics.ListAPIView):
        queryset = Course.objects.all()
        serializer_class = Serializer
        permission_classes = (AuthzPermission,)
        pagination_class = None
        authz_permissions = {"get": "course.edit"}

    rows = call(Listed.as_view(), campus["owner"]).data

    assert {row["id"] for row in rows} == {campus.course.pk, campus.other_course.pk}
    assert call(Listed.as_view(), campus["student"]).data == []


def test_a_method_that_the_view_lacks_is_a_405(campus):
    class Listed(AuthzQuerysetMixin, generics.ListAPIView):
        queryset = Course.objects.all()
        serializer_class = Serializer
        permission_classes = (AuthzPermission,)
        authz_permissions = {"get": "course.edit"}

    assert call(Listed.as_view(), campus["owner"], "delete").status_code == 405
    assert call(Reports.as_view({"get": "totals"}), campus["owner"], "post").status_code == 405


def test_metadata_is_denied_unless_it_is_named(campus):
    class Named(Reports):
        authz_permissions = {**Reports.authz_permissions, "metadata": "course.edit"}

    assert call(Reports.as_view({"get": "list"}), campus["superuser"], "options").status_code == 403
    assert call(Named.as_view({"get": "list"}), campus["superuser"], "options").status_code == 200


def test_a_stranger_is_asked_to_log_in(campus):
    response = call(Reports.as_view({"get": "totals"}), campus["anonymous"])

    assert response.data["detail"].code == "not_authenticated"


@pytest.mark.parametrize("name", ["list", "totals", "retrieve"])
def test_a_misspelt_permission_is_an_error_and_no_denial(campus, name):
    class Misspelt(Reports, Courses):
        authz_permissions = {**Reports.authz_permissions, name: "course.edti"}

    with pytest.raises(UnknownPermission, match=r"Did you mean 'course\.edit'"):
        call(Misspelt.as_view({"get": name}), campus["superuser"], pk=0)


def test_the_permissions_of_all_views_in_the_urlconf_are_known_before_any_request():
    where = "tests.authmigration.http.site.Courses"

    assert {use.permission for use in declared_uses() if use.where == where} == {
        "course.edit",
        "course.enrol",
    }


def test_what_the_old_check_raises_is_raised_as_before(campus):
    class Gone(Exception):
        status_code = 403

    @legacy.check("course.shelve")
    def may_archive(user, course):
        raise Gone

    class Archive(Courses):
        authz_permissions = {"list": "course.edit", "retrieve": "course.shelve"}

    declared = SimpleNamespace(
        check=may_archive, role=Role("archivist", on="course", can={"course.shelve"})
    )
    view = Archive.as_view({"get": "retrieve"})
    registry = Registry([*_modules(), declared])
    with override(registry), at_stage("off"), pytest.raises(Gone):
        call(view, campus["superuser"], pk=campus.course.pk)


def test_a_signed_in_browser_is_answered_too(campus):
    client = signed_in(campus["owner"])

    assert client.get(f"/api/courses/{campus.course.pk}/").json()["id"] == campus.course.pk
