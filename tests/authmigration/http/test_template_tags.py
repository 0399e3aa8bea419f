"""``{% can %}`` and ``{% ifcan %}``: what a page shows depends on who reads it."""

import pytest
from django.http import HttpRequest
from django.template import TemplateSyntaxError, engines

from auth_lib import InvalidContext, UnknownPermission
from authmigration.testing import at_stage
from authmigration.uses import declared_uses

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def enforced():
    with at_stage("enforce"):
        yield


def read(text):
    return engines["django"].from_string("{% load authz %}" + text)


def shown(text, who=None, **context):
    request = HttpRequest()
    request.user = who
    return read(text).render(context, request if who is not None else None)


def test_a_decision_is_put_into_a_variable(campus):
    text = '{% can "course.edit" course as may %}{{ may.allowed }} {{ may.reason }}'

    assert shown(text, campus["owner"], course=campus.course) == "True role"
    assert shown(text, campus["student"], course=campus.course) == "False no_role"


def test_ifcan_has_two_branches(campus):
    text = '{% ifcan "course.edit" course %}edit{% else %}read{% endifcan %}'

    assert shown(text, campus["owner"], course=campus.course) == "edit"
    assert shown(text, campus["student"], course=campus.course) == "read"


def test_ifcan_needs_no_else(campus):
    text = '{% ifcan "course.edit" course %}edit{% endifcan %}'

    assert shown(text, campus["student"], course=campus.course) == ""


def test_without_an_object_the_platform_is_asked_about(campus):
    text = '{% ifcan "course.edit" %}everywhere{% endifcan %}'

    assert shown(text, campus["superuser"]) == "everywhere"
    assert shown(text, campus["owner"]) == ""


def test_another_than_the_reader_may_be_asked_about(campus):
    text = '{% ifcan "course.edit" course for other %}edit{% endifcan %}'
    text += '{% can "course.edit" course for other as may %}{{ may.allowed }}'

    told = shown(text, campus["student"], course=campus.course, other=campus["owner"])

    assert told == "editTrue"


def test_a_template_without_a_request_asks_for_its_user_variable(campus):
    text = '{% ifcan "course.edit" course %}edit{% endifcan %}'

    assert shown(text, course=campus.course, user=campus["owner"]) == "edit"


def test_a_template_that_does_not_know_its_reader_says_so(campus):
    with pytest.raises(TemplateSyntaxError, match="does not know who reads it"):
        shown('{% ifcan "course.edit" course %}{% endifcan %}', course=campus.course)


def test_an_object_that_is_missing_from_the_page_is_an_error_and_never_the_platform(campus):
    with pytest.raises(InvalidContext):
        shown('{% ifcan "course.edit" corse %}edit{% endifcan %}', campus["superuser"])


@pytest.mark.parametrize(
    "text",
    [
        '{% if never %}{% can "course.edti" course as may %}{% endif %}',
        '{% if never %}{% ifcan "course.edti" course %}{% endifcan %}{% endif %}',
    ],
)
def test_a_misspelt_permission_is_an_error_when_the_template_is_read(text):
    with pytest.raises(UnknownPermission, match=r"Did you mean 'course\.edit'"):
        read(text)


def test_a_misspelt_permission_in_a_variable_is_an_error_when_it_is_asked(campus):
    with pytest.raises(UnknownPermission):
        shown(
            "{% ifcan name course %}{% endifcan %}",
            campus["superuser"],
            course=campus.course,
            name="course.edti",
        )


@pytest.mark.parametrize(
    "text",
    [
        '{% can "course.edit" course %}',
        "{% can %}",
        '{% can "course.edit" course as %}',
        '{% can "course.edit" course extra as may %}',
        "{% ifcan %}{% endifcan %}",
        '{% ifcan "course.edit" course extra %}{% endifcan %}',
    ],
)
def test_a_tag_that_cannot_be_read_says_how_to_write_it(text):
    with pytest.raises(TemplateSyntaxError, match=r'Write \{% (if)?can "noun\.verb" \[object\]'):
        read(text)


def test_its_permission_is_known_with_the_line_once_the_template_is_read():
    read('\n\n{% ifcan "course.edit" course %}{% endifcan %}')

    assert ("course.edit", "<unknown source>:3") in declared_uses()
