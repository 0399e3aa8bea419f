"""The kill switch of the stages."""

import pytest
from django.db import DatabaseError, OperationalError

from authmigration import trail
from authmigration.errors import MissingReason
from authmigration.models import AuditEvent
from authmigration.rollout import Stage, killing, stage_of, writing
from authmigration.subjects import subject_of
from feature_flags.models import FlagEvent
from tests.authmigration import worlds

pytestmark = pytest.mark.django_db
BY = trail.Authorship("test", "a test")


def test_a_kill_sends_everybody_back_and_a_lift_undoes_it():
    writing.write_stage("everyone", Stage.ENFORCE, BY)
    someone = subject_of(worlds.user())

    killing.kill(actor="anna", reason="wrong grades")
    killed = stage_of(someone).stage
    killing.lift(actor="anna", reason="mended")

    assert killed is Stage.OFF
    assert stage_of(someone).stage is Stage.ENFORCE


def test_kill_and_lift_stand_in_both_histories_with_actor_and_reason():
    admin = worlds.user()
    killing.kill(actor=admin, reason="wrong grades", channel="admin")
    killing.lift(actor="cli:root", reason="mended", channel="command")

    trail_rows = list(AuditEvent.objects.order_by("id").values_list("action", "actor", "reason"))
    flag_rows = list(FlagEvent.objects.order_by("id").values_list("action", "actor", "channel"))
    assert trail_rows == [
        ("kill", f"user:{admin.pk}", "wrong grades"),
        ("lift", "cli:root", "mended"),
    ]
    assert flag_rows == [("kill", str(admin.pk), "admin"), ("lift", "cli:root", "command")]


@pytest.mark.parametrize("reason", ["", "  ", None])
def test_without_a_reason_nothing_is_killed(reason):
    with pytest.raises(MissingReason):
        killing.kill(actor="anna", reason=reason)

    assert not killing.kill_state()


def test_actor_and_reason_may_come_from_around():
    with trail.acting_as("nightly", reason="parity is gone"):
        assert killing.kill(actor=None, reason=None).reason == "parity is gone"


def test_a_trail_that_cannot_be_written_does_not_hold_the_brake(monkeypatch):
    def fail(*args, **kwargs):
        raise OperationalError("the disk is full")

    monkeypatch.setattr(trail, "record", fail)

    assert killing.kill(actor="anna", reason="now")
    assert killing.kill_state().on
    assert FlagEvent.objects.filter(action="kill").count() == 1


def test_another_error_of_the_trail_is_not_hidden(monkeypatch):
    def fail(*args, **kwargs):
        raise DatabaseError("no such column")

    monkeypatch.setattr(trail, "record", fail)

    with pytest.raises(DatabaseError, match="no such column"):
        killing.kill(actor="anna", reason="now")


def test_the_seconds_until_a_kill_is_seen_are_those_of_the_flags(settings):
    settings.FEATURE_FLAGS = {"CONNECTION": "caller", "SNAPSHOT_SECONDS": 0.5}

    assert killing.seen_within() == 0.5
