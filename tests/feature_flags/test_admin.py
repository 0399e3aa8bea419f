"""The plain admin pages: each write is a change of ours, with its reason."""

import pytest

from feature_flags import Flag, current_snapshot
from feature_flags.models import Cohort, FlagEvent, FlagOptions, KillSwitch, Rule

pytestmark = pytest.mark.django_db
AT = "/admin/feature_flags"
BRAKED = Flag("admin_braked", kill_switch="admin_brake")


@pytest.fixture
def browser(client, boss):
    client.force_login(boss)
    return client


def send(browser, page, **fields):
    return browser.post(f"{AT}/{page}/", fields, follow=True)


def test_every_list_and_form_opens(browser):
    send(browser, "rule/add", flag="admin", effect="admit", whom="everyone", why="a pilot")
    for page in ("cohort", "rule", "flagoptions", "killswitch", "flagevent"):
        assert browser.get(f"{AT}/{page}/").status_code == 200
    for page in ("cohort", "rule", "flagoptions", "killswitch"):
        assert browser.get(f"{AT}/{page}/add/").status_code == 200
    for model, page in ((Cohort, "cohort"), (Rule, "rule"), (FlagEvent, "flagevent")):
        assert browser.get(f"{AT}/{page}/{model.objects.get().pk}/change/").status_code == 200


def test_a_rule_is_added_ended_and_taken_away_with_its_reasons(browser, boss):
    send(browser, "rule/add", flag="admin", effect="admit", whom="unit:school:7", why="a pilot")
    rule = Rule.objects.get()
    assert str(rule) == "admin: admit unit:school:7"

    send(browser, f"rule/{rule.pk}/change", until_0="2100-01-01", until_1="10:00", why="till then")
    assert Rule.objects.get().until.year == 2100
    send(browser, f"rule/{rule.pk}/change", take_away="on", why="over")
    assert not Rule.objects.exists()

    events = FlagEvent.objects.order_by("id")
    assert [(e.action, e.reason, e.channel, e.actor) for e in events] == [
        ("admit", "a pilot", "admin", str(boss.pk)),
        ("admit", "till then", "admin", str(boss.pk)),
        ("remove", "over", "admin", str(boss.pk)),
    ]


@pytest.mark.parametrize("effect", ["deny", "hold"])
def test_denials_and_holds_are_released_by_taking_them_away(browser, effect):
    send(browser, "rule/add", flag="admin", effect=effect, whom="everyone", why="a pilot")
    send(browser, f"rule/{Rule.objects.get().pk}/change", take_away="on", why="over")

    assert not Rule.objects.exists()
    assert FlagEvent.objects.first().action == "release"


def test_nothing_is_written_without_a_reason(browser):
    for reason in ("", "   "):
        send(browser, "rule/add", flag="admin", effect="admit", whom="everyone", why=reason)

    assert not Rule.objects.exists()
    assert not FlagEvent.objects.exists()


def test_what_a_change_refuses_is_shown_and_not_written(browser):
    page = send(browser, "rule/add", flag="admin", effect="admit", whom="pilot", why="a pilot")

    assert "There is no cohort &#x27;pilot&#x27;" in page.content.decode()
    assert not Rule.objects.exists()


def test_a_cohort_is_made_changed_and_taken_away(browser):
    pilot = {"name": "pilot", "kind": "unit", "parameters": '{"units": ["school:7"]}'}
    send(browser, "cohort/add", why="a pilot", **pilot)
    row = Cohort.objects.get()
    send(browser, f"cohort/{row.pk}/change", parameters='{"units": ["school:8"]}', why="moved")
    assert current_snapshot().cohort("pilot").members == {"school:8"}

    Rule.objects.create(flag="admin", cohort=row, effect="admit")
    page = send(browser, f"cohort/{row.pk}/change", parameters="{}", take_away="on", why="over")
    assert "is used by rules of admin" in page.content.decode()
    Rule.objects.all().delete()
    send(browser, f"cohort/{row.pk}/change", parameters="{}", take_away="on", why="over")
    assert not Cohort.objects.exists()
    assert FlagEvent.objects.count() == 3


def test_options_are_set(browser):
    send(browser, "flagoptions/add", flag="admin", prerequisite="base", why="in order")
    row = FlagOptions.objects.get()
    options = {"prerequisite": "", "salt": "lots", "safe": "true"}
    send(browser, f"flagoptions/{row.pk}/change", why="again", **options)

    row.refresh_from_db()
    assert (row.flag, row.prerequisite, row.salt, row.safe) == ("admin", "", "lots", True)
    assert FlagEvent.objects.count() == 2


def test_the_brake_is_pulled_and_let_go(browser):
    send(browser, "killswitch/add", name="admin_brake", on="on", why="a fire")
    assert current_snapshot().killed_by("admin_brake") == ("row",)
    page = send(browser, f"killswitch/{KillSwitch.objects.get().pk}/change", why="it is out")

    assert "admin_brake is not killed" in page.content.decode()
    assert current_snapshot().killed_by("admin_brake") == ()
    assert [event.action for event in FlagEvent.objects.all()] == ["lift", "kill"]


def test_history_can_only_be_read(browser):
    send(browser, "rule/add", flag="admin", effect="admit", whom="everyone", why="a pilot")
    event = FlagEvent.objects.get()

    assert browser.get(f"{AT}/flagevent/add/").status_code == 403
    assert browser.post(f"{AT}/flagevent/{event.pk}/delete/", {"post": "yes"}).status_code == 403
    assert browser.post(f"{AT}/flagevent/{event.pk}/change/", {"reason": "x"}).status_code == 403
    assert FlagEvent.objects.get().reason == "a pilot"


@pytest.mark.parametrize("page", ["rule", "cohort"])
def test_djangos_delete_which_asks_for_no_reason_is_shut(browser, page):
    send(browser, "rule/add", flag="admin", effect="admit", whom="everyone", why="a pilot")
    row = {"rule": Rule, "cohort": Cohort}[page].objects.get()

    assert browser.post(f"{AT}/{page}/{row.pk}/delete/", {"post": "yes"}).status_code == 403
    browser.post(f"{AT}/{page}/", {"action": "delete_selected", "_selected_action": row.pk})
    assert Rule.objects.exists()
