"""The gradebook service answers from the token, the policy and its own rows."""

import pytest

from auth_lib import Context, Freshness, NotConfigured, ViewedRole
from authmigration import registry
from services.gradebook.app import create

from .conftest import CLIENT, PAGE, Service

MAX = {"points": 100}


def held(**roles):
    """Roles in course 1 unless said otherwise: ``held(ta=["2"])``."""
    return {"course": roles}


def code_of(response):
    return response.status_code, response.json()["detail"]["code"]


def codes(response):
    assert response.status_code == 200, response.text
    return [course["code"] for course in response.json()["courses"]]


class TestReading:
    def test_whoever_is_known_reads_their_own_grades_and_no_others(self, service, issuer):
        found = service.ask("GET", "/grades", issuer.headers("12")).json()["grades"]

        assert [(grade["id"], grade["points"]) for grade in found] == [("32", 70), ("33", 80)]
        assert service.ask("GET", "/grades", issuer.headers("99")).json() == {"grades": []}

    @pytest.mark.parametrize("path", ["/grades", "/courses", "/courses/1/grades", "/openapi.json"])
    def test_without_a_token_nothing_is_told(self, service, path):
        response = service.ask("GET", path)

        assert code_of(response) == (401, "missing_token")
        assert response.headers["WWW-Authenticate"] == "Bearer"

    @pytest.mark.parametrize("role", ["teacher", "ta", "mentor"])
    def test_a_role_that_lists_grades_reads_those_of_its_course(self, service, issuer, role):
        headers = issuer.headers("5", roles=held(**{role: ["1"]}))

        found = service.ask("GET", "/courses/1/grades", headers).json()
        assert [grade["id"] for grade in found["grades"]] == ["31", "32"]
        assert found["course"]["title"] == "Algebra"
        assert code_of(service.ask("GET", "/courses/2/grades", headers)) == (403, "no_role")

    @pytest.mark.parametrize("role", ["student", "guest", "moderator", "assistant"])
    def test_another_role_does_not(self, service, issuer, role):
        headers = issuer.headers("5", roles=held(**{role: ["1"]}))

        assert code_of(service.ask("GET", "/courses/1/grades", headers)) == (403, "no_role")
        assert codes(service.ask("GET", "/courses", headers)) == []

    def test_nobody_without_a_role_learns_which_courses_there_are(self, service, issuer):
        answers = [
            code_of(service.ask("GET", f"/courses/{id_}/grades", issuer.headers("5")))
            for id_ in ("1", "999")
        ]

        assert answers == [(403, "no_role")] * 2

    def test_a_course_that_is_not_here_is_missing_to_who_may_read_it(self, service, issuer):
        headers = issuer.headers("5", roles=held(ta=["999"]))

        assert code_of(service.ask("GET", "/courses/999/grades", headers)) == (404, "not_found")

    @pytest.mark.parametrize("id_", ["%20", "%00", "1%20", "a" * 129])
    def test_what_is_no_id_is_no_500(self, service, issuer, id_):
        response = service.ask("GET", f"/courses/{id_}/grades", issuer.headers("5"))

        assert response.status_code in {404, 422}


class TestLists:
    def test_the_courses_are_those_whose_grades_may_be_listed(self, service, issuer):
        headers = issuer.headers("5", roles=held(ta=["1"], mentor=["3"], student=["2"]))

        response = service.ask("GET", "/courses", headers)
        assert codes(response) == ["ALG", "CHE"]
        assert [course["may_edit"] for course in response.json()["courses"]] == [True, False]
        assert response.json()["complete"] is True

    def test_a_role_on_the_platform_reaches_every_course(self, service, issuer):
        headers = issuer.headers("1", roles={"platform": {"superuser": ["-"]}})

        assert codes(service.ask("GET", "/courses", headers)) == ["ALG", "BIO", "CHE"]

    def test_a_refusal_of_the_school_that_the_row_names_counts_in_check_and_list(
        self, service, issuer
    ):
        roles = {"platform": {"superuser": ["-"]}}
        headers = issuer.headers("1", roles=roles, deny=["school:7"])

        assert codes(service.ask("GET", "/courses", headers)) == ["CHE"]
        assert code_of(service.ask("GET", "/courses/1/grades", headers)) == (403, "refused")

    def test_what_is_taken_from_a_role_above_in_one_course_is_not_listed(self, service, issuer):
        roles = {"platform": {"superuser": ["-"]}}
        viewed = ViewedRole("student", Context("course", "2"))
        barred = issuer.headers("1", roles=roles, deny=["course:1"])
        viewing = issuer.headers("1", roles=roles, viewed=viewed)

        assert codes(service.ask("GET", "/courses", barred)) == ["BIO", "CHE"]
        assert codes(service.ask("GET", "/courses", viewing)) == ["ALG", "CHE"]

    def test_a_token_that_was_cut_says_that_there_may_be_more(self, service, issuer):
        headers = issuer.headers("5", roles=held(ta=["1"]), truncated=frozenset({"course"}))

        assert service.ask("GET", "/courses", headers).json()["complete"] is False


