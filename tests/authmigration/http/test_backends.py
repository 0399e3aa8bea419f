"""``user.has_perm()``: the answer of the policy for what was declared, Django's for the rest."""

from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser, Permission

from auth_lib import PLATFORM, Effect, InvalidContext
from authmigration import ContextType, check, legacy, pinned, viewing
from authmigration.testing import at_stage, registry_of, with_role
from monolith.accounts.authz import REGISTRAR, SUPERUSER
from monolith.courses.authz import COURSE, STUDENT, TEACHER
from monolith.courses.models import Course
from monolith.schools.models import School
from tests.authmigration.http.conftest import finished

CHANGE, VIEW = "courses.change_course", "courses.view_course"
STAGES = ("off", "shadow", "enforce", "retired")

pytestmark = pytest.mark.django_db


def given(who, string):
    """Give a user Django's own permission, as an administrator does."""
    codename = string.partition(".")[2]
    who.user_permissions.add(Permission.objects.get(codename=codename))
    return type(who).objects.get(pk=who.pk)  # Django keeps the permissions that it has read


@pytest.mark.parametrize("stage", STAGES)
def test_on_an_object_it_answers_as_check_does(campus, stage):
    people = {name: who for name, who in campus.people.items() if name != "anonymous"}

    with at_stage(stage):
        answers = {name: who.has_perm(CHANGE, campus.course) for name, who in people.items()}
        checked = {n: check(w, "course.edit", campus.course).allowed for n, w in people.items()}

    assert answers == checked
    assert set(answers.values()) == {True, False}


def test_the_worlds_are_told_apart(campus):
    with at_stage("off"):
        assert campus["teacher"].has_perm(CHANGE, campus.course)
    with at_stage("enforce"):
        assert not campus["teacher"].has_perm(CHANGE, campus.course)


def test_somebody_anonymous_sees_what_is_public_and_no_more(campus):
    Course.objects.filter(pk=campus.course.pk).update(is_public=True)
    campus.course.refresh_from_db()

    with at_stage("enforce"):
        assert AnonymousUser().has_perm(VIEW, campus.course)
        assert not AnonymousUser().has_perm(VIEW, campus.other_course)


def test_the_names_of_the_policy_are_known_too(campus):
    with at_stage("enforce"):
        assert campus["owner"].has_perm("course.edit", campus.course)
        assert not campus["student"].has_perm("course.edit", campus.course)


def test_a_string_that_nobody_declared_is_left_to_the_other_backends(campus):
    who = given(campus["nobody"], "courses.delete_course")

    with at_stage("enforce"):
        assert who.has_perm("courses.delete_course")
        assert not who.has_perm("courses.add_course")


def test_what_the_policy_denies_on_an_object_no_other_backend_allows(campus, settings):
    settings.AUTHENTICATION_BACKENDS = [
        *settings.AUTHENTICATION_BACKENDS,
        f"{__name__}.AllowsEverything",
    ]
    with at_stage("enforce"):
        assert not campus["student"].has_perm(CHANGE, campus.course)
        assert campus["student"].has_perm("lectures.change_lecture", campus.course)


class AllowsEverything:
    def has_perm(self, user_obj, perm, obj=None):
        return True


def test_without_an_object_a_role_in_one_course_is_not_enough(campus):
    with at_stage("retired"):
        assert campus["owner"].has_perm(CHANGE, campus.course)
        assert not campus["owner"].has_perm(CHANGE)
        assert not campus["owner"].has_perm(CHANGE, PLATFORM)


def test_without_an_object_a_role_on_the_platform_is(campus):
    with with_role(campus["nobody"], REGISTRAR), at_stage("enforce"):
        assert campus["nobody"].has_perm(VIEW)
        assert not campus["nobody"].has_perm(CHANGE)


@pytest.mark.parametrize(
    ("stage", "may"), [("off", True), ("shadow", True), ("enforce", True), ("retired", False)]
)
def test_without_an_object_djangos_own_permission_counts_until_retired(campus, stage, may):
    who = given(campus["nobody"], CHANGE)

    with at_stage(stage):
        assert who.has_perm(CHANGE) is may


