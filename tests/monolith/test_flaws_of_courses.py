"""The flaws of accounts, schools and courses: open at off, and closed at enforce or not."""

import pytest
from django.urls import reverse

from authmigration.testing import at_stage
from monolith.accounts.models import Profile
from monolith.courses.models import Announcement, Course, Enrolment
from monolith.schools.models import SchoolStaff


def reads_an_address(platform):
    url = reverse("person", args=[platform["withdrawn"].pk])
    page = platform.client("nobody").get(url).content
    return b"withdrawn@campus.example" in page and b"ALG Algebra" in page


def moderates_a_course(platform):
    course = platform.other_course
    data = {"about": "hello", "moderated_courses": f"[{course.pk}]"}
    platform.client("learner").post(reverse("profile"), data)
    return Profile.objects.get(user=platform["learner"]).moderated_courses == [course.pk]


def appoints_oneself_elsewhere(platform):
    url = reverse("school-staff", args=[platform.school.pk])
    data = {"person": "other_principal", "position": "principal"}
    platform.client("other_principal").post(url, data)
    return platform.school.staff.filter(person__user=platform["other_principal"]).exists()


def dismisses_at_another_school(platform):
    theirs = SchoolStaff.objects.get(person__user=platform["secretary"])
    url = reverse("school-staff-dismiss", args=[platform.other_school.pk, theirs.pk])
    platform.client("other_principal").post(url)
    return not SchoolStaff.objects.filter(pk=theirs.pk).exists()


def reads_the_takings(platform, name="other_secretary"):
    page = platform.client(name).get(reverse("school-report", args=[platform.school.pk]))
    return b"12,345.67" in page.content


def lists_staff(platform):
    answer = platform.client("other_secretary").get(reverse("api-staff-list")).json()
    return platform.school.pk in {row["school"] for row in answer["results"]}


def prolongs_the_own_access(platform):
    (place,) = Enrolment.objects.filter(student=platform["limited"])
    platform.client("limited").post(reverse("enrolment-extend", args=[place.pk]))
    return Enrolment.objects.get(pk=place.pk).ends_at > place.ends_at


def downloads_the_roster(platform):
    url = reverse("course-roster-csv", args=[platform.course.pk])
    return b"learner@campus.example" in platform.client("other_teacher").get(url).content


def posts_a_notice(platform):
    url = reverse("course-announcements", args=[platform.course.pk])
    data = {"title": "No homework", "body": "Your staff"}
    platform.client("teacher_who_learns").post(url, data)
    return platform.course.announcements.filter(title="No homework").exists()


def rewrites_a_notice(platform):
    notice = platform.course.announcements.get()
    url = reverse("announcement-edit", args=[notice.pk])
    platform.client("other_teacher").post(url, {"title": "Mine", "body": "text"})
    return Announcement.objects.get(pk=notice.pk).title == "Mine"


def reads_the_news_of_all(platform):
    return b"ALG moves" in platform.client("other_learner").get(reverse("news")).content


def appoints_an_assistant(platform):
    url = reverse("course-staff", args=[platform.course.pk])
    platform.client("other_principal").post(url, {"user": platform["nobody"].pk})
    return platform.course.assistants.filter(pk=platform["nobody"].pk).exists()


def burdens_a_school(platform):
    url = reverse("course-transfer", args=[platform.course.pk])
    data = {"owner": "teacher", "school": platform.other_school.pk}
    platform.client("teacher").post(url, data)
    return Course.objects.get(pk=platform.course.pk).school == platform.other_school


def moves_a_place(platform):
    place = platform["learner"].enrolments.get()
    url = reverse("api-place-detail", args=[place.pk])
    data = {"course": platform.other_course.pk}
    platform.client("teacher").patch(url, data, "application/json")
    return Enrolment.objects.get(pk=place.pk).course == platform.other_course


def reads_a_door_code(platform):
    theirs = platform.course.sections.get()
    url = reverse("section-detail", args=[platform.other_course.pk, theirs.pk])
    return b"door code of ALG" in platform.client("other_learner").get(url).content


def lists_places(platform):
    answer = platform.client("other_teacher").get(reverse("api-place-list")).json()
    return platform.course.pk in {row["course"] for row in answer["results"]}


def reads_a_place(platform):
    place = platform["learner"].enrolments.get()
    url = reverse("api-place-detail", args=[place.pk])
    return platform.client("other_teacher").get(url).status_code == 200


def test_f14_anybody_reads_addresses_and_courses_by_counting(platform):
    assert reads_an_address(platform)


def test_f15_anybody_makes_themselves_moderator_with_their_own_profile(platform):
    assert moderates_a_course(platform)


def test_f16_a_principal_becomes_the_principal_of_another_school(platform):
    assert appoints_oneself_elsewhere(platform)


def test_f17_a_principal_dismisses_the_secretary_of_another_school(platform):
    assert dismisses_at_another_school(platform)


@pytest.mark.parametrize("name", ["other_secretary", "other_principal", "other_bursar"])
def test_f18_an_office_reads_the_takings_of_another_school(platform, name):
    assert reads_the_takings(platform, name)


def test_f19_a_secretary_downloads_the_staff_of_another_school(platform):
    assert lists_staff(platform)


def test_f20_a_student_prolongs_their_own_access(platform):
    assert prolongs_the_own_access(platform)


def test_f21_a_teacher_downloads_the_addresses_of_another_course(platform):
    assert downloads_the_roster(platform)


def test_f22_a_teacher_who_learns_on_a_course_speaks_for_its_staff(platform):
    assert posts_a_notice(platform)


def test_f23_a_teacher_rewrites_the_notice_of_another_course(platform):
    assert rewrites_a_notice(platform)


def test_f24_a_student_reads_the_news_of_another_course(platform):
    assert reads_the_news_of_all(platform)


def test_f25_a_principal_appoints_an_assistant_at_another_school(platform):
    assert appoints_an_assistant(platform)


def test_f26_a_teacher_hands_a_course_to_a_school_that_was_not_asked(platform):
    assert burdens_a_school(platform)


def test_f27_a_teacher_moves_a_place_to_somebody_elses_course(platform):
    assert moves_a_place(platform)


def test_f28_a_student_reads_the_door_code_of_another_course(platform):
    assert reads_a_door_code(platform)


def test_f29_a_teacher_reads_who_is_on_another_course(platform):
    assert lists_places(platform)
    assert reads_a_place(platform)


CLOSED = {
    "F16": (appoints_oneself_elsewhere, "school.staff"),
    "F19": (lists_staff, "staff.view"),
    "F20": (prolongs_the_own_access, "enrolment.extend"),
    "F22": (posts_a_notice, "announcement.post"),
    "F23": (rewrites_a_notice, "announcement.edit"),
    "F24": (reads_the_news_of_all, "announcement.view"),
    "F25": (appoints_an_assistant, "course.staff"),
    "F26": (burdens_a_school, "school.receive"),
    "F29": (lists_places, "enrolment.view"),
}
LEFT_OPEN = {
    "F14": reads_an_address,
    "F15": moderates_a_course,
    "F17": dismisses_at_another_school,
    "F18": reads_the_takings,
    "F21": downloads_the_roster,
    "F27": moves_a_place,
    "F28": reads_a_door_code,
}


def test_a_place_cannot_be_read_by_its_id_either_at_enforce(platform):
    with at_stage("enforce"):
        assert not reads_a_place(platform)
