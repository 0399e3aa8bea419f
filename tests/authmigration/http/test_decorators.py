"""``@requires``: finds the object once, asks, and leaves the view what it is."""

import pytest
from asgiref.sync import iscoroutinefunction
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.test import RequestFactory
from django.utils.decorators import method_decorator
from django.views import View

from auth_lib import UnknownPermission
from authmigration import requires
from authmigration.testing import at_stage
from authmigration.uses import declared_uses
from monolith.courses.models import Course
from tests.authmigration.http.conftest import finished

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def enforced():
    with at_stage("enforce"):
        yield


def call(view, who, **arguments):
    request = RequestFactory().get("/")
    request.user = who
    return view(request, **arguments)


def echo(request, **arguments):
    return arguments


def test_the_view_gets_its_arguments_as_they_were(campus):
    view = requires("course.edit", Course, url="course_id")(echo)

    got = call(view, campus["owner"], course_id=campus.course.pk, page=2)

    assert got == {"course_id": campus.course.pk, "page": 2}


def test_the_object_is_loaded_once_and_handed_over_where_asked_for(campus):
    loads = []

    class Counted(QuerySet):
        def get(self, **lookup):
            loads.append(lookup)
            return super().get(**lookup)

    view = requires("course.edit", Counted(Course), url="course_id", give="course")(echo)

    got = call(view, campus["owner"], course_id=campus.course.pk, page=2)

    assert got == {"course": campus.course, "page": 2}
    assert loads == [{"pk": campus.course.pk}]


def test_an_object_may_be_named_by_another_field(campus):
    view = requires("course.edit", Course, by="code")(echo)

    assert call(view, campus["owner"], code=campus.course.code) == {"code": campus.course.code}
    with pytest.raises(PermissionDenied):
        call(view, campus["teacher"], code=campus.course.code)


def test_an_object_may_be_looked_up_in_a_queryset(campus):
    view = requires("course.edit", Course.objects.filter(archived=True))(echo)

    with pytest.raises(Http404):
        call(view, campus["owner"], pk=campus.course.pk)


@pytest.mark.parametrize("key", [0, "no-number", "9" * 40])
def test_an_object_that_does_not_exist_is_a_404(campus, key):
    view = requires("course.edit", Course)(echo)

    with pytest.raises(Http404):
        call(view, campus["owner"], pk=key)


def test_a_function_may_find_the_object(campus):
    view = requires(
        "lecture.edit", url=lambda request, number: campus.course.lectures.all()[number - 1]
    )(echo)

    assert call(view, campus["owner"], number=1) == {"number": 1}
    with pytest.raises(PermissionDenied):
        call(view, campus["student"], number=1)


def test_a_function_that_finds_nothing_means_nothing_and_never_the_platform(campus):
    view = requires("course.edit", url=lambda request: None)(echo)

    with pytest.raises(ValueError, match="None"):
        call(view, campus["superuser"])


def test_without_an_object_the_platform_is_asked_about(campus):
    view = requires("course.edit")(echo)

    assert call(view, campus["superuser"]) == {}
    with pytest.raises(PermissionDenied):
        call(view, campus["owner"])


def test_somebody_anonymous_is_denied(campus):
    view = requires("course.edit", Course)(echo)

    with pytest.raises(PermissionDenied):
        call(view, campus["anonymous"], pk=campus.course.pk)


@pytest.mark.parametrize("arguments", [{"pk": 0}, {}])
def test_a_misspelt_permission_is_an_error_and_no_denial(campus, arguments):
    view = requires("course.edti", Course)(echo)

    with pytest.raises(UnknownPermission, match=r"Did you mean 'course\.edit'"):
        call(view, campus["superuser"], **arguments)


def test_an_argument_that_the_url_lacks_is_named(campus):
    view = requires("course.edit", Course, url="course_id")(echo)

    with pytest.raises(ImproperlyConfigured, match="no argument 'course_id'; it has pk"):
        call(view, campus["owner"], pk=campus.course.pk)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"url": "course_id"}, "pass the model"),
        ({"model": Course, "url": lambda request: None}, "with a model, url= is the name"),
    ],
)
def test_arguments_that_contradict_each_other_are_refused_at_once(arguments, message):
    with pytest.raises(ImproperlyConfigured, match=message):
        requires("course.edit", **arguments)(echo)


def test_the_view_keeps_its_name_module_and_attributes():
    echo.csrf_exempt = True
    try:
        view = requires("course.edit")(echo)
    finally:
        del echo.csrf_exempt

    assert (view.__name__, view.__module__, view.__wrapped__) == ("echo", __name__, echo)
    assert view.csrf_exempt


def test_an_asynchronous_view_stays_one(campus):
    @requires("course.edit", Course, give="course")
    async def view(request, course):
        return HttpResponse(course.pk)

    assert iscoroutinefunction(view)


def test_a_misspelt_permission_of_an_asynchronous_view_is_an_error_too(campus):
    @requires("course.edti")
    async def view(request):
        return HttpResponse()

    with pytest.raises(UnknownPermission):
        finished(call(view, campus["superuser"]))


def test_it_decorates_methods_as_well(campus):
    class Page(View):
        @method_decorator(requires("course.edit", Course))
        def get(self, request, pk):
            return HttpResponse(pk)

    assert call(Page.as_view(), campus["owner"], pk=campus.course.pk).status_code == 200
    with pytest.raises(PermissionDenied):
        call(Page.as_view(), campus["student"], pk=campus.course.pk)


def test_its_permission_is_known_before_any_request():
    requires("course.edti")(echo)

    assert ("course.edti", f"{__name__}.echo") in declared_uses()
