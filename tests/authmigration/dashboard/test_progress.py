"""The page: its numbers, who may see it, and what it costs."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from authmigration import counters, progress, registry, trail
from authmigration.errors import DeclarationError
from authmigration.models import Mismatch
from authmigration.progress import units
from authmigration.rollout import Stage, killing, writing
from monolith.accounts.models import User
from tests.authmigration import worlds
from tests.authmigration.dashboard.reading import counts, number, read
from tests.authmigration.progress.states import one_in_each_state

pytestmark = pytest.mark.django_db
PAGE = reverse("admin:authmigration_progress")
BY = trail.Authorship("test", "a test")


def as_json() -> dict:
    out = StringIO()
    call_command("authz_status", "--json", stdout=out)
    return json.loads(out.getvalue())


@pytest.fixture
def lively():
    """Some of everything that is counted."""
    one_in_each_state()
    other = worlds.school()
    for _ in range(3):
        worlds.enrol(worlds.user(), worlds.course(other))
    writing.write_stage("everyone", Stage.SHADOW, BY)
    writing.write_stage(f"unit:school:{other.pk}", Stage.ENFORCE, BY)
    counters.tally("checks", "equal", 1234567)
    counters.tally("checks", "lockout", 3)
    counters.flush(using="default")
    Mismatch.objects.create(
        fingerprint="a", kind="lockout", permission="a.b", context_type="course"
    )


def test_the_numbers_of_the_page_are_those_of_the_command(boss, lively):
    found, page = as_json(), read(boss.get(PAGE))

    users = page.one("table", id="users")
    shown = {**counts(users), "over_limit": number(users.one("td", data_over_limit=None))}
    assert shown == found["subjects"]
    for name, key in (("cohorts", "cohort"), ("units", "unit")):
        rows = {
            row.attributes["data-name"]: row for row in page.one(id=name).all("tr", data_name=None)
        }
        expected = {row[key]: row.get("counts") or row for row in found[name]}
        assert set(rows) == set(expected)
        for each, row in rows.items():
            assert counts(row).items() <= expected[each].items()
    for name, key in (("comparisons", "comparisons"), ("mismatches", "open_mismatches")):
        cells = page.one("table", id=name).all("td", data_name=None)
        assert {cell.attributes["data-name"]: number(cell) for cell in cells} == found[key]
    stages = {row.attributes["data-stage"]: row for row in page.all("tr", data_stage=None)}
    for each in found["stages"]:
        assert stages[each["stage"]].all("td")[0].text == (", ".join(each["admits"]) or "nobody")


def test_the_first_thing_on_the_page_is_the_state_in_one_sentence(boss, lively):
    (sentence,) = read(boss.get(PAGE)).all("p", role="status")

    assert sentence.text == progress.sentence(progress.status())


def test_each_bar_says_in_words_what_it_shows(boss, lively):
    bars = read(boss.get(PAGE)).all("svg", role="img")

    assert len(bars) == 1 + 2 + 2
    assert bars[0].attributes["aria-label"] == (
        "1 retired, 1 migrated, 1 stale, 1 failing, 1 quarantined, 5 unmigrated, of 10"
    )


def test_the_page_brings_neither_script_nor_style_of_its_own(boss, lively):
    page = read(boss.get(PAGE))
    content = page.one(id="content-main")

    assert content.all("script") == content.all("style") == []
    for element in content.all():
        assert not {name for name in element.attributes if name == "style" or name.startswith("on")}
    links = [link.attributes["href"] for link in page.all("link", rel="stylesheet")]
    assert "/static/authmigration/progress.css" in links


def test_an_escalation_is_not_to_be_missed(boss):
    assert b"open escalation" not in boss.get(PAGE).content

    Mismatch.objects.create(
        fingerprint="a", kind="escalation", permission="a.b", context_type="course"
    )

    assert "1 open escalation:" in read(boss.get(PAGE)).one("p", **{"class": "errornote"}).text


def test_tables_whose_changes_go_unseen_are_named_with_the_mend(boss):
    content = boss.get(PAGE).content.decode()

    assert "courses_enrolment (missing)" in content
    assert "manage.py authz_capture install" in content


@pytest.mark.parametrize(
    ("page", "shown"), [("1", 1), ("2", 2), ("99", 2), ("0", 1), ("x", 1), ("-1", 1), ("9" * 99, 1)]
)
def test_the_units_are_paged(boss, page, shown):
    for _ in range(units.PAGE + 1):
        worlds.school()

    content = boss.get(PAGE, {"page": page}).content.decode()

    assert f"Page {shown} of 2, {units.PAGE + 1} units" in content


def queries(client) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(PAGE).status_code == 200
    return len(captured)


def test_the_page_costs_the_same_for_many_users_and_units_as_for_some(boss):
    for _ in range(units.PAGE):
        worlds.school()
    writing.write_stage("everyone", Stage.SHADOW, BY)
    queries(boss)
    some = queries(boss)

    User.objects.bulk_create(User(username=f"bulk{number}") for number in range(300))
    for _ in range(units.PAGE * 2):
        worlds.school()

    assert queries(boss) == some


def test_only_those_see_the_page_whom_django_lets_see_the_states(browser):
    assert browser("view_subjectstate").get(PAGE).status_code == 200
    assert browser().get(PAGE).status_code == 403
    assert browser("view_assignment", "view_auditevent").get(PAGE).status_code == 403


def test_a_stranger_is_sent_to_the_log_in_page():
    for page in (PAGE, reverse("admin:authmigration_kill"), reverse("admin:authmigration_lift")):
        answer = Client().get(page)

        assert (answer.status_code, "/login/" in answer["Location"]) == (302, True)


def test_a_member_of_staff_without_the_right_to_kill_sees_no_form(browser):
    page = read(browser("view_subjectstate").get(PAGE))

    assert page.all("textarea") == []
    assert "needs the permission" in page.one(id="content-main").text


def test_with_broken_declarations_the_kill_switch_is_still_there(boss, monkeypatch):
    def broken() -> registry.Registry:
        raise DeclarationError(["role= is missing", "<script>"])

    monkeypatch.setattr(registry, "get", broken)

    page = read(boss.get(PAGE))

    assert "role= is missing" in page.one("ul", **{"class": "errorlist"}).text
    assert page.one("textarea", name="reason")
    assert page.one(id="content-main").all("script") == []


def test_whatever_somebody_wrote_as_a_reason_is_text(boss):
    killing.kill(actor="anna", reason="<script>alert(1)</script>")

    page = read(boss.get(PAGE))

    assert page.one(id="content-main").all("script") == []
    assert "<script>alert(1)</script>" in page.one("p", role="status").text
