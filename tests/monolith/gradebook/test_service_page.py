"""The page that is filled by the gradebook service."""

import pytest
from django.urls import reverse

PAGE = "/gradebook/"


@pytest.fixture
def page(platform):
    return lambda: platform.client("learner").get(PAGE)


def text_of(response):
    assert response.status_code == 200
    return response.content.decode()


def test_without_a_service_it_leads_to_the_old_page(page, settings):
    settings.GRADEBOOK_URL = ""

    found = text_of(page())
    assert "MONOLITH_GRADEBOOK_URL is empty" in found
    assert f'href="{reverse("my-grades")}"' in found


def test_without_the_token_client_it_says_how_to_have_it(page, settings):
    settings.GRADEBOOK_URL = "http://127.0.0.1:8001"
    settings.STATICFILES_DIRS = []

    found = text_of(page())
    assert "npm ci &amp;&amp; npm run build" in found
    assert "<script" not in found


def test_the_script_is_told_where_the_service_is(page, settings, tmp_path):
    (tmp_path / "index.js").write_text("")
    settings.GRADEBOOK_URL = "http://127.0.0.1:8001"
    settings.STATICFILES_DIRS = [("client", tmp_path)]

    response = page()
    found = text_of(response)
    assert '"http://127.0.0.1:8001"</script>' in found
    assert "gradebook/service.js" in found
    assert "csrftoken" in response.cookies


def test_no_grade_stands_on_it(page, platform, settings, tmp_path):
    (tmp_path / "index.js").write_text("")
    settings.GRADEBOOK_URL = "http://127.0.0.1:8001"
    settings.STATICFILES_DIRS = [("client", tmp_path)]

    assert platform.exercise.title not in text_of(page())
