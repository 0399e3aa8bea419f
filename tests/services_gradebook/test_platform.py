"""Platform and service together: its rows, its policy, its tokens, its news through Redis."""

import json

import pytest
from django.core.management import CommandError, call_command

from auth_lib import Key, KeySet, TokenVerifier, policy_document
from auth_lib.contrib.redis import RedisGenerations
from auth_lib.gates import Gate
from authmigration import assign, issue_tokens
from authmigration.tokens import options, publishing
from feature_flags.testing import override_flags
from monolith.courses.authz import TA
from monolith.gradebook.models import Exercise, Grade
from services.gradebook import database, loading
from services.gradebook.settings import Settings
from tests.authmigration import worlds

from .conftest import CLIENT, Service

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def enforced():
    with override_flags({"authz_tokens": True, "authz_shadow": True, "authz_enforce": True}):
        yield


@pytest.fixture
def school():
    return worlds.school()


@pytest.fixture
def algebra(school):
    return worlds.course(school)


@pytest.fixture
def biology(school):
    return worlds.course(school)


@pytest.fixture
def anna(algebra):
    anna = worlds.user(first_name="Anna", last_name="Lee")
    worlds.enrol(anna, algebra)
    return anna


@pytest.fixture
def graded(anna, algebra, biology):
    for course in (algebra, biology):
        exercise = Exercise.objects.create(course=course, title="Sheet 1")
        Grade.objects.create(exercise=exercise, student=anna, points=60)


@pytest.fixture
def taken_over(graded, tmp_path):
    """The database of a service that has loaded what the platform exports."""
    rows = tmp_path / "rows.jsonl"
    call_command("export_gradebook", str(rows))
    settings = Settings(tmp_path / "gradebook.sqlite3")
    database.prepare(settings.database)
    with database.opened(settings.database) as connection, rows.open() as file:
        loading.load(connection, file)
    return settings


def gate(policy, generations=None):
    given = options.get()
    (key,) = given.keys
    keys = KeySet([Key(key["algorithm"], key["key"])])
    verifier = TokenVerifier(issuer=given.issuer, audience="gradebook", keys=keys)
    return Gate(verifier, policy=policy, generations=generations)


@pytest.fixture
def policy(tmp_path):
    file = tmp_path / "policy.json"
    call_command("authz_policy", "export", "--output", str(file))
    return policy_document.loads(file.read_text())


@pytest.fixture
def generations(settings, redis_url, unique_name, monkeypatch):
    """A real Redis between the two, under names that no other test uses."""
    tokens = {**settings.AUTHMIGRATION["TOKENS"], "REDIS_URL": redis_url}
    settings.AUTHMIGRATION = {**settings.AUTHMIGRATION, "TOKENS": tokens}
    monkeypatch.setattr(publishing.publisher(), "_prefix", unique_name)
    return RedisGenerations.from_url(redis_url, prefix=unique_name)


def headers(user, rf):
    request = rf.post("/")
    request.user = user
    return {"Authorization": f"Bearer {issue_tokens(request).access_token}", **CLIENT}


def courses(service, headers):
    return [found["id"] for found in service.ask("GET", "/courses", headers).json()["courses"]]


def test_what_is_read_there_is_what_stood_in_the_platform(taken_over, policy, anna, rf):
    service = Service(taken_over, gate(policy))
    found = service.ask("GET", "/grades", headers(anna, rf)).json()["grades"]

    assert {grade["student"]["name"] for grade in found} == {"Anna Lee"}
    assert {grade["course"]["id"] for grade in found} == {
        str(grade.exercise.course_id) for grade in Grade.objects.select_related("exercise")
    }


def test_an_appointment_reaches_the_service_with_the_next_token(
    taken_over, policy, anna, biology, rf
):
    service = Service(taken_over, gate(policy))
    before = headers(anna, rf)
    assign(anna, TA, biology, actor="system", reason="helps")

    assert courses(service, before) == []
    assert courses(service, headers(anna, rf)) == [str(biology.pk)]


@pytest.mark.redis
def test_through_redis_the_next_answer_says_that_the_token_is_behind(
    taken_over, policy, anna, biology, rf, generations
):
    service = Service(taken_over, gate(policy, generations))
    before = headers(anna, rf)
    fresh = service.ask("GET", "/grades", before)
    assign(anna, TA, biology, actor="system", reason="helps")
    behind = service.ask("GET", "/grades", before)
    denied = service.ask("GET", f"/courses/{biology.pk}/grades", before)

    assert "X-Auth-Refresh" not in fresh.headers
    assert (behind.status_code, behind.headers["X-Auth-Refresh"]) == (200, "behind")
    assert denied.status_code == 401
    after = service.ask("GET", f"/courses/{biology.pk}/grades", headers(anna, rf))
    assert after.status_code == 200


class TestExport:
    def test_it_ends_with_the_number_of_its_rows(self, graded, tmp_path, capsys):
        call_command("export_gradebook", str(tmp_path / "rows.jsonl"))
        lines = (tmp_path / "rows.jsonl").read_text().splitlines()

        assert json.loads(lines[-1]) == {"end": len(lines) - 1}
        assert f"{len(lines) - 1} rows" in capsys.readouterr().out

    def test_where_nothing_can_be_written_it_says_so(self, tmp_path):
        with pytest.raises(CommandError, match="was not written"):
            call_command("export_gradebook", str(tmp_path / "missing" / "rows.jsonl"))
