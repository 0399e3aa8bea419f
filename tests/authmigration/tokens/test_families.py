"""Refresh tokens rotate; what comes twice ends the family, unless an answer got lost."""

from datetime import timedelta

import pytest
from django.utils import timezone

from authmigration import tasks
from authmigration.models import RefreshFamily, RefreshToken
from authmigration.tokens import families
from authmigration.tokens.refusals import (
    RateLimited,
    RefreshExpired,
    RefreshInvalid,
    RefreshReused,
    RefreshRevoked,
)
from tests.authmigration.threads import together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def first(learner):
    return families.begin(str(learner.pk), learner).text


def an_hour_passes():
    """Let every token be older by an hour, and every use of one."""
    for row in RefreshToken.objects.all():
        row.issued_at -= timedelta(hours=1)
        row.used_at = row.used_at and row.used_at - timedelta(hours=1)
        row.save()


def later(text):
    """Rotate a token an hour after whatever came before."""
    an_hour_passes()
    return families.rotate(text).text


def test_each_refresh_gives_another_token_of_the_same_family(first):
    second = families.rotate(first).text
    third = later(second)

    assert len({first, second, third}) == 3
    assert RefreshFamily.objects.get().newest == 3


def test_nothing_stored_opens_a_door(first):
    second = families.rotate(first).text

    stored = " ".join(map(str, RefreshToken.objects.values_list()))
    assert first not in stored
    assert second not in stored


def test_whoever_lost_the_answer_gets_the_same_one(first):
    second = families.rotate(first).text

    assert families.rotate(first).text == second
    assert RefreshToken.objects.count() == 2
    assert later(second) != second


def test_a_token_that_was_followed_by_a_used_one_is_reuse(first):
    later(families.rotate(first).text)

    with pytest.raises(RefreshReused):
        families.rotate(first)


def test_reuse_ends_the_family_for_the_thief_and_for_the_owner(first):
    newest = later(families.rotate(first).text)
    with pytest.raises(RefreshReused):
        families.rotate(first)

    with pytest.raises(RefreshReused):
        families.rotate(newest)
    assert RefreshFamily.objects.get().ended_because == families.REUSED


def test_a_lost_answer_and_an_hour_without_a_line_sign_nobody_out(first):
    second = families.rotate(later(first)).text
    families.rotate(second)
    an_hour_passes()
    families.rotate(second)  # whose answer got lost

    held = later(second)

    assert later(held) != held
    assert RefreshFamily.objects.get().ended_at is None


def test_an_answer_that_is_lost_again_and_again_signs_nobody_out(first):
    found = [later(first) for _ in range(4)]

    assert len(set(found)) == 4
    assert families.rotate(first).text == found[-1]
    assert later(found[-1])


def test_the_last_but_one_is_reuse_once_its_successor_was_seen(first):
    second = families.rotate(first).text
    assert families.rotate(second).text == second
    an_hour_passes()

    with pytest.raises(RefreshReused):
        families.rotate(first)
    with pytest.raises(RefreshReused):
        families.rotate(second)


def test_of_a_thief_and_the_owner_who_both_go_on_the_second_is_caught(first):
    owners = families.rotate(first).text
    thiefs = later(first)  # stolen, and the owner has been away

    assert thiefs != owners
    with pytest.raises(RefreshReused):
        families.rotate(owners)
    with pytest.raises(RefreshReused):
        families.rotate(thiefs)


def test_who_takes_turns_with_the_owner_is_caught_at_the_second_turn(first):
    held = families.rotate(first).text
    copied = held
    held = later(held)
    copied = later(copied)  # a minute would do: the successor is given up, and the owner has it

    assert copied != held
    with pytest.raises(RefreshReused):
        later(held)


def test_a_new_token_is_not_replaced_and_a_third_request_under_way_is_not_two_steps_behind(first):
    second = families.rotate(first).text

    assert families.rotate(second).text == second
    assert families.rotate(first).text == second
    assert RefreshToken.objects.count() == 2


def test_the_token_of_the_sign_in_is_good_once_however_young(first):
    assert families.rotate(first).text != first


def test_two_tabs_at_once_get_the_same_token(first):
    found = together(*[lambda: families.rotate(first).text] * 4)

    assert len(set(found)) == 1
    assert RefreshToken.objects.count() == 2
    assert RefreshFamily.objects.get().ended_at is None


def test_the_newest_and_the_last_but_one_at_once_leave_one_line(first):
    second = families.rotate(first).text
    an_hour_passes()

    def tried(text):
        try:
            return families.rotate(text).text
        except RefreshReused:
            return None

    found = together(lambda: tried(first), lambda: tried(second))

    assert None in found
    assert RefreshFamily.objects.get().ended_because == families.REUSED


def test_one_family_ends_and_the_other_devices_go_on(first, learner):
    other = families.begin(str(learner.pk), learner).text
    families.end_of(first, families.SIGNED_OUT)

    with pytest.raises(RefreshRevoked):
        families.rotate(first)
    assert families.rotate(other)


def test_a_family_ends_with_time(first):
    RefreshFamily.objects.update(expires_at=timezone.now())

    with pytest.raises(RefreshExpired):
        families.rotate(first)


@pytest.mark.parametrize("text", ["", "x", "x" * 100_000, "\ud800", "ü"])
def test_what_is_none_of_ours_is_invalid(first, text):
    with pytest.raises(RefreshInvalid):
        families.rotate(text)


def test_a_changed_key_of_the_platform_keeps_its_devices(first, settings):
    second = families.rotate(first).text
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key of the platform"

    assert families.rotate(first).text == second
    assert later(second)


def test_what_ended_long_ago_is_cleared_and_nothing_else(first, learner):
    old, ended = (families.begin(str(learner.pk), learner).family for _ in range(2))
    long_ago = timezone.now() - families.KEPT - timedelta(days=1)
    RefreshFamily.objects.filter(pk=old.pk).update(expires_at=long_ago)
    RefreshFamily.objects.filter(pk=ended.pk).update(ended_at=long_ago)

    assert families.clear_ended() == 2

    assert RefreshFamily.objects.count() == RefreshToken.objects.count() == 1
    assert families.rotate(first)


def test_more_than_is_cleared_at_once_is_cleared_all_the_same(first, learner, monkeypatch):
    monkeypatch.setattr(families, "MOST_CLEARED", 1)
    for _ in range(2):
        families.begin(str(learner.pk), learner)
    RefreshFamily.objects.update(expires_at=timezone.now() - families.KEPT * 2)

    tasks.clear_tokens()

    assert not RefreshFamily.objects.exists()


def test_a_device_that_refreshes_too_often_waits_and_keeps_its_token(first, settings):
    tokens = {**settings.AUTHMIGRATION["TOKENS"], "REFRESHES_PER_MINUTE": 3}
    settings.AUTHMIGRATION = {**settings.AUTHMIGRATION, "TOKENS": tokens}
    held = first
    for _ in range(3):
        held = families.rotate(held).text

    for _ in range(2):
        with pytest.raises(RateLimited):
            families.rotate(held)
    RefreshFamily.objects.update(counted_since=timezone.now() - timedelta(minutes=2))

    assert families.rotate(held).text
