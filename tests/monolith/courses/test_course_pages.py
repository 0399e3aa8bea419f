"""What the pages of a course do for those who may use them."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from authmigration.models import AuditEvent
from authmigration.testing import at_stage
from monolith.accounts.models import User
from monolith.courses.models import Course, Enrolment, Section
from monolith.courses.views.roster import _PAGE


def url(name, platform):
    return reverse(name, args=[platform.course.pk])


class TestRoster:
    def test_it_lists_everybody_whatever_their_place(self, platform):
        page = platform.client("secretary").get(url("course-roster", platform)).content.decode()
        for name in ("learner", "withdrawn", "pending", "mentor", "auditor"):
            assert f">{name}</a>" in page
        assert ">other_learner</a>" not in page

    def test_it_has_pages(self, platform):
        people = [User(username=f"z{n}", password="!") for n in range(_PAGE)]
        places = [
            Enrolment(student=user, course=platform.course)
            for user in User.objects.bulk_create(people)
        ]
        Enrolment.objects.bulk_create(places)
        client = platform.client("teacher")
        first = client.get(url("course-roster", platform))
        assert len(first.context["page"]) == _PAGE
        second = client.get(url("course-roster", platform), {"page": 2})
        assert 0 < len(second.context["page"]) < _PAGE

    def test_as_a_file_it_has_a_line_each(self, platform):
        response = platform.client("teacher").get(url("course-roster-csv", platform))
        assert response["Content-Type"] == "text/csv"
        lines = response.content.decode().splitlines()
        assert lines[0] == "user name,name,e-mail,kind,status"
        assert "withdrawn,,withdrawn@campus.example,learner,withdrawn" in lines
        assert len(lines) == 1 + platform.course.enrolments.count()

    @pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)"])
    def test_a_name_that_a_spreadsheet_would_calculate_stays_text(self, platform, name):
        User.objects.filter(username="learner").update(first_name=name, last_name="x")
        text = platform.client("teacher").get(url("course-roster-csv", platform)).content.decode()
        assert f"learner,'{name} x," in text


class TestAssistants:
    def test_one_is_appointed_in_both_worlds_and_dismissed_from_both(self, platform):
        nobody, client = platform["nobody"], platform.client("teacher")
        client.post(url("course-staff", platform), {"user": nobody.pk})
        assert platform.course.assistants.contains(nobody)
        edit = reverse("lecture-edit", args=[platform.lecture.pk])
        for stage, status in (("off", 200), ("enforce", 200)):
            with at_stage(stage):
                assert platform.client("nobody").get(edit).status_code == status
        client.post(url("course-staff-dismiss", platform), {"user": nobody.pk})
        assert not platform.course.assistants.contains(nobody)
        for stage in ("off", "enforce"):
            with at_stage(stage):
                assert platform.client("nobody").get(edit).status_code == 403
        events = AuditEvent.objects.filter(subject=str(nobody.pk), role="assistant")
        assert [event.action for event in events.order_by("pk")] == ["assign", "unassign"]
        assert {event.actor for event in events} == {f"user:{platform['teacher'].pk}"}

    def test_a_teaching_assistant_is_known_to_the_new_rules_alone(self, platform):
        nobody, client = platform["nobody"], platform.client("teacher")
        grades = reverse("exercise-grades", args=[platform.exercise.pk])
        client.post(url("course-staff", platform), {"user": nobody.pk, "role": "ta"})
        assert not platform.course.assistants.contains(nobody)
        for stage, status in (("off", 403), ("enforce", 200)):
            with at_stage(stage):
                assert platform.client("nobody").get(grades).status_code == status
        client.post(url("course-staff-dismiss", platform), {"user": nobody.pk, "role": "ta"})
        with at_stage("enforce"):
            assert platform.client("nobody").get(grades).status_code == 403

    def test_another_role_is_not_given_here(self, platform):
        body = {"user": platform["nobody"].pk, "role": "teacher"}
        response = platform.client("teacher").post(url("course-staff", platform), body)
        assert response.status_code == 400

    def test_the_same_one_twice_stands_there_once(self, platform):
        for _ in range(2):
            platform.client("teacher").post(
                url("course-staff", platform), {"user": platform["nobody"].pk}
            )
        through = Course.assistants.through.objects.filter(user=platform["nobody"])
        assert through.count() == 1

    @pytest.mark.parametrize(("user", "status"), [("x", 400), ("", 400), ("999999", 404)])
    def test_who_does_not_exist_is_not_appointed(self, platform, user, status):
        response = platform.client("teacher").post(url("course-staff", platform), {"user": user})
        assert response.status_code == status

    def test_a_closed_account_is_not_appointed(self, platform):
        User.objects.filter(username="nobody").update(is_active=False)
        data = {"user": platform["nobody"].pk}
        assert (
            platform.client("teacher").post(url("course-staff", platform), data).status_code == 404
        )


class TestHandOver:
    def test_a_teacher_gives_the_course_to_another_of_the_school(self, platform):
        data = {"owner": "other_t", "school": platform.school.pk}
        for stage in ("off", "enforce"):
            Course.objects.filter(code="ALG").update(owner=platform["teacher"])
            with at_stage(stage):
                platform.client("teacher").post(url("course-transfer", platform), data)
            assert Course.objects.get(code="ALG").owner == platform["other_teacher"]

    def test_the_principal_of_both_schools_moves_a_course(self, platform):
        person = platform["principal"].person
        platform.other_school.staff.create(person=person, position="principal")
        data = {"owner": "teacher", "school": platform.other_school.pk}
        with at_stage("enforce"):
            platform.client("principal").post(url("course-transfer", platform), data)
        assert Course.objects.get(code="ALG").school == platform.other_school

    def test_who_is_no_teacher_gets_no_course(self, platform):
        data = {"owner": "learner", "school": platform.school.pk}
        response = platform.client("teacher").post(url("course-transfer", platform), data)
        assert "No teacher has this user name." in response.content.decode()
        assert Course.objects.get(code="ALG").owner == platform["teacher"]


class TestArchive:
    def test_a_course_is_archived_once(self, platform):
        client = platform.client("teacher")
        assert client.post(url("course-archive", platform)).status_code == 302
        assert Course.objects.get(code="ALG").archived
        assert client.post(url("course-archive", platform)).status_code == 409

    def test_who_may_not_hears_that_and_not_that_it_is_archived(self, platform):
        Course.objects.update(archived=True)
        response = platform.client("learner").post(url("course-archive", platform))
        assert response.status_code == 403


class TestNotices:
    def test_a_teacher_posts_and_mends_one_and_the_students_read_it(self, platform):
        client = platform.client("teacher")
        client.post(url("course-announcements", platform), {"title": "Exam", "body": "in June"})
        notice = platform.course.announcements.get(title="Exam")
        assert (notice.author, notice.course) == (platform["teacher"], platform.course)
        edit = reverse("announcement-edit", args=[notice.pk])
        client.post(edit, {"title": "Exam", "body": "in July"})
        page = platform.client("learner").get(url("course-announcements", platform))
        assert b"in July" in page.content
        assert page.context["role"] == "student"
        assert edit.encode() not in page.content

    def test_an_archived_course_gets_no_more(self, platform):
        Course.objects.update(archived=True)
        data = {"title": "Exam", "body": "in June"}
        client = platform.client("teacher")
        assert client.post(url("course-announcements", platform), data).status_code == 409

    @pytest.mark.parametrize("stage", ["off", "enforce"])
    def test_a_public_course_shows_its_page_and_not_its_notices(self, platform, stage):
        Course.objects.update(is_public=True)
        client = platform.client("nobody")
        with at_stage(stage):
            assert client.get(url("course-detail", platform)).status_code == 200
            assert client.get(url("course-announcements", platform)).status_code == 403

    def test_the_news_at_enforce_are_those_of_the_own_courses(self, platform):
        with at_stage("enforce"):
            page = platform.client("learner").get(reverse("news")).content
        assert b"ALG moves" in page
        assert b"BIO moves" not in page


class TestSections:
    def test_those_on_the_course_read_where_a_group_meets(self, platform):
        section = platform.course.sections.get()
        address = reverse("section-detail", args=[platform.course.pk, section.pk])
        assert b"door code of ALG" in platform.client("learner").get(address).content

    def test_the_course_page_names_them_without_their_notes(self, platform):
        page = platform.client("learner").get(url("course-detail", platform)).content
        assert b"Group 1" in page
        assert b"door code" not in page

    def test_a_public_course_shows_its_page_and_not_its_groups(self, platform):
        Course.objects.update(is_public=True)
        section = platform.course.sections.get()
        address = reverse("section-detail", args=[platform.course.pk, section.pk])
        assert platform.client("nobody").get(address).status_code == 403
        assert (
            b"Group 1" not in platform.client("nobody").get(url("course-detail", platform)).content
        )

    def test_a_group_that_does_not_exist_is_not_found(self, platform):
        Section.objects.all().delete()
        address = reverse("section-detail", args=[platform.course.pk, 1])
        assert platform.client("learner").get(address).status_code == 404


class TestAccessThatEnds:
    def place(self, platform, **changed):
        place = platform["limited"].enrolments.get()
        Enrolment.objects.filter(pk=place.pk).update(**changed)
        return Enrolment.objects.get(pk=place.pk)

    def prolong(self, platform, place, name="secretary"):
        return platform.client(name).post(reverse("enrolment-extend", args=[place.pk]))

    def test_it_is_prolonged_from_its_end(self, platform):
        place = self.place(platform)
        with at_stage("enforce"):
            assert self.prolong(platform, place).url == url("course-roster", platform)
        assert self.place(platform).ends_at == place.ends_at + timedelta(days=30)

    def test_when_it_has_ended_from_today(self, platform):
        place = self.place(platform, ends_at=timezone.now() - timedelta(days=300))
        self.prolong(platform, place)
        left = self.place(platform).ends_at - timezone.now()
        assert timedelta(days=29, hours=23) < left <= timedelta(days=30)

    @pytest.mark.parametrize("changed", [{"ends_at": None}, {"status": "withdrawn"}])
    def test_without_an_end_or_a_place_there_is_nothing_to_prolong(self, platform, changed):
        assert self.prolong(platform, self.place(platform, **changed)).status_code == 409

    def test_the_home_page_offers_it_while_legacy_decides_and_not_at_enforce(self, platform):
        address = reverse("enrolment-extend", args=[platform["limited"].enrolments.get().pk])
        client = platform.client("limited")
        for stage, offered in (("off", True), ("enforce", False)):
            with at_stage(stage):
                assert (address in client.get(reverse("home")).content.decode()) is offered


class TestPlacesOverTheApi:
    def test_the_list_is_narrowed_to_a_course(self, platform):
        client = platform.client("registrar")
        for course in (platform.course, platform.other_course):
            answer = client.get(reverse("api-place-list"), {"course": course.pk}).json()
            assert answer["count"] == course.enrolments.count()

    def test_a_pending_place_is_confirmed_once(self, platform):
        place = platform["pending"].enrolments.get()
        address = reverse("api-place-confirm", args=[place.pk])
        client = platform.client("secretary")
        assert client.post(address).json()["status"] == "active"
        response = client.post(address)
        assert (response.status_code, response.json()["detail"][:20]) == (
            409,
            "This place is active",
        )

    def test_whose_place_it_is_and_as_what_does_not_change(self, platform):
        place = platform["learner"].enrolments.get()
        data = {"student": platform["nobody"].pk, "kind": 5, "status": "pending"}
        address = reverse("api-place-detail", args=[place.pk])
        answer = platform.client("teacher").patch(address, data, "application/json").json()
        assert (answer["student"], answer["kind"], answer["status"]) == (
            platform["learner"].pk,
            10,
            "active",
        )

    @pytest.mark.parametrize("method", ["put", "delete"])
    def test_places_are_neither_replaced_nor_deleted(self, platform, method):
        place = platform["learner"].enrolments.get()
        address = reverse("api-place-detail", args=[place.pk])
        assert getattr(platform.client("superuser"), method)(address).status_code == 405

    @pytest.mark.parametrize("stage", ["off", "enforce"])
    def test_a_secretary_sees_those_of_the_school(self, platform, stage):
        with at_stage(stage):
            answer = platform.client("secretary").get(reverse("api-place-list")).json()
        assert {row["course"] for row in answer["results"]} == {platform.course.pk}


@pytest.mark.parametrize("view", ["course-archive", "course-as-student", "course-staff-dismiss"])
def test_a_link_changes_nothing(platform, view):
    assert platform.client("teacher").get(url(view, platform)).status_code == 405
