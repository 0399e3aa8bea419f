"""A site that puts the same permission in front of every kind of view."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import engines
from django.urls import include, path
from django.views import View
from django.views.generic import DetailView, ListView
from rest_framework import serializers, viewsets
from rest_framework.routers import SimpleRouter

from authmigration import (
    AuthzPermission,
    AuthzQuerysetMixin,
    FilteredQuerysetMixin,
    RequiresMixin,
    end_view_as,
    requires,
)
from monolith.courses.models import Course

PERMISSION = "course.edit"


def said(*lines: object) -> HttpResponse:
    return HttpResponse(" ".join(map(str, lines)))


@requires(PERMISSION, Course, url="course_id", give="course")
def decorated(request: HttpRequest, course: Course) -> HttpResponse:
    return said("in", course.pk)


@requires(PERMISSION, Course, url="course_id")
async def decorated_later(request: HttpRequest, course_id: int) -> HttpResponse:
    return said("in", course_id)


class Shown(RequiresMixin, DetailView):
    model = Course
    permission = PERMISSION
    pk_url_kwarg = "course_id"

    def render_to_response(self, context: dict, **_: object) -> HttpResponse:
        return said("in", context["object"].pk)


class ShownLater(RequiresMixin, View):
    permission = PERMISSION

    def get_permission_object(self) -> str:
        return f"course:{self.kwargs['course_id']}"

    async def get(self, request: HttpRequest, course_id: int) -> HttpResponse:
        return said("in", course_id)


class Listed(FilteredQuerysetMixin, ListView):
    model = Course
    list_permission = PERMISSION
    ordering = "pk"

    def render_to_response(self, context: dict, **_: object) -> HttpResponse:
        rows = [{"id": course.pk} for course in context["object_list"]]
        return JsonResponse(rows, safe=False)


class Serializer(serializers.ModelSerializer):
    class Meta:
        model = Course
        fields = ("id", "title")


class Courses(AuthzQuerysetMixin, viewsets.ModelViewSet):
    queryset = Course.objects.order_by("pk")
    serializer_class = Serializer
    permission_classes = (AuthzPermission,)
    pagination_class = None
    authz_permissions = {
        "list": PERMISSION,
        "retrieve": PERMISSION,
        "partial_update": PERMISSION,
        "create": "course.enrol",
    }


TEMPLATE = """{% load authz %}
{% can "course.edit" course as may_edit %}{% if may_edit %}can{% endif %}
{% ifcan "course.edit" course %}ifcan{% else %}else{% endifcan %}
"""


def page(request: HttpRequest, course_id: int) -> HttpResponse:
    course = Course.objects.get(pk=course_id)
    text = engines["django"].from_string(TEMPLATE).render({"course": course}, request)
    return said(*text.split())


def denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponse(str(exception), status=403)


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponse(str(exception), status=404)


handler403 = denied
handler404 = missing
router = SimpleRouter()
router.register("courses", Courses)

urlpatterns = [
    path("decorated/<int:course_id>/", decorated),
    path("decorated-later/<int:course_id>/", decorated_later),
    path("shown/<int:course_id>/", Shown.as_view()),
    path("shown-later/<int:course_id>/", ShownLater.as_view()),
    path("listed/", Listed.as_view()),
    path("page/<int:course_id>/", page),
    path("view-as/end/", end_view_as),
    path("api/", include(router.urls)),
]
