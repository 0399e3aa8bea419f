"""Each flaw of monolith/FLAWS.md, exploited: the answers that the new ones are compared with."""

import re
from importlib import import_module
from pathlib import Path

import pytest
from django.urls import reverse

import monolith
from monolith.accounts.models import User
from monolith.courses.models import Enrolment
from monolith.gradebook.models import Grade

TABLE = (Path(monolith.__file__).parent / "FLAWS.md").read_text(encoding="utf-8")
FLAWS = re.findall(r"^\| (F\d\d) \| [^|]+ \| `([a-z_/]+)\.py` `(\w+)` \|", TABLE, re.MULTILINE)


TESTS = "".join(
    path.read_text(encoding="utf-8") for path in Path(__file__).parent.rglob("test_*flaws*.py")
)


@pytest.mark.parametrize(("flaw", "module", "symbol"), FLAWS)
def test_a_flaw_names_code_that_exists_and_has_a_test(flaw, module, symbol):
    assert hasattr(import_module(f"monolith.{module.replace('/', '.')}"), symbol)
    assert f"def test_{flaw.lower()}_" in TESTS


def test_the_flaws_stand_in_order_and_none_twice():
    numbers = re.findall(r"^\| (F\d\d) ", TABLE, re.MULTILINE)
    assert numbers == sorted(set(numbers)) == [flaw for flaw, _, _ in FLAWS]


def test_f01_a_teacher_rewrites_the_course_of_another_school(platform):
    url = reverse("course-edit", args=[platform.course.pk])
    platform.client("other_teacher").post(url, {"title": "Mine", "code": "X"})
    platform.course.refresh_from_db()
    assert platform.course.title == "Mine"


def test_f02_the_address_of_one_course_withdraws_a_student_from_another(platform):
    elsewhere = platform["other_learner"].enrolments.get()
    url = reverse("course-withdraw", args=[platform.course.pk])
    platform.client("secretary").post(url, {"enrolment": elsewhere.pk})
    elsewhere.refresh_from_db()
    assert elsewhere.status == "withdrawn"


@pytest.mark.parametrize("name", ["other_teacher", "teacher_who_learns"])
def test_f03_a_teacher_reads_the_drafts_of_a_course_that_is_not_theirs(platform, name):
    response = platform.client(name).get(reverse("lecture-detail", args=[platform.draft.pk]))
    assert response.context["role"] == "teacher"


@pytest.mark.parametrize("name", ["withdrawn", "pending", "expired"])
def test_f04_a_student_without_a_valid_place_goes_on_reading(platform, name):
    response = platform.client(name).get(reverse("lecture-detail", args=[platform.lecture.pk]))
    assert response.status_code == 200


def test_f05_a_teacher_lists_the_grades_of_another_course(platform):
    url = reverse("exercise-grades", args=[platform.exercise.pk])
    assert list(platform.client("other_teacher").get(url).context["grades"]) == [platform.grade]


def test_f06_a_teacher_changes_their_own_grade_where_they_learn(platform):
    own = Grade.objects.create(
        exercise=platform.exercise, student=platform["teacher_who_learns"], points=1
    )
    url = reverse("grade-edit", args=[own.pk])
    platform.client("teacher_who_learns").post(url, {"points": 100})
    own.refresh_from_db()
    assert own.points == 100


def test_f07_a_teacher_changes_a_grade_of_another_course_over_the_api(platform):
    url = reverse("api-grade-detail", args=[platform.grade.pk])
    platform.client("other_teacher").patch(url, {"points": 0}, "application/json")
    platform.grade.refresh_from_db()
    assert platform.grade.points == 0


def test_f08_anybody_reads_a_grade_by_counting(platform):
    url = reverse("api-grade-detail", args=[platform.grade.pk])
    assert platform.client("nobody").get(url).json()["comment"] == "fair"


def test_f09_a_teacher_downloads_all_grades_and_a_student_only_their_own(platform):
    url = reverse("api-grade-list")
    answers = {
        name: platform.client(name).get(url).json()["count"]
        for name in ("other_teacher", "learner", "other_learner")
    }
    assert answers == {"other_teacher": 1, "learner": 1, "other_learner": 0}


def test_f10_anybody_reads_an_invoice_by_counting(platform):
    url = reverse("invoice-detail", args=[platform.invoice.pk])
    assert b"12,345.67" in platform.client("nobody").get(url).content


def test_f11_a_bursar_refunds_an_invoice_of_another_school(platform):
    platform.client("other_bursar").post(reverse("invoice-refund", args=[platform.invoice.pk]))
    platform.invoice.refresh_from_db()
    assert platform.invoice.status == "refunded"


def test_f12_a_secretary_enrols_somebody_at_another_school(platform):
    url = reverse("course-enrol", args=[platform.course.pk])
    platform.client("other_secretary").post(url, {"student": platform["nobody"].pk})
    assert platform["nobody"].enrolments.get().course == platform.course


def test_f13_a_secretary_makes_themselves_mentor_elsewhere_and_reads_the_grades(platform):
    secretary: User = platform["other_secretary"]
    client = platform.client("other_secretary")
    place = {"student": secretary.pk, "course": platform.course.pk, "kind": Enrolment.MENTOR}
    client.post(reverse("api-enrolment-create"), place, "application/json")
    url = reverse("exercise-grades", args=[platform.exercise.pk])
    assert client.get(url).status_code == 200
