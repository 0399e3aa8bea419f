"""The whole story in a real Chromium: platform, service, Redis, two people at two machines.

SCREENSHOTS=docs/images keeps the pictures that the documents show.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.clients import node
from tests.services import browser, redis_server
from tests.services.closing import reason_to_skip
from tests.services.processes import listens

from .served import served

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not browser.available(), reason=reason_to_skip(browser)),
    pytest.mark.skipif(not node.available(), reason=reason_to_skip(node)),
    pytest.mark.skipif(not redis_server.available(), reason=reason_to_skip(redis_server)),
]
# A poll of the page, a second in which a service remembers, the client's own pause.
SOON = 20_000
LEARNER = """
SELECT place.student_id FROM courses_enrolment place
JOIN accounts_user user ON user.id = place.student_id
JOIN gradebook_grade grade ON grade.student_id = user.id
WHERE place.status = 'active' AND place.kind = 10 AND place.ends_at IS NULL
    AND user.is_active AND NOT user.is_teacher
ORDER BY place.student_id LIMIT 1
"""
COURSE = """
SELECT course.id, course.owner_id FROM courses_course course
JOIN accounts_user owner ON owner.id = course.owner_id AND owner.is_teacher AND owner.is_active
JOIN gradebook_exercise exercise ON exercise.course_id = course.id
JOIN gradebook_grade grade ON grade.exercise_id = exercise.id
WHERE course.id NOT IN (SELECT course_id FROM courses_enrolment WHERE student_id = {learner})
ORDER BY course.id LIMIT 1
"""


@dataclass
class People:
    learner: int
    course: int
    teacher: int


@pytest.fixture(scope="module")
def redis_of_its_own():
    # Ids of users are keys there: those of another run would be newer than ours.
    with redis_server.started() as url:
        yield url


@pytest.fixture(scope="module")
def site(tmp_path_factory, redis_of_its_own):
    with served(tmp_path_factory.mktemp("served"), redis_of_its_own) as place:
        yield place
    assert not listens(place.port)
    assert not listens(place.gradebook_port), "the service outlived the platform"


@pytest.fixture(scope="module")
def people(site):
    (learner,) = site.ask(LEARNER)
    return People(learner, *site.ask(COURSE.format(learner=learner)))


@pytest.fixture(scope="module")
def chromium():
    with browser.started() as found:
        yield found


@pytest.fixture
def at_a_machine(chromium, site):
    """Sit down at a machine of one's own and log in; return the page."""
    contexts = []

    def sit(user):
        context = chromium.new_context(viewport={"width": 1000, "height": 760})
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{site.url}/demo/login/")
        # The page has buttons for a few; anybody can be anybody.
        page.evaluate("id => document.querySelector('main button').value = id", str(user))
        page.locator("main button").first.click()
        page.wait_for_url(f"{site.url}/")
        return page

    yield sit
    for context in contexts:
        context.close()


@pytest.fixture
def expect():
    from playwright.sync_api import expect

    return expect


def keep(page, name):
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png")


def log_ins(page):
    """Follow what a page asks for; return what tells the log-ins among it."""
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    return lambda: [url for url in asked if "login" in url]


def appoint(page, site, people):
    page.goto(f"{site.url}/courses/{people.course}/staff/")
    page.fill("#user", str(people.learner))
    page.select_option("#role", "ta")
    keep(page, "service-appointing")
    page.get_by_role("button", name="Appoint").click()
    page.get_by_text("is teaching assistant on").wait_for()


def test_an_appointment_appears_by_itself_and_a_kill_takes_it_without_signing_anybody_out(
    site, people, at_a_machine, expect
):
    page = at_a_machine(people.learner)
    page.goto(f"{site.url}/gradebook/")
    mine, course = page.locator("#mine tr"), page.locator(f"[data-course='{people.course}']")
    expect(mine.nth(1)).to_be_visible()
    expect(page.locator("#courses")).to_have_text("None.")
    graded = mine.count()
    keep(page, "service-student")
    page.evaluate("window.sameDocument = true")
    asked = log_ins(page)

    appoint(at_a_machine(people.teacher), site, people)
    expect(course).to_be_visible(timeout=SOON)
    expect(page.locator("#events")).to_contain_text("refreshed: behind")

    course.click()
    grades = page.locator("#course tr")
    expect(grades.nth(1)).to_be_visible()
    keep(page, "service-assistant")
    page.once("dialog", lambda dialog: dialog.accept("7"))
    grades.nth(1).get_by_text("Change").click()
    expect(grades.nth(1).locator(".number")).to_have_text("7")

    site.manage("authz_kill", "on", "--reason", "a drill")
    expect(course).to_have_count(0, timeout=SOON)
    expect(page.locator("#courses")).to_have_text("None.")
    expect(page.locator("#state")).to_be_hidden(timeout=SOON)
    assert mine.count() == graded
    keep(page, "service-killed")

    site.manage("authz_kill", "off", "--reason", "the drill is over")
    expect(course).to_be_visible(timeout=SOON)
    assert page.evaluate("window.sameDocument") is True
    assert asked() == []
    page.goto(f"{site.url}/")
    assert page.url == f"{site.url}/"


def test_where_tokens_are_off_none_is_issued_and_the_session_works_as_before(
    site, people, at_a_machine, expect
):
    site.manage("authz_tokens", "everyone", "off", "--reason", "a drill")
    try:
        page = at_a_machine(people.learner)
        answers = []
        page.on("response", lambda response: answers.append((response.url, response.status)))
        page.goto(f"{site.url}/gradebook/")
        expect(page.locator("#state")).to_contain_text("Tokens are off for you")
        keep(page, "service-tokens-off")
        issued = [status for url, status in answers if re.search("/auth/(session|refresh)/", url)]
        assert issued[-1] == 409
        assert 200 not in issued
        assert all(each["name"] != "authz_refresh" for each in page.context.cookies())

        page.goto(f"{site.url}/grades/")
        assert page.locator("main tr").count() > 1
    finally:
        site.manage("authz_tokens", "everyone", "on", "--reason", "the drill is over")
