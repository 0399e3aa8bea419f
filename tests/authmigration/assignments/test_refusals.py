"""Barring somebody from a context, and taking that back."""

import pytest
from django.utils import timezone

from auth_lib import Effect
from authmigration import assign, legacy, registry, unassign
from authmigration.errors import NotRepresentable
from authmigration.models import AuditEvent
from monolith.courses.authz import ASSISTANT, STUDENT
from monolith.courses.models import Enrolment
from tests.authmigration import worlds
from tests.authmigration.rows import facts, legacy_rows, state, sync, toolkit_rows

WHO = {"actor": "test", "reason": "a test"}


def everything():
    ours = toolkit_rows()
    del ours["authmigration_mappingversion"]  # written once for each process, whatever it does
    return legacy_rows(), ours


class TestRefusals:
    def test_a_refusal_is_native_and_told_as_one(self, learner, algebra):
        done = assign(learner, STUDENT, algebra, effect=Effect.REFUSE, **WHO)

        assert done.not_representable == "legacy has no way to refuse"
        assert facts(learner) == {
            f"student in course:{algebra.pk} (courses.Enrolment)",
            f"refused student in course:{algebra.pk} (native)",
        }
        assert AuditEvent.objects.filter(action="refuse").count() == 1

    def test_a_refusal_is_taken_back_and_the_grant_stays(self, learner, algebra):
        assign(learner, STUDENT, algebra, effect=Effect.REFUSE, **WHO)

        unassign(learner, STUDENT, algebra, effect=Effect.REFUSE, **WHO)

        assert facts(learner) == {f"student in course:{algebra.pk} (courses.Enrolment)"}
        assert Enrolment.objects.get().status == "active"

    def test_taking_the_grant_leaves_the_refusal(self, learner, algebra):
        assign(learner, STUDENT, algebra, effect=Effect.REFUSE, **WHO)

        unassign(learner, STUDENT, algebra, **WHO)

        assert facts(learner) == {f"refused student in course:{algebra.pk} (native)"}

    def test_a_refusal_may_end(self, learner, algebra):
        assign(learner, STUDENT, algebra, effect=Effect.REFUSE, valid_until=timezone.now(), **WHO)

        assert len(facts(learner)) == 2

    @pytest.mark.parametrize("seen_before", [False, True])
    def test_whoever_cannot_be_migrated_can_be_barred(self, learner, algebra, seen_before):
        Enrolment.objects.update(kind=77)
        if seen_before:
            sync(learner)

        done = assign(learner, STUDENT, algebra, effect=Effect.REFUSE, **WHO)

        assert done.changed
        assert facts(learner) == {f"refused student in course:{algebra.pk} (native)"}
        assert (state(learner).status, state(learner).attempts) == ("failing", 1)
        assert "'77'" in state(learner).reason

    def test_whoever_cannot_be_migrated_cannot_be_assigned_what_legacy_should_hold(
        self, learner, algebra
    ):
        Enrolment.objects.update(kind=77)
        before = everything()

        with pytest.raises(ValueError, match="neither mapped nor ignored"):
            assign(learner, ASSISTANT, algebra, **WHO)

        assert everything() == before

    def test_a_refusal_that_legacy_yields_is_not_taken_back_behind_its_back(self, learner, algebra):
        banned = legacy.table(
            Enrolment,
            user="student",
            context="course",
            role="status",
            roles={"withdrawn": legacy.refusal(STUDENT)},
            ignore={"active": "counted elsewhere", "pending": "not yet"},
            name="banned",
            write=legacy.write(off={"status": "pending"}),
        )
        Enrolment.objects.update(status="withdrawn")
        with registry.override(worlds.tables_only(banned=banned)):
            sync(learner)
            before = everything()

            with pytest.raises(NotRepresentable, match=r"banned has no value for"):
                unassign(learner, STUDENT, algebra, effect=Effect.REFUSE, **WHO)

            assert everything() == before
