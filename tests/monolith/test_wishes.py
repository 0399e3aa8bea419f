"""What was wished for at the beginning, shown over HTTP on the legacy platform."""

import time
from types import SimpleNamespace

import pytest
from django.urls import reverse

from authmigration import Role, assign
from authmigration.models import Assignment, AuditEvent
from authmigration.registry import _modules
from authmigration.testing import at_stage, registry_of
from monolith.courses.authz import TA
from monolith.courses.models import Course
from monolith.gradebook.models import Exercise, Grade

OK, FORBIDDEN = 200, 403
TEN_MINUTES = 10 * 60


def status(client, name, *args):
    return client.get(reverse(name, args=args)).status_code


@pytest.fixture
def theirs(platform):
    """A grade on the other course, where the learner of the first one will assist."""
    exercise = Exercise.objects.create(course=platform.other_course, title="Herbarium")
    return Grade.objects.create(exercise=exercise, student=platform["other_learner"], points=60)


@pytest.fixture
def helper(platform):
    """Whoever learns on the one course, and is made a teaching assistant on the other."""
    assign(platform["learner"], TA, platform.other_course, actor="tests", reason="helps out")
    return platform["learner"]


def test_somebody_is_a_student_on_one_course_and_a_teaching_assistant_on_another(
    platform, theirs, helper
):
    client = platform.client("learner")
    with at_stage("enforce"):
        assert status(client, "grade-edit", theirs.pk) == OK
        assert status(client, "grade-edit", platform.grade.pk) == FORBIDDEN
        assert status(client, "lecture-detail", platform.lecture.pk) == OK
        url = reverse("grade-edit", args=[theirs.pk])
        client.post(url, {"points": 61, "comment": "checked again"})
    theirs.refresh_from_db()
    assert (theirs.points, theirs.comment) == (61, "checked again")


def test_the_old_platform_cannot_hold_that_role_and_nobody_else_gets_it(platform, theirs, helper):
    stored = Assignment.objects.get(subject=str(helper.pk), role="ta")
    assert stored.source == "native"
    assert status(platform.client("learner"), "grade-edit", theirs.pk) == FORBIDDEN
    with at_stage("enforce"):
        assert status(platform.client("limited"), "grade-edit", theirs.pk) == FORBIDDEN


@pytest.mark.parametrize("stage", ["off", "enforce"])
def test_a_schools_administrator_runs_its_courses_and_no_others(platform, stage):
    client = platform.client("principal")
    with at_stage(stage):
        for page in ("course-edit", "course-roster", "course-transfer", "course-detail"):
            assert status(client, page, platform.course.pk) == OK
            assert status(client, page, platform.other_course.pk) == FORBIDDEN
        assert status(client, "school-dashboard", platform.school.pk) == OK
        assert status(client, "school-dashboard", platform.other_school.pk) == FORBIDDEN


def test_a_course_that_the_school_opens_later_is_its_administrators_too(platform):
    later = Course.objects.create(title="Drawing", code="DRA", school=platform.school)
    with at_stage("enforce"):
        assert status(platform.client("principal"), "course-edit", later.pk) == OK
        Course.objects.update(school=platform.other_school)
        assert status(platform.client("principal"), "course-edit", later.pk) == FORBIDDEN


def see_as_a_student(client, course):
    response = client.post(reverse("course-as-student", args=[course.pk]))
    assert response.status_code == 302


@pytest.mark.parametrize("stage", ["off", "enforce"])
class TestATeacherSeesTheOwnCourseAsAStudent:
    def test_for_ten_minutes_and_then_again_as_its_teacher(self, platform, stage, monkeypatch):
        client = platform.client("teacher")
        begin = time.time()
        with at_stage(stage):
            see_as_a_student(client, platform.course)
            monkeypatch.setattr(time, "time", lambda: begin + TEN_MINUTES - 5)
            assert status(client, "course-edit", platform.course.pk) == FORBIDDEN
            assert status(client, "lecture-detail", platform.draft.pk) == 404
            assert status(client, "lecture-detail", platform.lecture.pk) == OK
            monkeypatch.setattr(time, "time", lambda: begin + TEN_MINUTES + 5)
            assert status(client, "course-edit", platform.course.pk) == OK

    def test_with_a_banner_that_says_so_and_a_button_that_ends_it(self, platform, stage):
        client = platform.client("teacher")
        page = reverse("course-detail", args=[platform.course.pk])
        with at_stage(stage):
            assert b"as a student" in client.get(page).content  # the button
            see_as_a_student(client, platform.course)
            content = client.get(page).content.decode()
            assert "For 10 minutes more you see" in content
            assert reverse("course-edit", args=[platform.course.pk]) not in content
            assert client.post(reverse("view-as-end"), {"next": page}).url == page
            content = client.get(page).content.decode()
            assert "more you see" not in content
            assert reverse("course-edit", args=[platform.course.pk]) in content

    def test_and_changes_nothing_meanwhile(self, platform, stage):
        client = platform.client("teacher")
        with at_stage(stage):
            see_as_a_student(client, platform.course)
            url = reverse("course-edit", args=[platform.course.pk])
            assert client.post(url, {"title": "T", "code": "C"}).status_code == FORBIDDEN
        platform.course.refresh_from_db()
        assert platform.course.title == "Algebra"

    def test_and_may_log_out_meanwhile(self, platform, stage):
        client = platform.client("teacher")
        with at_stage(stage):
            see_as_a_student(client, platform.course)
            assert client.post(reverse("logout")).status_code == 302
            assert client.get(reverse("home")).status_code == 302

    def test_and_both_ends_stand_in_the_audit_trail(self, platform, stage):
        client = platform.client("teacher")
        with at_stage(stage):
            see_as_a_student(client, platform.course)
            client.post(reverse("view-as-end"))
        events = AuditEvent.objects.filter(subject=str(platform["teacher"].pk))
        wanted = {"view_as", "view_as_end"}
        assert {e.action for e in events if e.context == f"course:{platform.course.pk}"} == wanted

    @pytest.mark.parametrize(
        "name", ["learner", "other_teacher", "teacher_who_learns", "superuser"]
    )
    def test_but_nobody_else_does(self, platform, stage, name):
        url = reverse("course-as-student", args=[platform.course.pk])
        with at_stage(stage):
            assert platform.client(name).post(url).status_code == FORBIDDEN


def test_a_role_more_is_a_declaration_and_nothing_else(platform):
    # An external examiner reads the grades of one course, and the lectures they are given for.
    examiner = Role("examiner", on="course", can={"course.view", "lecture.view", "grade.list"})
    declared = registry_of(*_modules(), SimpleNamespace(examiner=examiner))
    client = platform.client("nobody")
    with at_stage("enforce"), declared:
        assert status(client, "exercise-grades", platform.exercise.pk) == FORBIDDEN
        assign(platform["nobody"], examiner, platform.course, actor="tests", reason="June exams")
        assert status(client, "exercise-grades", platform.exercise.pk) == OK
        assert status(client, "lecture-detail", platform.lecture.pk) == OK
        assert status(client, "grade-edit", platform.grade.pk) == FORBIDDEN
        listed = client.get(reverse("api-course-list")).json()["results"]
        assert [course["code"] for course in listed] == ["ALG"]
