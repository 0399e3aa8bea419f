import pytest
from django.test import Client
from django.urls import reverse

from monolith.accounts.models import OutboxMail, Profile
from monolith.courses.models import Course, Enrolment
from monolith.courses.visible import my_courses, visible_courses


def codes(courses) -> list[str]:
    return sorted(courses.values_list("code", flat=True))


def test_home_lists_what_a_user_takes_part_in(platform):
    page = platform.client("assistant").get(reverse("home"))
    assert [course.code for course in page.context["courses"]] == ["ALG"]


@pytest.mark.parametrize(
    ("name", "own"),
    [
        *((name, ["ALG"]) for name in ("learner", "limited", "auditor", "mentor", "teacher")),
        *((name, ["ALG"]) for name in ("moderator", "assistant", "teacher_who_learns")),
        *((name, []) for name in ("withdrawn", "pending", "expired", "nobody", "principal")),
        *((name, []) for name in ("registrar", "superuser", "bursar")),
        ("other_teacher", ["BIO"]),
    ],
)
def test_my_courses_are_those_of_every_role_on_a_course(platform, name, own):
    assert codes(my_courses(platform[name])) == own


def test_an_owner_without_the_teachers_flag_holds_nothing(platform):
    Course.objects.update(owner=platform["nobody"])
    assert codes(my_courses(platform["nobody"])) == []


def test_a_course_is_listed_once_however_often_somebody_holds_it(platform):
    learner = platform["learner"]
    Enrolment.objects.bulk_create([Enrolment(student=learner, course=platform.course)] * 2)
    platform.course.assistants.add(learner)
    Profile.objects.create(user=learner, moderated_courses=[platform.course.pk])
    assert codes(visible_courses(learner)) == ["ALG"]


def test_everybody_sees_a_public_course(platform):
    Course.objects.filter(code="BIO").update(is_public=True)
    page = Client().get(reverse("course-list"))
    assert [course.code for course in page.context["courses"]] == ["BIO"]
    other = reverse("course-detail", args=[platform.other_course.pk])
    assert Client().get(other).status_code == 200


def test_the_catalogue_leaves_out_archived_courses_and_home_does_not(platform):
    Course.objects.update(archived=True)
    client = platform.client("learner")
    assert not client.get(reverse("course-list")).context["courses"]
    assert len(client.get(reverse("home")).context["courses"]) == 1


def test_an_archived_course_cannot_be_edited(platform):
    Course.objects.update(archived=True)
    response = platform.client("teacher").get(reverse("course-edit", args=[platform.course.pk]))
    assert response.status_code == 409


def test_the_course_page_tells_a_moderator_that_they_are_one(platform):
    url = reverse("course-detail", args=[platform.course.pk])
    assert platform.client("moderator").get(url).context["moderates"]
    assert not platform.client("learner").get(url).context["moderates"]


def test_enrolling_a_student_mails_them(platform):
    url = reverse("course-enrol", args=[platform.course.pk])
    platform.client("registrar").post(url, {"student": platform["nobody"].pk})
    assert OutboxMail.objects.get().to == "nobody@campus.example"


def test_enrolling_twice_makes_a_duplicate(platform):
    url = reverse("course-enrol", args=[platform.course.pk])
    for _ in range(2):
        platform.client("registrar").post(url, {"student": platform["nobody"].pk})
    assert platform["nobody"].enrolments.count() == 2


def test_an_enrolment_over_the_api_is_active_from_today(platform):
    place = {"student": platform["nobody"].pk, "course": platform.course.pk, "kind": 20}
    url = reverse("api-enrolment-create")
    answer = platform.client("registrar").post(url, place, "application/json").json()
    assert answer["status"] == "active"
    assert answer["registered_on"] is not None


def test_an_enrolment_of_an_unknown_kind_is_refused_with_the_field(platform):
    place = {"student": platform["nobody"].pk, "course": platform.course.pk, "kind": 7}
    url = reverse("api-enrolment-create")
    response = platform.client("registrar").post(url, place, "application/json")
    assert response.status_code == 400
    assert list(response.json()) == ["kind"]


@pytest.mark.parametrize("student", ["", "x", "-1", "1.5", "٣"])
def test_an_id_that_is_none_is_a_bad_request(platform, student):
    url = reverse("course-enrol", args=[platform.course.pk])
    response = platform.client("registrar").post(url, {"student": student})
    assert response.status_code == 400


def test_a_course_that_does_not_exist_is_not_found(platform):
    assert platform.client("superuser").get("/courses/999999/").status_code == 404


def test_bulk_work_on_enrolments_mails_nobody(platform):
    assert not OutboxMail.objects.exists()
