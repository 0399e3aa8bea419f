"""What stands in a token is what the platform would answer, in either world."""

from datetime import UTC, datetime, timedelta

import pytest

from auth_lib import Context, Effect, Reason, payload_writing
from authmigration import Stage, assign, check, conf, is_authorized
from authmigration.rollout import killing
from authmigration.rollout.overrides import forced
from authmigration.snapshots import snapshot_of
from authmigration.subjects import subject_of
from authmigration.tokens import options
from authmigration.tokens.contents import claims_of
from authmigration.tokens.issuing import issue_tokens
from authmigration.tokens.signing import signer
from authmigration.tokens.standing import standing
from monolith.courses.authz import STUDENT, TA
from monolith.schools.authz import PRINCIPAL
from tests.authmigration import worlds
from tests.authmigration.rows import sync

pytestmark = pytest.mark.django_db(transaction=True)

WHO = {"actor": "test", "reason": "a test"}
STAGES = [Stage.OFF, Stage.SHADOW, Stage.ENFORCE]


def claims(who, **more):
    return claims_of(snapshot_of(subject_of(who)), options.get(), **more)


def token(who):
    return signer().sign(claims(who))


def roles(who):
    return payload_writing.write(claims(who))["roles"]


@pytest.mark.parametrize("stage", STAGES)
def test_the_roles_of_the_deciding_world_stand_in_it(learner, algebra, stage):
    with forced(stage):
        assert roles(learner) == {"course": {"student": [str(algebra.pk)]}}


def test_a_native_role_stands_in_it_at_enforce_and_not_after_a_kill(learner, algebra, biology):
    assign(learner, TA, biology, **WHO)

    with forced(Stage.ENFORCE):
        assert roles(learner)["course"]["ta"] == [str(biology.pk)]
    with forced(Stage.OFF):
        assert "ta" not in roles(learner)["course"]


def test_a_token_is_issued_while_killed(learner, algebra, rf):
    killing.kill(actor="test", reason="a fire")
    request = rf.post("/")
    request.user = learner

    assert issue_tokens(request).access_token


def everybody(north, algebra, biology):
    teacher, head, boss, both = (worlds.user(is_teacher=True), *(worlds.user() for _ in range(3)))
    algebra.owner = teacher
    algebra.save()
    worlds.staff(head, north)
    boss.is_superuser = True
    boss.save()
    worlds.enrol(both, algebra)
    assign(both, TA, biology, **WHO)
    barred = worlds.user()
    worlds.enrol(barred, algebra)
    assign(barred, STUDENT, algebra, effect=Effect.REFUSE, **WHO)
    return [teacher, head, boss, both, barred, worlds.user()]


@pytest.mark.parametrize("stage", STAGES)
def test_a_service_answers_by_the_token_what_the_platform_answers(
    north, algebra, biology, gate, stage
):
    """For everybody, every role on courses and every permission, with the parents passed on."""
    people = everybody(north, algebra, biology)
    policy = gate.policy
    roles_on_courses = sorted({role.name for role in policy.roles if role.on == "course"})
    above = [f"school:{north.pk}"]
    for who in people:
        sync(who)
    with forced(stage):
        for who in people:
            given = token(who)
            for course in (algebra, biology):
                here = ("course", str(course.pk))
                for role in roles_on_courses:
                    there = gate.is_authorized(given, *here, role, lineage=above)
                    assert there.allowed == is_authorized(who, *here, role).allowed, (who, role)
                for permission in ("course.view", "grade.edit", "course.edit"):
                    if stage is Stage.ENFORCE:
                        there = gate.check(given, permission, *here, lineage=above)
                        assert there.allowed == check(who, permission, course).allowed


def test_whoever_is_barred_is_barred_by_the_token_alone(learner, algebra, gate):
    assign(learner, STUDENT, algebra, effect=Effect.REFUSE, **WHO)

    with forced(Stage.ENFORCE):
        found = gate.is_authorized(token(learner), "course", str(algebra.pk), "student")

    assert (found.allowed, found.reason) == (False, Reason.REFUSED)


