"""The kill switch on the page: a reason, a confirmation, a record."""

from pathlib import Path

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from authmigration import trail
from authmigration.models import AuditEvent, SubjectState
from authmigration.rollout import Stage, killing, stage_of, writing
from authmigration.subjects import subject_of
from feature_flags.models import FlagEvent
from tests.authmigration import worlds
from tests.authmigration.dashboard.reading import read
from tests.authmigration.progress.states import migrate

pytestmark = pytest.mark.django_db
PAGE = reverse("admin:authmigration_progress")
KILL = reverse("admin:authmigration_kill")
LIFT = reverse("admin:authmigration_lift")
CONFIRMED = {"confirmed": "yes", "reason": "wrong grades"}
BY = trail.Authorship("test", "a test")


def killed() -> bool:
    return killing.kill_state().on


def said(response) -> str:
    return "\n".join(str(each) for each in get_messages(response.wsgi_request))


def inputs(page) -> dict[str, str]:
    """Return what the form of a page would send."""
    form = page.one(id="content-main").one("form")
    sent = {
        each.attributes["name"]: each.attributes.get("value", "") for each in form.all(name=None)
    }
    return {name: value for name, value in sent.items() if name != "csrfmiddlewaretoken"}


def test_a_kill_takes_a_reason_and_then_a_confirmation(boss):
    writing.write_stage("everyone", Stage.ENFORCE, BY)
    first = inputs(read(boss.get(PAGE)))

    asked = boss.post(KILL, {**first, "reason": "wrong grades"})
    before = killed()
    sent = inputs(read(asked))
    done = boss.post(KILL, sent)

    assert first == {"reason": ""}
    assert (asked.status_code, before) == (200, False)
    assert "Are you sure?" in asked.content.decode()
    assert "It concerns everyone" in " ".join(read(asked).one(id="content-main").text.split())
    assert sent == CONFIRMED
    assert (done.status_code, done["Location"], killed()) == (302, PAGE, True)
    assert stage_of(subject_of(worlds.user())).stage is Stage.OFF


def test_a_kill_stands_in_both_histories_with_who_and_why(boss):
    boss.post(KILL, CONFIRMED)
    boss.post(LIFT, {**CONFIRMED, "reason": "mended"})

    user = boss.user
    assert list(AuditEvent.objects.order_by("id").values_list("action", "actor", "reason")) == [
        ("kill", f"user:{user.pk}", "wrong grades"),
        ("lift", f"user:{user.pk}", "mended"),
    ]
    assert list(FlagEvent.objects.order_by("id").values_list("action", "actor", "channel")) == [
        ("kill", str(user.pk), "admin"),
        ("lift", str(user.pk), "admin"),
    ]


def test_lifting_goes_the_same_way(boss):
    killing.kill(actor="anna", reason="wrong grades")
    page = read(boss.get(PAGE))

    assert page.one(id="content-main").one("form").attributes["action"] == LIFT
    asked = boss.post(LIFT, {"reason": "mended"})
    still = killed()
    boss.post(LIFT, inputs(read(asked)))

    assert (still, killed()) == (True, False)


@pytest.mark.parametrize("reason", ["", "   ", None])
def test_without_a_reason_nothing_is_killed_even_if_confirmed(boss, reason):
    given = {"confirmed": "yes"} if reason is None else {"confirmed": "yes", "reason": reason}

    refused = boss.post(KILL, given)

    assert "Say why: the reason is kept in the history." in refused.content.decode()
    assert not killed()
    assert not FlagEvent.objects.exists()


@pytest.mark.parametrize("method", ["get", "head", "options"])
@pytest.mark.parametrize("url", [KILL, LIFT])
def test_looking_at_an_address_never_turns_the_switch(boss, method, url):
    if url == LIFT:
        killing.kill(actor="anna", reason="x")
    before = killed()

    answer = getattr(boss, method)(f"{url}?confirmed=yes&reason=x", CONFIRMED)

    assert answer.status_code == 200
    assert "Are you sure?" not in answer.content.decode()
    assert killed() is before


def test_a_form_of_another_site_kills_nothing(boss):
    client = Client(enforce_csrf_checks=True)
    client.force_login(boss.user)

    assert client.post(KILL, CONFIRMED).status_code == 403
    assert not killed()


@pytest.mark.parametrize("permissions", [(), ("view_subjectstate",), ("change_assignment",)])
@pytest.mark.parametrize("url", [KILL, LIFT])
def test_without_the_permission_to_change_states_nobody_turns_the_switch(browser, permissions, url):
    client = browser(*permissions)

    assert client.get(url).status_code == 403
    assert client.post(url, CONFIRMED).status_code == 403
    assert not killed()


def test_with_the_permission_to_change_states_somebody_who_is_no_superuser_kills(browser):
    assert browser("change_subjectstate").post(KILL, CONFIRMED).status_code == 302
    assert killed()


def test_whoever_is_retired_is_said_to_be_beyond_its_reach(boss):
    assert b"beyond its reach" not in boss.get(PAGE).content
    migrate(worlds.user(), worlds.user())
    SubjectState.objects.update(retired_at=timezone.now())

    for page in (boss.get(PAGE), boss.post(KILL, {"reason": "x"})):
        text = " ".join(read(page).one(id="content-main").text.split())
        assert "2 retired users are beyond its reach" in text


def test_a_file_that_still_kills_is_named_and_lifting_says_that_it_had_no_effect(
    boss, settings, tmp_path: Path
):
    file = tmp_path / "kill"
    file.touch()
    settings.FEATURE_FLAGS = {**settings.FEATURE_FLAGS, "KILL_FILE": file}
    killing.kill(actor="anna", reason="wrong grades")

    page, asked = boss.get(PAGE), boss.post(LIFT, {"reason": "mended"})
    done = boss.post(LIFT, {**CONFIRMED, "reason": "mended"})

    assert "by the kill file and the switch" in " ".join(
        read(page).one(id="content-main").text.split()
    )
    assert "It stays killed all the same" in asked.content.decode()
    assert "Not lifted: authz is killed by file" in said(done)


def test_a_switch_that_only_a_file_holds_can_be_killed_for_good(boss, settings, tmp_path: Path):
    file = tmp_path / "kill"
    file.touch()
    settings.FEATURE_FLAGS = {**settings.FEATURE_FLAGS, "KILL_FILE": file}

    assert read(boss.get(PAGE)).one(id="content-main").one("form").attributes["action"] == KILL
    boss.post(KILL, CONFIRMED)

    assert killing.kill_state().by == ("file", "row")


def test_a_refusal_of_the_store_is_told(boss, monkeypatch):
    def refuse(*args, **kwargs):
        raise killing.FlagError("Nothing was changed: the database cannot be written.")

    monkeypatch.setattr("feature_flags.kill", refuse)

    assert "Nothing was changed" in said(boss.post(KILL, CONFIRMED))
    assert not killed()


def test_a_reason_with_markup_is_text_on_the_page_that_asks_again(boss):
    reason = '"><script>alert(1)</script>'

    page = read(boss.post(KILL, {"reason": reason}))

    assert page.one(id="content-main").all("script") == []
    assert inputs(page)["reason"] == reason
