"""What admins write, in waffle's tables and ours, as the evaluator sees it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone
from waffle.models import Flag as WaffleFlag

from feature_flags import Flag, FlagSubject, Reason, current_snapshot, evaluate, refresh_now
from feature_flags.models import Cohort, FlagOptions, KillSwitch, Rule

FLAG = Flag("read")


def asked(user, flag=FLAG):
    return evaluate(current_snapshot(), flag, FlagSubject.of_user(user))


def test_a_flag_without_a_row_is_off(user):
    assert asked(user).reason is Reason.OFF


def test_every_column_of_waffle_that_counts_is_read(user):
    row = WaffleFlag.objects.create(
        name="read", everyone=True, percent=Decimal("12.5"), staff=True, authenticated=True
    )
    row.users.add(user)
    row.groups.add(Group.objects.create(name="registrars"))

    read = current_snapshot().content.waffle["read"]

    assert (read.everyone, read.basis_points) == (True, 1_250)
    assert (read.staff, read.superusers, read.authenticated) == (True, True, True)
    assert (read.users, read.groups) == ({str(user.pk)}, {"registrars"})


def test_testing_rollout_and_languages_turn_nothing_on(user):
    WaffleFlag.objects.create(
        name="read", testing=True, rollout=True, languages="en,en-gb", superusers=False
    )

    assert asked(user).reason is Reason.OFF


def test_our_rows_are_read(user):
    pilot = Cohort.objects.create(
        name="pilot", kind="unit", parameters={"units": ["school:7", "school:8"]}
    )
    until = timezone.now() + timedelta(hours=1)
    Rule.objects.create(flag="read", cohort=pilot, effect="hold", until=until)
    FlagOptions.objects.create(flag="read", prerequisite="base", salt="lots", safe=True)
    KillSwitch.objects.create(
        name="brake", on=True, reason="a fire", actor="ops", at=until, changed_at=until
    )

    content = current_snapshot().content

    (rule,) = content.rules["read"]
    assert (rule.words, rule.until) == ("hold pilot", until.timestamp())
    assert rule.cohort.members == {"school:7", "school:8"}
    options = content.options["read"]
    assert (options.prerequisite, options.salt, options.safe) == ("base", "lots", True)
    assert content.switches["brake"].on is True
    assert content.switches["brake"].changed_at == until


@pytest.mark.parametrize(
    ("kind", "parameters", "effect"),
    [("planet", {}, "admit"), ("unit", {"towns": []}, "admit"), ("everyone", {}, "praise")],
)
def test_rows_of_another_release_make_only_their_flag_safe(user, kind, parameters, effect):
    odd = Cohort.objects.create(name="odd", kind=kind, parameters=parameters)
    plain = Cohort.objects.create(name="everyone", kind="everyone")
    Rule.objects.create(flag="read", cohort=odd, effect=effect)
    Rule.objects.create(flag="other", cohort=plain, effect="admit")

    assert asked(user).reason is Reason.SAFE
    assert asked(user, Flag("read", safe=True))
    assert asked(user, Flag("other"))


@pytest.mark.django_db(transaction=True)
def test_testers_that_come_and_go_inside_atomic_are_seen_right_after_the_commit(
    django_user_model,
):
    anna = django_user_model.objects.create_user(username="anna")
    row = WaffleFlag.objects.create(name="read", superusers=False)
    wrong = 0
    for round_ in range(50):
        with transaction.atomic():
            (row.users.add if round_ % 2 == 0 else row.users.remove)(anna)
            # Waffle fills its cache again here, from before the commit, and keeps that.
            row.is_active_for_user(anna)
        refresh_now()
        wrong += bool(asked(anna)) is not (round_ % 2 == 0)
    assert wrong == 0

    row.users.add(anna)
    with transaction.atomic():
        row.users.clear()
    refresh_now()
    assert not asked(anna)


@pytest.mark.django_db(transaction=True)
def test_a_bulk_update_that_waffle_never_notices_is_seen(django_user_model):
    anna = django_user_model.objects.create_user(username="anna")
    WaffleFlag.objects.create(name="read")
    WaffleFlag.objects.filter(name="read").update(everyone=True)
    refresh_now()
    assert asked(anna)

    WaffleFlag.objects.filter(name="read").update(everyone=False)
    refresh_now()
    assert asked(anna).reason is Reason.KILLED