def bar_from_school(who, school):
    assign(who, PRINCIPAL, school, effect=Effect.REFUSE, **WHO)


def test_nothing_below_a_refused_context_stands_in_it(learner, north, algebra, gate):
    """A service that does not know which school the course is of would believe it."""
    other = worlds.course(worlds.school())
    worlds.enrol(learner, other)
    bar_from_school(learner, north)

    with forced(Stage.ENFORCE):
        found = claims(learner)
        answer = gate.is_authorized(signer().sign(found), "course", str(algebra.pk), "student")

    assert found.refusals == {Context("school", str(north.pk))}
    assert found.grants.ids("course", "student") == {str(other.pk)}
    assert not answer


def test_looking_for_what_lies_above_costs_a_query_for_each_level(
    learner, north, django_assert_num_queries
):
    for _ in range(5):
        worlds.enrol(learner, worlds.course(north))
    bar_from_school(learner, north)
    with forced(Stage.ENFORCE):
        held = snapshot_of(subject_of(learner)).deciding()

    with django_assert_num_queries(1):
        assert standing(held, using="default") == []


def test_whoever_is_barred_nowhere_costs_none(learner, django_assert_num_queries):
    held = snapshot_of(subject_of(learner)).deciding()

    with django_assert_num_queries(0):
        assert len(standing(held, using="default")) == 1


def test_it_ends_with_the_first_assignment_that_ends_before(learner, algebra, biology):
    soon = datetime.now(UTC) + timedelta(seconds=60)
    assign(learner, TA, biology, valid_until=soon, **WHO)

    with forced(Stage.ENFORCE):
        found = claims(learner)

    assert found.expires_at == int(soon.timestamp())


def test_it_lives_for_minutes_otherwise(learner):
    found = claims(learner)

    assert found.expires_at - found.issued_at == options.get().seconds == 300


@pytest.mark.parametrize("shown", [True, False])
def test_the_name_is_off_by_one_setting(learner, settings, shown):
    tokens = {**settings.AUTHMIGRATION["TOKENS"], "FULL_NAME": shown}
    settings.AUTHMIGRATION = {**settings.AUTHMIGRATION, "TOKENS": tokens}

    assert claims(learner).full_name == ("Anna Lee" if shown else None)


def test_more_than_may_enter_are_left_out_and_said_to_be(algebra, north, gate, settings):
    settings.AUTHMIGRATION = {**settings.AUTHMIGRATION, "MAX_CONTEXTS": 5}
    bert = worlds.user()
    every = [worlds.course(north) for _ in range(8)]
    for course in every:
        worlds.enrol(bert, course)
    found = claims(bert)

    listed = found.grants.ids("course", "student")
    assert (len(listed), found.truncated) == (5, {"course"})
    (missing, *_) = [c for c in every if str(c.pk) not in listed]
    answer = gate.is_authorized(signer().sign(found), "course", str(missing.pk), "student")
    assert answer.reason == "context_not_in_token"


def test_what_is_asked_for_enters_and_its_absence_is_an_answer(learner, biology, gate, settings):
    settings.AUTHMIGRATION = {**settings.AUTHMIGRATION, "MAX_CONTEXTS": 0}
    context = Context("course", str(biology.pk))

    found = claims(learner, asked=[context])

    answer = gate.is_authorized(signer().sign(found), "course", str(biology.pk), "student")
    assert found.truncated == {"course"}
    assert (answer.allowed, answer.reason) == (False, Reason.NO_ROLE)


def test_a_token_is_never_longer_than_its_budget(north, settings):
    tokens = {**settings.AUTHMIGRATION["TOKENS"], "MOST_BYTES": 900}
    settings.AUTHMIGRATION = {**settings.AUTHMIGRATION, "TOKENS": tokens}
    bert = worlds.user()
    for _ in range(120):
        worlds.enrol(bert, worlds.course(north))

    found = claims(bert)

    assert 600 < len(signer().sign(found)) <= 900
    assert found.truncated == {"course"}


def test_no_key_is_in_what_a_log_would_show():
    given = options.get()

    assert given.keys[0]["key"] not in f"{given!r} {given} {conf.get()!r}"
