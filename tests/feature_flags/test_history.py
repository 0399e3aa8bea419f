import pytest

from feature_flags import admit
from feature_flags.errors import HistoryIsFinal, MissingActor
from feature_flags.history import who
from feature_flags.models import FlagEvent


@pytest.fixture
def event(db):
    admit("told", "everyone", actor="anna", reason="a pilot")
    return FlagEvent.objects.get()


def test_an_event_is_never_changed_or_deleted(event):
    event.reason = "another"
    for attempt in (
        event.save,
        event.delete,
        FlagEvent.objects.all().delete,
        lambda: FlagEvent.objects.update(reason="another"),
    ):
        with pytest.raises(HistoryIsFinal):
            attempt()

    assert FlagEvent.objects.get().reason == "a pilot"


def test_a_user_is_kept_by_id_and_by_the_name_of_that_time(user):
    by = who(user, "a pilot", "api")

    assert (by.actor, by.actor_name, by.channel) == (str(user.pk), "anna", "api")


def test_a_user_who_was_never_saved_is_nobody(django_user_model):
    with pytest.raises(MissingActor):
        who(django_user_model(username="ghost"), "a pilot", "api")


def test_a_name_that_is_too_long_is_cut_rather_than_a_kill_refused():
    assert who("x" * 200, "a fire", "command").actor == "x" * 150
