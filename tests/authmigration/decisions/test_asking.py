"""What may be asked, what may not, and how the old code's way of saying no is kept."""

import pytest
from django.contrib.auth.models import AnonymousUser, Group
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseForbidden, HttpResponseRedirect

from auth_lib import InvalidContext, Reason, UnknownContextType, UnknownPermission, UnknownRole
from authmigration import (
    Stage,
    check,
    explain,
    filter_queryset,
    is_authorized,
    legacy,
    registry,
    require,
)
from authmigration.errors import UnknownSubject
from authmigration.models import SubjectState
from authmigration.rollout.overrides import forced
from monolith.accounts.models import User
from monolith.courses.models import Course, Enrolment
from tests.authmigration import worlds
from tests.authmigration.rows import mark, sync

pytestmark = pytest.mark.django_db


@pytest.fixture(params=[Stage.OFF, Stage.SHADOW, Stage.ENFORCE])
def stage(request):
    with forced(request.param):
        yield request.param


@pytest.fixture
def algebra(db):
    return worlds.course(worlds.school())


@pytest.fixture
def learner(algebra):
    anna = worlds.user()
    worlds.enrol(anna, algebra)
    sync(anna)
    return anna


class TestBadQuestions:
    @pytest.mark.parametrize("ask", [check, require, explain])
    def test_a_misspelt_permission_raises_at_every_stage(self, learner, algebra, stage, ask):
        with pytest.raises(UnknownPermission, match=r"Did you mean 'course\.edit'\?"):
            ask(learner, "course.edti", algebra)

    def test_a_misspelt_permission_raises_in_a_list(self, learner, stage):
        with pytest.raises(UnknownPermission, match=r"Did you mean 'course\.edit'\?"):
            filter_queryset(learner, "course.edti", Course.objects.all())

    @pytest.mark.parametrize("what", [None, 42, "", "course", ("course",), object()])
    def test_nothing_is_ever_read_as_anything(self, learner, stage, what):
        with pytest.raises(InvalidContext):
            check(learner, "course.view", what)

    def test_a_type_that_nobody_declares_raises(self, learner, stage):
        with pytest.raises(UnknownContextType, match=r"Did you mean 'course'\?"):
            check(learner, "course.view", "cuorse:1")

    def test_an_object_of_a_type_that_nobody_declares_raises(self, learner, stage):
        with pytest.raises(InvalidContext, match=r"auth\.Group is no declared context type"):
            check(learner, "course.view", Group(name="x"))

    def test_a_list_of_a_type_that_nobody_declares_raises(self, learner, stage):
        with pytest.raises(InvalidContext, match=r"accounts\.User is no declared context type"):
            filter_queryset(learner, "course.view", User.objects.all())

    @pytest.mark.parametrize("who", ["999999", "x"])
    def test_a_subject_that_does_not_exist_raises(self, algebra, stage, who):
        with pytest.raises(UnknownSubject):
            check(who, "course.view", algebra)

    def test_a_role_is_asked_for_in_one_context_and_never_in_any(self, learner, stage):
        with pytest.raises(InvalidContext, match="None is no context id"):
            is_authorized(learner, "course", None, "student")

    def test_a_misspelt_role_raises(self, learner, algebra, stage):
        with pytest.raises(UnknownRole, match=r"Did you mean 'student'\?"):
            is_authorized(learner, "course", algebra.pk, "studnet")

    def test_a_role_of_another_type_raises(self, learner, algebra, stage):
        with pytest.raises(UnknownRole):
            is_authorized(learner, "school", algebra.school_id, "student")

    def test_a_misspelt_type_raises(self, learner, stage):
        with pytest.raises(UnknownContextType, match=r"Did you mean 'course'\?"):
            is_authorized(learner, "cuorse", 1, "student")

    def test_an_object_that_does_not_exist_is_denied(self, learner, stage):
        assert not check(learner, "course.view", "course:999999")
        assert not is_authorized(learner, "course", 999999, "student")


class TestAnonymous:
    def test_somebody_anonymous_sees_what_is_public(self, algebra, stage):
        public = worlds.course(algebra.school, is_public=True)

        assert check(AnonymousUser(), "course.view", public)
        assert not check(AnonymousUser(), "course.view", algebra)
        assert list(filter_queryset(AnonymousUser(), "course.view", Course.objects.all())) == [
            public
        ]

    @pytest.mark.parametrize("who", [None, AnonymousUser(), User(username="not saved")])
    def test_whoever_has_no_id_is_anonymous(self, algebra, who):
        with forced(Stage.ENFORCE):
            found = check(who, "course.view", algebra)

        assert (found.allowed, found.reason) == (False, Reason.NO_ROLE)
        assert not is_authorized(who, "course", algebra.pk, "student")


def answering(answer):
    """Declare an old check for editing that does what is given."""

    @legacy.check("course.edit")
    def may_edit(user, course):
        if isinstance(answer, Exception):
            raise answer
        return answer

    name = "monolith.courses.authz.may_edit_course"
    return registry.override(worlds.demo_registry_with(**{name: may_edit}))


class Refused(Exception):
    status_code = 403