class TestChanging:
    def test_who_may_edit_changes_points_and_comment_and_is_remembered(self, service, issuer, rows):
        headers = issuer.headers("5", roles=held(ta=["1"]))
        response = service.ask("PATCH", "/grades/31", headers, {"points": 61, "comment": "better"})

        assert (response.json()["points"], response.json()["comment"]) == (61, "better")
        assert rows("SELECT grade, points_before, points_after, by, role FROM change") == [
            ("31", 60, 61, "5", "ta")
        ]

    def test_the_comment_stays_where_only_points_are_sent(self, service, issuer):
        headers = issuer.headers("5", roles=held(teacher=["2"]))

        assert service.ask("PATCH", "/grades/33", headers, MAX).json()["comment"] == "neat"

    @pytest.mark.parametrize("roles", [held(mentor=["1"]), held(ta=["2"]), held(student=["1"]), {}])
    def test_nobody_else_does_not_even_the_student(self, service, issuer, rows, roles):
        headers = issuer.headers("11", roles=roles)

        assert code_of(service.ask("PATCH", "/grades/31", headers, MAX)) == (403, "no_role")
        assert rows("SELECT points FROM grade WHERE id = '31'") == [(60,)]

    def test_a_read_only_token_changes_nothing(self, service, issuer, rows):
        viewed = ViewedRole("student", Context("course", "3"))
        for others, code in (({"viewed": viewed}, "view_as_read_only"), ({"actor": "1"}, None)):
            headers = issuer.headers("5", roles=held(ta=["1"]), **others)
            answer = code_of(service.ask("PATCH", "/grades/31", headers, MAX))
            assert answer == (403, code or "acting_read_only")
        assert rows("SELECT points FROM grade WHERE id = '31'") == [(60,)]

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"points": 101},
            {"points": -1},
            {"points": "9"},
            {"points": True},
            {**MAX, "student": "1"},
        ],
    )
    def test_what_is_no_grade_is_refused(self, service, issuer, body):
        headers = issuer.headers("5", roles=held(ta=["1"]))

        assert service.ask("PATCH", "/grades/31", headers, body).status_code == 422

    def test_a_grade_that_is_not_there_is_missing(self, service, issuer):
        headers = issuer.headers("5", roles=held(ta=["1"]))

        assert code_of(service.ask("PATCH", "/grades/999", headers, MAX)) == (404, "not_found")


class Published:
    """What Redis would say."""

    def __init__(self, generation=None, renewed_from=0):
        self.known = Freshness(generation, renewed_from)

    def look(self, subject):
        return self.known

    def would_wait(self, subject):
        return False


def told(settings, issuer, *known):
    gate = issuer.gate(policy=registry.get().policy, generations=Published(*known))
    return Service(settings, gate)


class TestTellingClientsToRefresh:
    def test_an_answer_to_a_token_that_is_behind_stands_and_says_so(
        self, settings_of_service, issuer
    ):
        service = told(settings_of_service, issuer, 4)
        answer = service.ask("GET", "/grades", issuer.headers("11", generation=3))
        fresh = service.ask("GET", "/grades", issuer.headers("11", generation=4))

        assert (answer.status_code, answer.headers["X-Auth-Refresh"]) == (200, "behind")
        assert "X-Auth-Refresh" not in fresh.headers

    def test_a_denial_of_such_a_token_is_a_401_to_clients_that_refresh(
        self, settings_of_service, issuer
    ):
        service = told(settings_of_service, issuer, 4)
        headers = issuer.headers("11", generation=3)

        refreshing = service.ask("GET", "/courses/1/grades", {**headers, **CLIENT})
        assert code_of(refreshing) == (401, "behind")
        assert 'error="insufficient_claims"' in refreshing.headers["WWW-Authenticate"]
        assert code_of(service.ask("GET", "/courses/1/grades", headers)) == (403, "no_role")

    def test_a_context_that_was_cut_is_named(self, service, issuer):
        headers = issuer.headers("5", truncated=frozenset({"course"})) | CLIENT
        response = service.ask("GET", "/courses/1/grades", headers)

        assert code_of(response) == (401, "context_not_in_token")
        assert response.headers["WWW-Authenticate"].endswith('context="course:1"')

    def test_after_a_kill_older_tokens_are_renewed(self, settings_of_service, issuer):
        claims = issuer.claims("11")
        service = told(settings_of_service, issuer, None, claims.issued_at + 1)

        assert code_of(service.ask("GET", "/grades", issuer.headers("11"))) == (401, "stale")


class TestBrowsers:
    def test_the_page_may_ask_and_read_what_its_client_needs(self, service, issuer):
        asked = "authorization,x-auth-client,content-type"
        preflight = service.ask(
            "OPTIONS",
            "/grades/31",
            {
                "Origin": PAGE,
                "Access-Control-Request-Method": "PATCH",
                "Access-Control-Request-Headers": asked,
            },
        )
        assert preflight.status_code == 200
        assert preflight.headers["Access-Control-Allow-Origin"] == PAGE

        refused = service.ask("GET", "/grades", {"Origin": PAGE})
        assert refused.headers["Access-Control-Allow-Origin"] == PAGE
        exposed = refused.headers["Access-Control-Expose-Headers"].split(", ")
        assert {"WWW-Authenticate", "X-Auth-Refresh", "Retry-After"} <= set(exposed)

    def test_another_page_may_not(self, service, issuer):
        headers = {**issuer.headers("11"), "Origin": "https://other.example"}

        assert "Access-Control-Allow-Origin" not in service.ask("GET", "/grades", headers).headers


def test_it_says_whether_it_runs_to_whoever_asks(service):
    assert service.ask("GET", "/healthz").json() == {"status": "ok"}


def test_without_the_policy_it_does_not_start(settings_of_service, issuer):
    with pytest.raises(NotConfigured, match="authz_policy export"):
        create(settings_of_service, issuer.gate())
