"""What is done in waffle's own admin and code enters the history of flags."""

import pytest
from django.contrib.auth.models import Group
from django.db import DatabaseError
from waffle.models import Flag as WaffleFlag

from feature_flags import Flag, FlagSubject, current_snapshot, evaluate, set_everyone
from feature_flags.models import FlagEvent

pytestmark = pytest.mark.django_db


def told():
    return [(event.action, event.target) for event in FlagEvent.objects.order_by("id")]


def test_a_change_in_waffles_admin_is_picked_up_and_told(admin_client):
    admin_client.post(
        "/admin/waffle/flag/add/",
        {
            "name": "picked",
            "everyone": "true",
            "created_0": "2026-01-01",
            "created_1": "10:00",
            "modified_0": "2026-01-01",
            "modified_1": "10:00",
        },
    )

    assert evaluate(current_snapshot(), Flag("picked"), FlagSubject("1"))
    event = FlagEvent.objects.get()
    assert (event.action, event.target, event.channel) == ("waffle_save", "picked", "waffle")
    assert event.before == {}
    assert event.after["everyone"] is True


def test_only_what_counts_is_told():
    row = WaffleFlag.objects.create(name="picked", percent=10)
    row.note = "nothing that counts"
    row.save()
    row.percent = 20
    row.save()
    row.delete()

    assert [action for action, _ in told()] == ["waffle_save", "waffle_save", "waffle_delete"]
    changed = FlagEvent.objects.order_by("id")[1]
    assert (changed.before["percent"], changed.after["percent"]) == (10.0, 20.0)


def test_testers_and_groups_that_come_and_go_are_told(user):
    row = WaffleFlag.objects.create(name="picked")
    group = Group.objects.create(name="registrars")
    row.users.add(user)
    row.users.add(user)
    row.groups.set([group])
    user.flag_set.remove(row)
    row.groups.clear()

    assert [action for action, _ in told()] == [
        "waffle_save",
        "waffle_add_users",
        "waffle_add_groups",
        "waffle_remove_users",
        "waffle_clear_groups",
    ]
    assert FlagEvent.objects.get(action="waffle_remove_users").after == {"users": [str(user.pk)]}


def test_a_change_of_ours_is_told_once():
    set_everyone("picked", True, actor="anna", reason="a pilot")

    assert told() == [("set_everyone", "picked")]


def test_a_history_that_cannot_be_written_does_not_stop_a_hand_on_waffles_brake(
    monkeypatch, caplog
):
    def down(*args, **kwargs):
        raise DatabaseError("no such table")

    row = WaffleFlag.objects.create(name="picked", everyone=True)
    monkeypatch.setattr("feature_flags.waffle_history.write_event", down)
    row.everyone = False

    row.save()

    assert WaffleFlag.objects.get().everyone is False
    assert "could not be recorded" in caplog.text