class TestTheOldAnswer:
    @pytest.mark.parametrize(
        ("answer", "allowed"),
        [
            (True, True),
            (False, False),
            (None, False),
            (1, True),
            ([], False),
            (HttpResponse(), True),
            (HttpResponseForbidden(), False),
            (HttpResponseRedirect("/log-in/"), False),
            (PermissionDenied(), False),
            (Http404(), False),
            (Refused(), False),
        ],
    )
    def test_an_old_check_answers_as_its_caller_would_have_read_it(
        self, learner, algebra, answer, allowed
    ):
        with answering(answer):
            found = check(learner, "course.edit", algebra)

        assert found.allowed is allowed
        assert found.reason == (Reason.LEGACY if allowed else Reason.LEGACY_DENIED)

    def test_another_error_is_raised_as_today(self, learner, algebra):
        with answering(ZeroDivisionError()), pytest.raises(ZeroDivisionError):
            check(learner, "course.edit", algebra)

    @pytest.mark.parametrize("error", [PermissionDenied("as ever"), Http404("as ever"), Refused()])
    def test_a_denial_is_raised_in_the_way_of_the_old_code(self, learner, algebra, error):
        with answering(error), pytest.raises(type(error)) as raised:
            require(learner, "course.edit", algebra)

        assert raised.value is error

    def test_at_enforce_the_old_code_is_not_asked(self, learner, algebra, settings):
        settings.AUTHMIGRATION = {**settings.AUTHMIGRATION, "ENFORCE_SAMPLE": 0}
        with answering(ZeroDivisionError()), forced(Stage.ENFORCE):
            sync(learner)
            assert not check(learner, "course.edit", algebra)

    def test_an_object_that_is_not_there_is_not_found_as_today(self, learner):
        with pytest.raises(Http404):
            require(learner, "course.edit", "course:999999")


class TestRequire:
    def test_what_is_allowed_is_returned(self, learner, algebra, stage):
        assert require(learner, "course.view", algebra).allowed

    def test_what_is_denied_says_which_permission_and_why(self, learner, algebra):
        with (
            forced(Stage.ENFORCE),
            pytest.raises(PermissionDenied, match=r"course\.edit: denied \(no_role\)"),
        ):
            require(learner, "course.edit", algebra)


class TestLineage:
    def test_a_course_that_moves_takes_its_roles_along_and_makes_nobody_stale(self, algebra):
        """Lineage is read live from the foreign key, and is stored nowhere."""
        north, south = algebra.school, worlds.school()
        first, second = worlds.user(), worlds.user()
        worlds.staff(first, north, "secretary")
        worlds.staff(second, south, "secretary")
        sync(first, second)
        with forced(Stage.ENFORCE):
            before = [bool(check(w, "course.view", algebra)) for w in (first, second)]
            Course.objects.filter(pk=algebra.pk).update(school=south)
            algebra.refresh_from_db()
            after = [check(w, "course.view", algebra) for w in (first, second)]
            by_id = [bool(check(w, "course.view", f"course:{algebra.pk}")) for w in (first, second)]

        assert (before, [bool(d) for d in after], by_id) == (
            [True, False],
            [False, True],
            [False, True],
        )
        assert {d.world for d in after} == {"central"}
        assert {d.generation for d in after} == {1}

    def test_no_lineage_crosses_schools(self, db):
        north, south = worlds.school(), worlds.school()
        lineages = registry.get().lineages
        for here in (north, south):
            lineage = lineages.of_object(worlds.course(here))
            assert [c.id for c in lineage if c.type == "school"] == [str(here.pk)]

    def test_a_row_without_what_lies_above_hangs_from_the_platform(self, learner):
        orphan = Course(title="x", code="x", school_id=None)

        with forced(Stage.ENFORCE):
            assert not check(learner, "course.view", orphan)
            assert check(worlds.user(is_superuser=True), "course.view", orphan).world == "legacy"


class TestExplain:
    def test_a_decision_is_explained_from_stage_to_declaration(self, learner, algebra):
        with forced(Stage.ENFORCE):
            found = explain(learner, "course.view", algebra)

        text = str(found)
        assert found
        assert f"{learner.pk} course.view on course:{algebra.pk}: allowed (role: student" in text
        for part in (
            "stage:      enforce (at_stage)",
            "world:      central",
            "generation: 1",
            f"lineage:    course:{algebra.pk} > school:{algebra.school_id} > platform:-",
            f"fact:       student in course:{algebra.pk}, grant, from courses.Enrolment",
            "legacy:     allowed (legacy)",
            "rule:       course/student, declared at monolith/courses/authz.py:",
        ):
            assert part in text

    @pytest.mark.parametrize(
        ("spoil", "says"),
        [
            ("unmigrated", "legacy (never migrated)"),
            ("stale", "legacy (stale: a change waits to be followed)"),
            ("poisoned", "legacy (failing: UnmappedLegacyValue"),
        ],
    )
    def test_it_says_why_the_central_facts_do_not_decide(self, learner, algebra, spoil, says):
        if spoil == "unmigrated":
            SubjectState.objects.all().delete()
        else:
            mark(learner)
        if spoil == "poisoned":
            Enrolment.objects.update(kind=77)
            sync(learner)
        with forced(Stage.ENFORCE):
            assert says in str(explain(learner, "course.view", algebra))
