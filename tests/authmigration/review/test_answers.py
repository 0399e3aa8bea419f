"""Check, list, holders and roles give one answer, and no answer stands for another question."""

from types import SimpleNamespace

import pytest
from django.db import transaction
from django.db.models import Q

from auth_lib import Context, Effect
from authmigration import (
    ContextType,
    Policy,
    Stage,
    assign,
    check,
    explain,
    filter_queryset,
    legacy,
    registry,
    roles_of,
    who_can,
)
from authmigration.assignments import synchronising
from authmigration.errors import Busy
from authmigration.registry import Registry
from authmigration.rollout.overrides import forced
from authmigration.stages.retiring import retire
from authmigration.trail import Authorship
from authmigration.viewing_as import Viewing, looking
from monolith.accounts.authz import REGISTRAR
from monolith.courses.authz import TA, TEACHER
from monolith.courses.models import Course
from monolith.lectures.models import Lecture
from tests.authmigration import worlds
from tests.authmigration.rows import facts, mark, sync
from tests.authmigration.threads import Pause

pytestmark = pytest.mark.django_db(transaction=True)

ACT = {"actor": "a test", "reason": "to be seen"}
LEGACY_DECIDES = [Stage.OFF, Stage.SHADOW]


def declared_with(*, without, **more):
    """Return what the monolith declares, the old answers to one permission replaced."""
    old = (legacy.LegacyCheck, legacy.LegacyList)
    kept = {
        f"v{number}": value
        for number, value in enumerate(worlds.demo_registry()._values)
        if not (isinstance(value, old) and value.permission == without)
    }
    return registry.override(Registry([SimpleNamespace(**kept, **more)]))


@pytest.fixture
def public(school):
    return worlds.course(school, is_public=True)


@pytest.fixture(params=LEGACY_DECIDES)
def legacy_decides(request):
    with forced(request.param):
        yield


def lecture_with_the_number_of(seen, hidden):
    return Lecture.objects.create(pk=seen.pk, course=hidden, title="sets")


def test_a_list_of_courses_says_nothing_about_lectures_of_the_same_number(
    anna, algebra, school, legacy_decides
):
    worlds.enrol(anna, algebra)
    lecture_with_the_number_of(algebra, worlds.course(school))
    assert not filter_queryset(anna, "course.view", Lecture.objects.all()).exists()


def test_a_check_of_courses_is_not_given_a_lecture(anna, algebra, school, legacy_decides):
    worlds.enrol(anna, algebra)
    lecture = lecture_with_the_number_of(algebra, worlds.course(school))
    assert not check(anna, "course.view", lecture)


def test_a_course_permission_on_a_lecture_is_that_of_its_course(anna, algebra, legacy_decides):
    worlds.enrol(anna, algebra)
    lecture = Lecture.objects.create(course=algebra, title="sets")
    assert check(anna, "course.view", lecture)
    assert list(filter_queryset(anna, "course.view", Lecture.objects.all())) == [lecture]


async def may_edit_soon(user, course):
    return False


def may_edit_bit_by_bit(user, course):
    yield False


@pytest.mark.parametrize("old", [may_edit_soon, may_edit_bit_by_bit])
@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited")
def test_an_old_check_that_has_not_answered_yet_is_no_yes(anna, algebra, legacy_decides, old):
    declared = declared_with(without="course.edit", old=legacy.check("course.edit")(old))
    with declared, pytest.raises(TypeError, match="no answer"):
        check(anna, "course.edit", algebra)


def test_whoever_is_barred_is_not_among_everybody(anna, public, enforced):
    assign(anna, TEACHER, public, effect=Effect.REFUSE, **ACT)
    holders = who_can("course.view", public)
    assert holders.everybody
    assert anna not in holders
    assert worlds.user() in holders


def test_a_closed_account_is_not_among_everybody(public, enforced):
    assert worlds.user(is_active=False) not in who_can("course.view", public)


def test_a_proxy_of_a_model_is_listed_as_it_is_checked(anna, algebra, enforced):
    class Seminar(Course):
        class Meta:
            proxy = True
            app_label = "courses"

    assign(anna, TA, algebra, **ACT)
    seminar = Seminar.objects.get(pk=algebra.pk)
    assert check(anna, "course.view", seminar)
    assert list(filter_queryset(anna, "course.view", Seminar.objects.all())) == [seminar]


