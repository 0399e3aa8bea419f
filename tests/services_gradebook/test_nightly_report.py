"""A nightly job calls the gradebook as a program of its own: both servers are real processes."""

import csv
import sqlite3
import subprocess
import sys
from contextlib import closing

import httpx
import pytest

from auth_lib import Key
from auth_lib.testing import Issuer
from authmigration_client import ProgramAuth
from monolith.settings import TOKEN_SECRET
from tests.services_gradebook.served import ROOT, served

pytestmark = pytest.mark.slow

WHY = ("--reason", "a test")
COURSES = """
SELECT course.id, course.code, course.owner_id FROM courses_course course
JOIN accounts_user owner ON owner.id = course.owner_id AND owner.is_teacher AND owner.is_active
JOIN gradebook_exercise exercise ON exercise.course_id = course.id
JOIN gradebook_grade grade ON grade.exercise_id = exercise.id
WHERE course.owner_id {which}
GROUP BY course.id ORDER BY course.id LIMIT 1
"""
GRADES = """
SELECT count(*) FROM gradebook_grade grade
JOIN gradebook_exercise exercise ON exercise.id = grade.exercise_id
WHERE exercise.course_id = {course}
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with served(tmp_path_factory.mktemp("served"), "") as place:
        yield place


@pytest.fixture(scope="module")
def course(site):
    return site.ask(COURSES.format(which="IS NOT NULL"))


@pytest.fixture(scope="module")
def elsewhere(site, course):
    return site.ask(COURSES.format(which=f"<> {course[2]}"))


def register(site, name, course, audience="gradebook"):
    said = site.manage("authz_service", "add", name, "--audience", audience, *WHY)
    site.manage("authz_assign", f"service:{name}", "ta", f"course:{course[0]}", *WHY)
    return said.splitlines()[0]


@pytest.fixture(scope="module")
def secret(site, course):
    return register(site, "nightly-report", course)


def report(site, *words, **variables):
    environment = {**site.environment, "PYTHONPATH": str(ROOT / "clients/python/src"), **variables}
    return subprocess.run(
        [sys.executable, "manage.py", "report_grades", *words],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def as_program(name, secret):
    return {"MONOLITH_GRADEBOOK_CLIENT": name, "MONOLITH_GRADEBOOK_SECRET": secret}


def courses_in(done):
    assert done.returncode == 0, done.stderr
    return {row["course"]: row for row in csv.DictReader(done.stdout.splitlines())}


def token_of(site, user):
    """Log in as a user does, and exchange the session as a page does."""
    with httpx.Client(base_url=site.url, headers={"Referer": site.url}) as browser:
        browser.post("/demo/login/", data={"user": str(user)})
        browser.get("/login/")
        csrf = {"X-CSRFToken": browser.cookies["csrftoken"]}
        return browser.post("/auth/session/", headers=csrf, json={}).json()["access_token"]


def test_the_job_reads_the_courses_of_its_roles_and_no_other(site, course, secret):
    done = report(site, **as_program("nightly-report", secret))

    assert set(courses_in(done)) == {course[1]}
    counted = sum(int(row["grades"]) for row in csv.DictReader(done.stdout.splitlines()))
    assert (counted,) == site.ask(GRADES.format(course=course[0]))


def test_a_change_bears_the_name_of_the_program(site, course, secret):
    auth = ProgramAuth(
        prefix=f"{site.url}/auth/",
        origins=[site.environment["MONOLITH_GRADEBOOK_URL"]],
        client_id="nightly-report",
        client_secret=secret,
    )
    with httpx.Client(auth=auth, base_url=site.environment["MONOLITH_GRADEBOOK_URL"]) as client:
        first = client.get(f"/courses/{course[0]}/grades").json()["grades"][0]
        points = 100 - first["points"] or 1
        changed = client.patch(f"/grades/{first['id']}", json={"points": points})

    assert changed.status_code == 200
    assert changed.json()["points"] == points
    assert last_change(site) == ("service:nightly-report", "ta")


def last_change(site):
    with closing(sqlite3.connect(site.folder / "gradebook.sqlite3")) as connection:
        return connection.execute("SELECT by, role FROM change ORDER BY rowid DESC").fetchone()


def test_a_call_for_a_user_has_the_roles_of_the_user_and_not_those_of_the_program(
    site, course, elsewhere, secret
):
    token = token_of(site, elsewhere[2])

    done = report(
        site,
        "--for-user",
        **as_program("nightly-report", secret),
        MONOLITH_GRADEBOOK_USER_TOKEN=token,
    )

    found = courses_in(done)
    assert elsewhere[1] in found
    assert course[1] not in found
    assert token not in done.stdout + done.stderr


@pytest.mark.parametrize("token", ["", "two\nlines", "a.b.c"])
def test_what_is_no_token_of_a_user_is_refused_in_one_line(site, token):
    done = report(site, "--for-user", MONOLITH_GRADEBOOK_USER_TOKEN=token)

    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "Traceback" not in done.stderr


def test_a_token_of_a_user_that_ended_is_not_prolonged_by_the_program(site, elsewhere, secret):
    issuer = Issuer(Key.from_secret(TOKEN_SECRET), issuer=site.url, audience="gradebook")
    token = issuer.token(str(elsewhere[2]), lifetime=-3600)

    done = report(
        site,
        "--for-user",
        **as_program("nightly-report", secret),
        MONOLITH_GRADEBOOK_USER_TOKEN=token,
    )

    assert done.returncode == 1
    assert "401 token_expired" in done.stderr


def test_a_token_for_another_service_is_refused_by_the_gradebook(site, course):
    secret = register(site, "for-another", course, audience="monolith")

    done = report(site, **as_program("for-another", secret))

    assert done.returncode == 1
    assert "The gradebook refused /courses: 401 wrong_audience." in done.stderr


def test_a_disabled_program_and_a_wrong_secret_get_the_same_refusal(site, course):
    secret = register(site, "disabled", course)
    assert report(site, **as_program("disabled", secret)).returncode == 0
    site.manage("authz_service", "disable", "disabled", *WHY)

    refused = [
        report(site, **as_program(name, given))
        for name, given in [("disabled", secret), ("nightly-report", secret), ("nobody", secret)]
    ]

    assert [done.returncode for done in refused] == [1, 1, 1]
    assert len({done.stderr for done in refused}) == 1
    assert "No token was issued: invalid_client." in refused[0].stderr


def test_without_a_secret_nothing_is_asked(site):
    done = report(site, **as_program("nightly-report", ""))

    assert done.returncode == 1
    assert "MONOLITH_GRADEBOOK_SECRET" in done.stderr


def test_the_secret_stands_in_no_output_no_log_and_no_database(site, secret):
    wrong = report(site, **as_program("nobody", secret))
    right = report(site, "--traceback", "-v3", **as_program("nightly-report", secret))

    assert secret not in f"{wrong.stdout}{wrong.stderr}{right.stdout}{right.stderr}"
    files = [path for path in site.folder.rglob("*") if path.is_file()]
    assert {"serve.log", "gradebook.log", "serve.sqlite3"} <= {path.name for path in files}
    assert [path for path in files if secret.encode() in path.read_bytes()] == []
