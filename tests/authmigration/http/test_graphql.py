"""The recipe for GraphQL: resolvers ask, lists are filtered, and rows cost nothing more."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from authmigration.testing import at_stage, with_role
from monolith.courses.authz import TEACHER
from tests.authmigration import worlds
from tests.authmigration.http.conftest import finished
from tests.authmigration.http.graphql_site import schema

pytestmark = pytest.mark.django_db

LIST = "{ courses { id mayEdit } }"
RENAME = 'mutation { rename(id: "%s", title: "new") { title } }'


@pytest.fixture(autouse=True)
def enforced():
    with at_stage("enforce"):
        yield


def run(text, who):
    return schema.execute_sync(text, context_value={"user": who})


def arun(text, who):
    return finished(schema.execute(text, context_value={"user": who}))


def test_a_list_holds_what_may_be_viewed_and_each_row_says_what_may_be_done(campus):
    found = run(LIST, campus["owner"]).data["courses"]

    assert {int(each["id"]) for each in found} == {campus.course.pk, campus.other_course.pk}
    assert all(each["mayEdit"] for each in found)
    assert run(LIST, campus["student"]).data["courses"] == [
        {"id": str(campus.course.pk), "mayEdit": False}
    ]
    assert run(LIST, campus["nobody"]).data["courses"] == []


def test_a_mutation_is_refused_and_changes_nothing(campus):
    refused = run(RENAME % campus.course.pk, campus["student"])

    assert "You may not rename" in refused.errors[0].message
    campus.course.refresh_from_db()
    assert campus.course.title != "new"
    assert run(RENAME % campus.course.pk, campus["owner"]).data == {"rename": {"title": "new"}}


def test_an_asynchronous_resolver_requires(campus):
    text = f'{{ lecture(id: "{campus.lecture.pk}") {{ title body }} }}'

    assert arun(text, campus["student"]).data["lecture"] == {"title": "L", "body": "text"}
    assert "lecture.view: denied" in arun(text, campus["nobody"]).errors[0].message


def test_many_rows_cost_as_many_queries_as_few(campus):
    def statements():
        with CaptureQueriesContext(connection) as queries:
            assert run(LIST, campus["owner"]).errors is None
        return [query["sql"] for query in queries]

    few = statements()
    school = campus.course.school
    for _ in range(20):
        worlds.course(school, owner=campus["owner"])
    many = statements()

    assert len(many) == len(few)
    assert sum("authmigration_assignment" in sql for sql in many) == 1


def test_operations_one_after_the_other_see_what_has_changed(campus):
    assert run(LIST, campus["nobody"]).data["courses"] == []
    with with_role(campus["nobody"], TEACHER, campus.course):
        assert len(run(LIST, campus["nobody"]).data["courses"]) == 1