def test_a_stale_subject_lists_what_a_native_role_on_the_platform_gives(anna, algebra, enforced):
    assign(anna, REGISTRAR, **ACT)
    mark(anna)
    with transaction.atomic():  # so that the change is followed only afterwards
        assert check(anna, "course.withdraw", algebra)
        assert list(filter_queryset(anna, "course.withdraw", Course.objects.all())) == [algebra]


def test_a_stale_subject_has_its_native_roles_among_its_roles(anna, algebra, enforced):
    assign(anna, TA, algebra, **ACT)
    worlds.enrol(anna, algebra)
    mark(anna)
    with transaction.atomic():
        assert [fact.role for fact in roles_of(anna)] == ["student", "ta"]


def test_a_view_as_lists_what_needs_no_role(anna, algebra, enforced):
    everybody = declared_with(without="", policy=Policy(anonymous={"course.view"}))
    sync(anna)
    viewing = Viewing(str(anna.pk), "student", Context("course", str(algebra.pk)), 2e10)
    with everybody, looking(viewing):
        assert check(anna, "course.view", algebra)
        assert list(filter_queryset(anna, "course.view", Course.objects.all())) == [algebra]


def may_create_courses(user):
    return user.is_teacher


def may_edit_perhaps_one(user, course=None):
    return course is None and user.is_teacher


@pytest.mark.parametrize("old", [may_create_courses, may_edit_perhaps_one])
def test_an_old_check_of_the_user_alone_answers_for_the_platform(legacy_decides, old):
    declared = declared_with(without="course.edit", old=legacy.check("course.edit")(old))
    with declared:
        assert check(worlds.user(is_teacher=True), "course.edit")
        assert not check(worlds.user(), "course.edit")


def test_an_old_check_that_never_looked_at_the_object_is_asked_without(algebra, legacy_decides):
    old = legacy.check("course.edit")(may_create_courses)
    with declared_with(without="course.edit", old=old):
        assert check(worlds.user(is_teacher=True), "course.edit", algebra)
        assert not check(worlds.user(), "course.edit", algebra)


def test_an_old_check_of_courses_is_not_asked_of_the_platform(legacy_decides):
    assert not check(worlds.user(is_teacher=True), "course.edit")
    assert check(worlds.user(is_superuser=True), "course.edit")


def test_an_old_check_that_is_gone_does_not_keep_anybody_from_an_explanation(
    anna, algebra, enforced
):
    def gone(user, course):
        raise RuntimeError("no such table")

    with declared_with(without="course.edit", old=legacy.check("course.edit")(gone)):
        assert "no answer (RuntimeError: no such table)" in str(
            explain(anna, "course.edit", algebra)
        )


def test_a_row_that_is_open_for_two_reasons_is_listed_once(anna, algebra, enforced):
    for _ in range(2):
        worlds.assist(worlds.user(is_staff=True), algebra)
    by_its_assistants = Q(assistants__is_staff=True)
    open_by_many = ContextType(
        "course", Course, public={"course.view"}, public_where=by_its_assistants
    )
    with registry.override(Registry([SimpleNamespace(kind=open_by_many)])):
        assert check(anna, "course.view", algebra)
        assert list(filter_queryset(anna, "course.view", Course.objects.all())) == [algebra]


@pytest.mark.postgres
def test_whoever_is_retired_meanwhile_is_not_synchronised(anna, algebra, monkeypatch):
    sync(anna)
    pause, real = Pause(), synchronising.gather

    def slow(*given, **how):
        pause.stop()
        return real(*given, **how)

    def race():
        with pause.while_stopped(lambda: sync(anna)):
            with transaction.atomic():
                retire([str(anna.pk)], Authorship("a test", "to be seen"))
            worlds.enrol(anna, algebra)  # in a table that is dead for her

    monkeypatch.setattr(synchronising, "gather", slow)
    with pytest.raises(Busy):
        race()
    assert facts(anna) == set()
