"""An account that is closed while its answers are pinned; and what no comparison should count."""

import pytest

from authmigration import Stage, assign, check, counters, is_authorized, pinned, shadow
from authmigration.models import Mismatch
from authmigration.rollout.overrides import forced
from monolith.accounts.models import User
from monolith.courses.authz import TA
from tests.authmigration import worlds
from tests.authmigration.rows import sync

pytestmark = pytest.mark.django_db(transaction=True)

ACT = {"actor": "a test", "reason": "to be seen"}


@pytest.mark.parametrize("reloaded", [True, False])
def test_an_account_that_was_closed_meanwhile_is_denied(anna, algebra, enforced, reloaded):
    assign(anna, TA, algebra, **ACT)
    with pinned():
        assert check(anna, "grade.edit", algebra)
        assert check(anna, "grade.edit", algebra)
        User.objects.filter(pk=anna.pk).update(is_active=False)
        closed = User.objects.get(pk=anna.pk) if reloaded else anna
        closed.is_active = False
        assert not check(closed, "grade.edit", algebra)
        assert not is_authorized(closed, "course", algebra.pk, "ta")
        assert not check(closed, "grade.edit", algebra)


def test_a_closed_account_counts_as_no_difference(algebra):
    gone = worlds.user(is_teacher=True, is_active=False)
    sync(gone)
    with forced(Stage.SHADOW):
        check(gone, "course.edit", algebra)
    shadow.flush()
    assert not Mismatch.objects.exists()
    assert not [name for name, _ in counters._tallies.counts if name == "checks"]
