"""``may`` in a template: by noun and verb, when it is used, and never silent about a mistake."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.template import engines
from django.template.backends.django import DjangoTemplates
from django.test import Client, RequestFactory

from auth_lib import UnknownPermission
from authmigration import May, check
from authmigration.testing import at_stage, with_role
from monolith.accounts.authz import REGISTRAR
from tests.authmigration.http.conftest import signed_in

pytestmark = pytest.mark.django_db

PROCESSOR = "authmigration.http.context_processors.may"
PEOPLE = ("owner", "teacher", "student", "principal", "superuser")


@pytest.fixture(scope="module")
def engine():
    options = {"context_processors": [PROCESSOR]}
    return DjangoTemplates({"NAME": "may", "DIRS": [], "APP_DIRS": False, "OPTIONS": options})


@pytest.fixture
def rendered(engine):
    def do(text, who, **context):
        request = RequestFactory().get("/")
        request.user = who
        given = {name: May(request, what) for name, what in context.items()}
        return engine.from_string(text).render(given, request)

    return do


@pytest.mark.parametrize("stage", ["off", "shadow", "enforce", "retired"])
@pytest.mark.parametrize("name", PEOPLE)
def test_on_an_object_it_says_what_a_check_does(campus, rendered, stage, name):
    with at_stage(stage):
        shown = rendered(
            "{% if here.course.edit %}may{% endif %}", campus[name], here=campus.course
        )

        assert (shown == "may") is check(campus[name], "course.edit", campus.course).allowed


def test_without_an_object_the_platform_is_asked_about(campus, rendered):
    text = "{% if may.course.enrol %}may{% else %}not{% endif %}"

    with at_stage("enforce"), with_role(campus["nobody"], REGISTRAR):
        assert rendered(text, campus["nobody"]) == "may"
        assert rendered(text, campus["principal"]) == "not"


def test_it_can_be_called_where_templates_call(campus):
    request = RequestFactory().get("/")
    request.user = campus["owner"]

    with at_stage("enforce"):
        assert May(request)("course.edit", campus.course)
        assert not May(request)("course.edit")


def test_a_template_that_does_not_ask_costs_nothing(campus, rendered, no_database):
    class Unloaded:
        def __getattr__(self, name):
            raise AssertionError(name)

    with no_database():
        assert rendered("text", Unloaded()) == "text"


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("{% if may.course.edti %}{% endif %}", UnknownPermission),
        ("{{ may.course.edti }}", UnknownPermission),
        ("{% if may.corse.edit %}{% endif %}", UnknownPermission),
        ("{% if may.course %}{% endif %}", ImproperlyConfigured),
        ("{% if may %}{% endif %}", ImproperlyConfigured),
        ("{% for each in may %}{% endfor %}", ImproperlyConfigured),
        ("{% for each in may.course %}{% endfor %}", ImproperlyConfigured),
    ],
)
def test_a_mistake_is_an_error(campus, rendered, text, error):
    with at_stage("enforce"), pytest.raises(error):
        rendered(text, campus["superuser"])


@pytest.mark.parametrize(
    "test",
    ["not may.course.edti", "may.course.edti and 1", "1 and may.course.edti", "'x' in may.course"],
)
def test_a_mistake_that_django_swallows_fails_the_request_all_the_same(campus, serve, test):
    text = f"{{% if {test} %}}locked{{% else %}}secret{{% endif %}}"

    def view(request):
        page = engines["django"].from_string(text).render({"may": May(request)}, request)
        return HttpResponse(page)

    serve(view)

    with at_stage("enforce"), pytest.raises((UnknownPermission, ImproperlyConfigured)):
        signed_in(campus["nobody"]).get("/")


def test_an_old_check_that_fails_behind_not_opens_nothing(campus, serve):
    text = "{% if not here.course.edit %}locked{% else %}secret{% endif %}"

    def view(request):
        page = engines["django"].from_string(text).render({"here": May(request, campus.course)})
        return HttpResponse(page)

    serve(view)

    with at_stage("off"), pytest.raises(AttributeError, match="is_teacher"):
        Client().get("/")
