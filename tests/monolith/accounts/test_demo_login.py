import pytest
from django.test import Client
from django.urls import reverse

URL = "/demo/login/"


@pytest.fixture
def demo(settings):
    settings.DEMO_LOGIN = True


def test_it_does_not_exist_outside_a_demo(platform):
    assert Client().get(URL).status_code == 404
    assert Client().post(URL, {"user": platform["superuser"].pk}).status_code == 404


def test_one_post_without_a_token_logs_a_browser_in(platform, demo):
    client = Client(enforce_csrf_checks=True)
    response = client.post(URL, {"user": platform["learner"].pk, "next": "/grades/"})
    assert response.url == "/grades/"
    assert client.get("/grades/").context["user"] == platform["learner"]


def test_the_same_session_serves_the_api(platform, demo):
    client = Client(enforce_csrf_checks=True)
    client.post(URL, {"user": platform["learner"].pk})
    answer = client.get(reverse("api-course-list")).json()
    assert [course["code"] for course in answer["results"]] == ["ALG"]


def test_a_write_after_it_takes_the_token_that_came_with_the_log_in(platform, demo):
    client = Client(enforce_csrf_checks=True)
    client.post(URL, {"user": platform["moderator"].pk})
    url = reverse("lecture-discussion", args=[platform.lecture.pk])
    assert client.post(url).status_code == 403
    token = client.cookies["csrftoken"].value
    assert client.post(url, {"csrfmiddlewaretoken": token}).status_code == 302


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example", "", "javascript:1"])
def test_it_goes_home_instead_of_to_another_host(platform, demo, address):
    response = Client().post(URL, {"user": platform["learner"].pk, "next": address})
    assert response.url == "/"


@pytest.mark.parametrize("user", ["", "nobody", "-1", "999999", "1 OR 1=1"])
def test_a_user_that_does_not_exist_is_refused(platform, demo, user):
    assert Client().post(URL, {"user": user}).status_code == 400


def test_an_inactive_user_is_refused(platform, demo):
    type(platform["learner"]).objects.filter(username="learner").update(is_active=False)
    assert Client().post(URL, {"user": platform["learner"].pk}).status_code == 400


def test_the_page_offers_people_of_every_role(platform, demo):
    roles = dict(Client().get(URL).context["roles"])
    assert roles["teacher who owns courses"] == [platform["teacher"], platform["other_teacher"]]
    assert roles["teacher who learns on another course"] == [platform["teacher_who_learns"]]
    assert roles["bursar of a school"] == [platform["bursar"], platform["other_bursar"]]
    assert roles["moderator of a course"] == [platform["moderator"]]
    assert roles["registrar"] == [platform["registrar"]]
    assert "owner of a course without the teacher's flag" not in roles


def test_the_page_of_an_empty_platform_says_how_to_fill_it(db, demo):
    assert b"seed_platform" in Client().get(URL).content
