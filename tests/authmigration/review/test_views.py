"""No view answers without having asked, whatever its URL and its methods are called."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import RequestFactory
from django.views.generic import CreateView
from rest_framework import generics, mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory, force_authenticate

from auth_lib import Context
from authmigration import AuthzPermission, AuthzQuerysetMixin, RequiresMixin
from authmigration.testing import at_stage
from monolith.courses.models import Course
from monolith.lectures.models import Lecture
from tests.authmigration import worlds

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def enforced_by_the_policy():
    with at_stage("enforce"):
        yield


class Serializer(serializers.ModelSerializer):
    class Meta:
        model = Course
        fields = ["id"]


class View(generics.GenericAPIView):
    permission_classes = (AuthzPermission,)
    authz_permissions = "course.enrol"
    queryset = Course.objects.all()
    serializer_class = Serializer
    pagination_class = None


def called(view, who, method="get", **url):
    request = getattr(APIRequestFactory(), method)("/", {}, format="json")
    force_authenticate(request, who)
    return view(request, **url).render()


@pytest.fixture
def principal(anna, school):
    worlds.staff(anna, school)
    return anna


class Below(View, generics.ListCreateAPIView):
    """Rows below something whose key is in the URL, under the name that a row's key would have."""

    made = 0

    def create(self, request, *args, **kwargs):
        type(self).made += 1
        return Response()


@pytest.mark.parametrize("method", ["get", "head", "post"])
def test_the_key_of_what_lies_above_is_not_that_of_a_row(anna, algebra, method):
    assert called(Below.as_view(), anna, method, pk=algebra.pk).status_code == 403
    assert Below.made == 0


class BelowSchool(Below):
    def get_permission_object(self):
        return Context("school", self.kwargs["pk"])


def test_a_view_says_what_lies_above(principal, school):
    assert called(BelowSchool.as_view(), principal, pk=school.pk).status_code == 200
    assert called(BelowSchool.as_view(), principal, pk=worlds.school().pk).status_code == 403


class Courses(mixins.ListModelMixin, mixins.RetrieveModelMixin, View, viewsets.GenericViewSet):
    @action(detail=False)
    def totals(self, request, pk):
        return Response("all of them")


@pytest.mark.parametrize("name", ["list", "totals"])
def test_an_action_on_no_row_is_asked_about_the_platform_whatever_its_url_holds(
    anna, algebra, name
):
    view = Courses.as_view({"get": name}, detail=False)
    assert called(view, anna, pk=algebra.pk).status_code == 403


def test_an_action_on_a_row_is_asked_about_it(principal, algebra, school):
    view = Courses.as_view({"get": "retrieve"}, detail=True)
    assert called(view, principal, pk=algebra.pk).status_code == 200
    elsewhere = worlds.course(worlds.school())
    assert called(view, principal, pk=elsewhere.pk).status_code == 403


class Forgetful(View, generics.RetrieveAPIView):
    def get(self, request, pk):
        return Response(Course.objects.get(pk=pk).title)


def test_an_answer_about_a_row_that_nobody_asked_about_is_not_sent(anna, algebra):
    with pytest.raises(ImproperlyConfigured, match=r"Forgetful answered without asking: .*get_obj"):
        called(Forgetful.as_view(), anna, pk=algebra.pk)


class ForgetfulList(AuthzQuerysetMixin, View):
    def get(self, request):
        return Response(list(Course.objects.values_list("pk", flat=True)))


def test_a_list_that_was_not_filtered_is_not_sent(anna, algebra):
    with pytest.raises(ImproperlyConfigured, match="ForgetfulList answered without asking"):
        called(ForgetfulList.as_view(), anna)


class Missing(View, generics.RetrieveAPIView):
    def get(self, request, pk):
        return Response(status=404)


def test_an_error_needs_no_asking(anna, algebra):
    assert called(Missing.as_view(), anna, pk=algebra.pk).status_code == 404


class Shown(View, generics.RetrieveAPIView):
    """Names one permission for all."""


def test_what_a_view_can_do_is_told_without_a_row(anna, algebra):
    assert called(Shown.as_view(), anna, "options", pk=algebra.pk).status_code == 200


class NewLecture(RequiresMixin, CreateView):
    model = Lecture
    fields = ("title",)
    permission = "lecture.edit"


class NewLectureBelow(NewLecture):
    def get_permission_object(self):
        return Context("course", self.kwargs["pk"])


def test_what_creates_something_has_no_object_of_its_own(algebra):
    """The lecture with the number of the course is another one, which the user may edit."""
    superuser = worlds.user(is_superuser=True)
    Lecture.objects.create(pk=algebra.pk, course=algebra, title="sets")
    request = RequestFactory().get("/")
    request.user = superuser
    with pytest.raises(ImproperlyConfigured, match="define get_permission_object"):
        NewLecture.as_view()(request, pk=algebra.pk)
    assert NewLectureBelow.as_view()(request, pk=algebra.pk).status_code == 200