def test_a_refusal_ends_the_question_without_an_object_too(campus):
    who = given(campus["nobody"], CHANGE)

    with with_role(who, SUPERUSER, effect=Effect.REFUSE):
        assert not who.has_perm(CHANGE)


def test_a_refusal_reaches_a_superuser(campus):
    who = campus["superuser"]

    with at_stage("enforce"):
        assert who.has_perm(CHANGE, campus.course)
    with with_role(who, STUDENT, campus.course, effect=Effect.REFUSE):
        assert not who.has_perm(CHANGE, campus.course)
        assert who.has_perm(CHANGE, campus.other_course)
        assert not finished(who.ahas_perm(CHANGE, campus.course))


def test_a_superuser_keeps_what_the_policy_has_no_word_for(campus):
    with with_role(campus["superuser"], SUPERUSER, effect=Effect.REFUSE):
        assert campus["superuser"].has_perm("sessions.delete_session")


def test_in_an_event_loop_it_answers_the_same(campus):
    with at_stage("enforce"):
        assert finished(campus["owner"].ahas_perm(CHANGE, campus.course))
        assert not finished(campus["student"].ahas_perm(CHANGE, campus.course))


def test_all_permissions_on_an_object_are_those_of_the_policy(campus):
    with at_stage("enforce"):
        assert campus["owner"].get_all_permissions(campus.course) == {CHANGE, VIEW}
        assert campus["student"].get_all_permissions(campus.course) == {VIEW}
        assert campus["nobody"].get_all_permissions(campus.course) == set()


def test_an_object_of_no_context_type_is_an_error_and_no_denial(campus):
    with at_stage("enforce"), pytest.raises(InvalidContext, match="no declared context type"):
        campus["owner"].has_perm(CHANGE, campus["student"])


@legacy.check("course.edit")
def check_by_django(user, course):
    return user.has_perm(CHANGE)


@legacy.check("course.view")
def check_by_another_backend(user, course):
    return user.has_perm(VIEW, course)


@legacy.roles(watch=[])
def editors_of_everything(user):
    for course in Course.objects.all() if user.has_perm(CHANGE) else ():
        yield TEACHER.at(course.pk)


def old_code_that_asks():
    return registry_of(
        SimpleNamespace(
            SCHOOL=ContextType("school", School),
            COURSE=COURSE,
            TEACHER=TEACHER,
            STUDENT=STUDENT,
            DJANGO=legacy.permissions({CHANGE: "course.edit", VIEW: "course.view"}),
            edit=check_by_django,
            view=check_by_another_backend,
            editors=editors_of_everything,
        )
    )


@pytest.mark.parametrize("stage", STAGES[:3])
def test_old_code_that_asks_has_perm_hears_what_it_always_heard(campus, stage):
    who = given(campus["nobody"], CHANGE)

    with old_code_that_asks(), at_stage(stage), pinned():
        assert who.has_perm(CHANGE, campus.course)
        assert not campus["owner"].has_perm(CHANGE, campus.course)
        # At enforce the facts say so: teachers view.  Before, the old check asks all backends.
        assert who.has_perm(VIEW, campus.course) is (stage == "enforce")


def test_a_view_as_narrows_it(campus):
    with at_stage("enforce"), viewing(campus["owner"], "student", campus.course):
        assert not campus["owner"].has_perm(CHANGE, campus.course)
        assert campus["owner"].has_perm(VIEW, campus.course)


def test_people_log_in_as_before_and_nobody_through_this_backend(campus, client):
    who = campus["student"]
    who.set_password("a long password")
    who.save()

    client.force_login(who)
    assert client.session["_auth_user_backend"].endswith("ModelBackend")
    assert client.login(username=who.username, password="a long password")
    assert not client.login(username=who.username, password="another password")


def test_all_permissions_are_the_same_in_an_event_loop(campus):
    with at_stage("enforce"):
        found = finished(campus["student"].aget_all_permissions(campus.course))

    assert found == {VIEW}
