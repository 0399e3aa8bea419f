"""Whichever way a view asks, the answer is that of ``check()``, in both worlds."""

import pytest

from authmigration import check, filter_queryset
from authmigration.testing import at_stage
from monolith.courses.models import Course
from tests.authmigration.http.conftest import signed_in
from tests.authmigration.http.site import PERMISSION

# Nobody anonymous: the old check of this permission takes for granted that somebody logged in.
PEOPLE = ("owner", "teacher", "student", "assistant", "principal", "superuser")
STAGES = ("off", "shadow", "enforce", "retired")
DOORS = {
    "decorator": "/decorated/{}/",
    "asynchronous decorator": "/decorated-later/{}/",
    "mixin": "/shown/{}/",
    "asynchronous mixin": "/shown-later/{}/",
}


def get(campus, name, url):
    return signed_in(campus[name]).get(url.format(campus.course.pk))


@pytest.fixture(params=STAGES)
def stage(request):
    with at_stage(request.param):
        yield request.param


def allowed(campus):
    return {name for name in PEOPLE if check(campus[name], PERMISSION, campus.course)}


def listed(campus, name):
    return {c.pk for c in filter_queryset(campus[name], PERMISSION, Course.objects.all())}


def test_the_matrix_has_both_answers_and_tells_the_worlds_apart(campus):
    with at_stage("off"):
        assert allowed(campus) == {"owner", "teacher", "principal", "superuser"}
    with at_stage("enforce"):
        assert allowed(campus) == {"owner", "principal", "superuser"}


@pytest.mark.parametrize("door", DOORS)
def test_a_guarded_view_answers_as_check_does(campus, stage, door):
    statuses = {name: get(campus, name, DOORS[door]).status_code for name in PEOPLE}

    may = allowed(campus)
    assert statuses == {name: 200 if name in may else 403 for name in PEOPLE}


def test_a_template_answers_as_check_does(campus, stage):
    shown = {name: get(campus, name, "/page/{}/").content.decode() for name in PEOPLE}

    may = allowed(campus)
    assert shown == {name: "can ifcan" if name in may else "else" for name in PEOPLE}


def test_an_api_shows_what_the_check_and_the_list_allow(campus, stage):
    statuses = {name: get(campus, name, "/api/courses/{}/").status_code for name in PEOPLE}

    may = allowed(campus)
    seen = {name for name in PEOPLE if campus.course.pk in listed(campus, name)}
    assert statuses == {name: 200 if name in may & seen else 404 for name in PEOPLE}


@pytest.mark.parametrize("url", ["/api/courses/", "/listed/"])
def test_a_list_shows_what_filter_queryset_does(campus, stage, url):
    shown = {name: get(campus, name, url).json() for name in PEOPLE}

    keys = {name: {row["id"] for row in rows} for name, rows in shown.items()}
    assert keys == {name: listed(campus, name) for name in PEOPLE}
    assert len(set(map(frozenset, keys.values()))) > 1
