"""Mixins: a permission on the view's object, and a list of what may be seen."""

import pytest
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import Http404, HttpResponse
from django.test import RequestFactory
from django.views import View
from django.views.generic import DetailView, ListView, TemplateView, UpdateView

from auth_lib import PLATFORM, UnknownPermission
from authmigration import FilteredQuerysetMixin, RequiresMixin
from authmigration.testing import at_stage
from authmigration.uses import declared_uses
from monolith.courses.models import Course
from tests.authmigration.http.conftest import finished

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def enforced():
    with at_stage("enforce"):
        yield


def call(view, who, method="get", **arguments):
    request = getattr(RequestFactory(), method)("/", {"title": "new"})
    request.user = who
    return view.as_view()(request, **arguments)


class Shown(RequiresMixin, DetailView):
    model = Course
    permission = "course.edit"

    def render_to_response(self, context):
        return HttpResponse(context["object"].pk)


class Changed(RequiresMixin, UpdateView):
    model = Course
    fields = ("title",)
    permission = "course.edit"
    success_url = "/"


def test_the_object_is_loaded_once_for_the_permission_and_the_view(campus):
    loads = []

    class Counted(Shown):
        def get_queryset(self):
            loads.append(1)
            return super().get_queryset()

    call(Counted, campus["owner"], pk=campus.course.pk)
    assert loads == [1]


def test_nothing_is_changed_by_somebody_who_may_not(campus):
    with pytest.raises(PermissionDenied):
        call(Changed, campus["teacher"], "post", pk=campus.course.pk)

    assert Course.objects.get(pk=campus.course.pk).title == campus.course.title

    call(Changed, campus["owner"], "post", pk=campus.course.pk)
    assert Course.objects.get(pk=campus.course.pk).title == "new"


def test_a_view_may_say_what_the_permission_is_asked_for(campus):
    class Lecture(RequiresMixin, View):
        permission = "lecture.edit"

        def get_permission_object(self):
            return campus.lecture

        def get(self, request):
            return HttpResponse()

    assert call(Lecture, campus["assistant"]).status_code == 200
    with pytest.raises(PermissionDenied):
        call(Lecture, campus["student"])


def test_a_view_that_finds_its_object_itself_is_asked_for_it(campus):
    class Own(RequiresMixin, TemplateView):
        permission = "course.edit"

        def get_object(self):
            return campus.course

        def get(self, request):
            return HttpResponse()

    assert call(Own, campus["owner"]).status_code == 200
    with pytest.raises(PermissionDenied):
        call(Own, campus["teacher"])


def test_a_view_without_an_object_has_to_name_one(campus):
    class Page(RequiresMixin, TemplateView):
        permission = "course.edit"

    with pytest.raises(ImproperlyConfigured, match=r"Page has no object; define get_permission"):
        call(Page, campus["superuser"])


def test_the_platform_is_asked_about_where_the_view_says_so(campus):
    class Page(RequiresMixin, View):
        permission = "course.edit"

        def get_permission_object(self):
            return PLATFORM

        def get(self, request):
            return HttpResponse()

    assert call(Page, campus["superuser"]).status_code == 200
    with pytest.raises(PermissionDenied):
        call(Page, campus["owner"])


def test_a_misspelt_permission_is_an_error_and_no_denial(campus):
    class Misspelt(Shown):
        permission = "course.edti"

    class MisspeltList(FilteredQuerysetMixin, ListView):
        model = Course
        list_permission = "course.edti"

    for view in (Misspelt, MisspeltList):
        with pytest.raises(UnknownPermission, match=r"Did you mean 'course\.edit'"):
            call(view, campus["superuser"], pk=0)
    named = {use.permission for use in declared_uses()}
    assert "course.edti" in named


def test_an_asynchronous_view_with_a_misspelt_permission_is_an_error_too(campus):
    class Later(RequiresMixin, View):
        permission = "course.edti"

        async def get(self, request):
            return HttpResponse()

    with pytest.raises(UnknownPermission):
        finished(call(Later, campus["superuser"]))


def test_a_view_that_names_no_permission_is_told_so(campus):
    class Nameless(RequiresMixin, DetailView):
        model = Course

    with pytest.raises(ImproperlyConfigured, match=r'set permission = "noun\.verb"'):
        call(Nameless, campus["superuser"], pk=campus.course.pk)


def test_what_may_not_be_seen_is_missing_from_a_detail_view_too(campus):
    class Seen(FilteredQuerysetMixin, DetailView):
        model = Course
        list_permission = "course.view"

        def render_to_response(self, context):
            return HttpResponse(context["object"].pk)

    assert call(Seen, campus["student"], pk=campus.course.pk).status_code == 200
    with pytest.raises(Http404):
        call(Seen, campus["nobody"], pk=campus.course.pk)
