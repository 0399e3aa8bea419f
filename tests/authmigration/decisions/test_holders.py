"""Who may, asked the other way round: the same answers as a check gives one by one."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from auth_lib import Effect, Policy, UnknownPermission
from authmigration import Stage, assign, check, registry, who_can
from authmigration.rollout.overrides import forced
from monolith.courses.authz import STUDENT, TA
from tests.authmigration import worlds
from tests.authmigration.rows import sync

pytestmark = pytest.mark.django_db

WHO = {"actor": "test", "reason": "a test"}


@pytest.fixture(autouse=True)
def enforced(settings):
    settings.AUTHMIGRATION = {**settings.AUTHMIGRATION, "ENFORCE_SAMPLE": 0}
    with forced(Stage.ENFORCE):
        yield


@pytest.fixture
def courses(db):
    north, south = worlds.school(), worlds.school()
    return [worlds.course(north), worlds.course(north, is_public=True), worlds.course(south)]


@pytest.fixture
def people(courses):
    """Somebody in each kind of place, above, on and beside the courses."""
    first, public, other = courses
    made = {
        "learner": worlds.user(),
        "secretary": worlds.user(),
        "boss": worlds.user(is_superuser=True),
        "assistant": worlds.user(),
        "barred": worlds.user(is_superuser=True),
        "ended": worlds.user(),
        "closed": worlds.user(is_superuser=True, is_active=False),
        "nobody": worlds.user(),
    }
    worlds.enrol(made["learner"], first)
    worlds.staff(made["secretary"], first.school, "secretary")
    assign(made["assistant"], TA, other, **WHO)
    for where in (first, public):
        assign(made["barred"], STUDENT, where, effect=Effect.REFUSE, **WHO)
    worlds.enrol(made["ended"], first, ends_at=timezone.now() - timedelta(seconds=1))
    sync(*made.values())
    return made


@pytest.mark.parametrize("permission", ["course.view", "course.withdraw", "grade.edit"])
def test_whoever_is_named_is_allowed_and_whoever_is_allowed_is_named(people, courses, permission):
    for course in courses:
        found = who_can(permission, course)
        asked = {name: bool(check(who, permission, course)) for name, who in people.items()}
        assert {name: who in found for name, who in people.items()} == asked


def test_by_id_the_same_are_named(people, courses):
    course = courses[0]

    assert who_can("course.withdraw", course) == who_can("course.withdraw", f"course:{course.pk}")


def test_where_no_role_is_needed_it_says_so(people, courses):
    assert not who_can("course.view", courses[0]).everybody
    assert who_can("course.view", courses[1]).everybody
    assert AnonymousUser() in who_can("course.view", courses[1])
    assert AnonymousUser() not in who_can("course.view", courses[0])


@pytest.mark.parametrize("given", ["anonymous", "authenticated"])
def test_what_is_open_to_all_or_to_all_who_are_known_is_so_here_too(people, courses, given):
    policy = Policy(**{given: {"help.view"}})
    with registry.override(worlds.demo_registry_with(policy=policy)):
        sync(*people.values())
        found = who_can("help.view", courses[0])
        asked = [*people.values(), AnonymousUser()]

        assert [who in found for who in asked] == [
            bool(check(who, "help.view", courses[0])) for who in asked
        ]


def test_a_misspelt_permission_raises(courses):
    with pytest.raises(UnknownPermission, match=r"Did you mean 'course\.view'\?"):
        who_can("course.veiw", courses[0])
