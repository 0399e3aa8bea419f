"""The table of the flaws, and the oldest of them: open at off, and closed at enforce or not."""

import re
from importlib import import_module
from pathlib import Path

import pytest
from django.urls import reverse

import monolith
from authmigration import registry
from authmigration.legacy import LegacyCheck, LegacyList
from monolith.courses.models import Course, Enrolment
from monolith.gradebook.models import Grade
from monolith.payments.models import Invoice

TABLE = (Path(monolith.__file__).parent / "FLAWS.md").read_text(encoding="utf-8")
ROW = re.compile(
    r"^\| (F\d\d) \| [^|]+ \| `([a-z_/]+)\.py` `(\w+)` \| [^|]+ \| [^|]+ \| (\w+) \| (\w*) ?\|$",
    re.MULTILINE,
)
FLAWS = ROW.findall(TABLE)
TESTS = "".join(
    path.read_text(encoding="utf-8") for path in Path(__file__).parent.rglob("test_*flaws*.py")
)


def code_of(module, symbol):
    return getattr(import_module(f"monolith.{module.replace('/', '.')}"), symbol)


@pytest.mark.parametrize(("flaw", "module", "symbol", "at_enforce", "_seen"), FLAWS)
def test_a_flaw_names_code_that_exists_and_is_exploited_at_off_and_at_enforce(
    flaw, module, symbol, at_enforce, _seen
):
    code = code_of(module, symbol)
    assert f"def test_{flaw.lower()}_" in TESTS
    assert f'"{flaw}": ' in TESTS
    if at_enforce == "closed":
        assert isinstance(code, (LegacyCheck, LegacyList))
        assert flaw in code.stricter
    else:
        assert at_enforce == "open"


def test_the_flaws_stand_in_order_and_none_twice():
    numbers = re.findall(r"^\| (F\d\d) ", TABLE, re.MULTILINE)
    assert numbers == sorted(set(numbers)) == [flaw for flaw, *_ in FLAWS]


def test_what_the_new_answers_close_is_what_the_table_calls_closed():
    declared = registry.get()
    reasons = [x.stricter for x in (*declared.checks.values(), *declared.lists.values())]
    named = {flaw for reason in reasons for flaw in re.findall(r"F\d\d", reason or "")}
    assert all(re.match(r"F\d\d(, F\d\d)*: ", reason) for reason in reasons if reason)
    assert named == {flaw for flaw, _, _, at_enforce, _ in FLAWS if at_enforce == "closed"}


def test_few_flaws_are_seen_by_reading_alone():
    assert 0 < sum(seen == "yes" for *_, seen in FLAWS) <= len(FLAWS) / 10


def rewrites_a_course(platform):
    url = reverse("course-edit", args=[platform.course.pk])
    platform.client("other_teacher").post(url, {"title": "Mine", "code": "X"})
    return Course.objects.get(pk=platform.course.pk).title == "Mine"


def withdraws_from_another_course(platform):
    elsewhere = platform["other_learner"].enrolments.get()
    url = reverse("course-withdraw", args=[platform.course.pk])
    platform.client("secretary").post(url, {"enrolment": elsewhere.pk})
    return Enrolment.objects.get(pk=elsewhere.pk).status == "withdrawn"


def reads_a_draft(platform, name="other_teacher"):
    response = platform.client(name).get(reverse("lecture-detail", args=[platform.draft.pk]))
    return response.status_code == 200 and response.context["role"] == "teacher"


def goes_on_reading(platform, name="withdrawn"):
    url = reverse("lecture-detail", args=[platform.lecture.pk])
    return platform.client(name).get(url).status_code == 200


def lists_grades(platform):
    url = reverse("exercise-grades", args=[platform.exercise.pk])
    return b"fair" in platform.client("other_teacher").get(url).content


def changes_the_own_grade(platform):
    learner = platform["teacher_who_learns"]
    own = Grade.objects.create(exercise=platform.exercise, student=learner, points=1)
    url = reverse("grade-edit", args=[own.pk])
    platform.client("teacher_who_learns").post(url, {"points": 100})
    return Grade.objects.get(pk=own.pk).points == 100


def changes_a_grade_over_the_api(platform):
    url = reverse("api-grade-detail", args=[platform.grade.pk])
    platform.client("other_teacher").patch(url, {"points": 0}, "application/json")
    return Grade.objects.get(pk=platform.grade.pk).points == 0


def reads_a_grade(platform):
    url = reverse("api-grade-detail", args=[platform.grade.pk])
    return platform.client("nobody").get(url).json().get("comment") == "fair"


def downloads_all_grades(platform, name="other_teacher"):
    return platform.client(name).get(reverse("api-grade-list")).json()["count"] > 0


def reads_an_invoice(platform):
    url = reverse("invoice-detail", args=[platform.invoice.pk])
    return b"12,345.67" in platform.client("nobody").get(url).content


def refunds_an_invoice(platform):
    platform.client("other_bursar").post(reverse("invoice-refund", args=[platform.invoice.pk]))
    return Invoice.objects.get(pk=platform.invoice.pk).status == "refunded"


def enrols_somebody(platform):
    url = reverse("course-enrol", args=[platform.course.pk])
    platform.client("other_secretary").post(url, {"student": platform["nobody"].pk})
    return platform["nobody"].enrolments.filter(course=platform.course).exists()


def becomes_mentor_and_reads_the_grades(platform):
    client = platform.client("other_secretary")
    place = {
        "student": platform["other_secretary"].pk,
        "course": platform.course.pk,
        "kind": Enrolment.MENTOR,
    }
    client.post(reverse("api-enrolment-create"), place, "application/json")
    return client.get(reverse("exercise-grades", args=[platform.exercise.pk])).status_code == 200


def test_f01_a_teacher_rewrites_the_course_of_another_school(platform):
    assert rewrites_a_course(platform)


def test_f02_the_address_of_one_course_withdraws_a_student_from_another(platform):
    assert withdraws_from_another_course(platform)


@pytest.mark.parametrize("name", ["other_teacher", "teacher_who_learns"])
def test_f03_a_teacher_reads_the_drafts_of_a_course_that_is_not_theirs(platform, name):
    assert reads_a_draft(platform, name)


@pytest.mark.parametrize("name", ["withdrawn", "pending", "expired"])
def test_f04_a_student_without_a_valid_place_goes_on_reading(platform, name):
    assert goes_on_reading(platform, name)


def test_f05_a_teacher_lists_the_grades_of_another_course(platform):
    assert lists_grades(platform)


def test_f06_a_teacher_changes_their_own_grade_where_they_learn(platform):
    assert changes_the_own_grade(platform)


def test_f07_a_teacher_changes_a_grade_of_another_course_over_the_api(platform):
    assert changes_a_grade_over_the_api(platform)


def test_f08_anybody_reads_a_grade_by_counting(platform):
    assert reads_a_grade(platform)


def test_f09_a_teacher_downloads_all_grades_and_a_student_only_their_own(platform):
    assert downloads_all_grades(platform)
    assert downloads_all_grades(platform, "learner")
    assert not downloads_all_grades(platform, "other_learner")


def test_f10_anybody_reads_an_invoice_by_counting(platform):
    assert reads_an_invoice(platform)


def test_f11_a_bursar_refunds_an_invoice_of_another_school(platform):
    assert refunds_an_invoice(platform)


def test_f12_a_secretary_enrols_somebody_at_another_school(platform):
    assert enrols_somebody(platform)


def test_f13_a_secretary_makes_themselves_mentor_elsewhere_and_reads_the_grades(platform):
    assert becomes_mentor_and_reads_the_grades(platform)


CLOSED = {
    "F01": (rewrites_a_course, "course.edit"),
    "F03": (reads_a_draft, "lecture.preview"),
    "F04": (goes_on_reading, "lecture.view"),
    "F05": (lists_grades, "grade.list"),
    "F06": (changes_the_own_grade, "grade.edit"),
    "F07": (changes_a_grade_over_the_api, "grade.edit"),
    "F08": (reads_a_grade, "grade.view"),
    "F09": (downloads_all_grades, "grade.view"),
    "F10": (reads_an_invoice, "invoice.view"),
    "F11": (refunds_an_invoice, "invoice.refund"),
    "F12": (enrols_somebody, "course.enrol"),
}
LEFT_OPEN = {
    "F02": withdraws_from_another_course,
    "F13": becomes_mentor_and_reads_the_grades,
}
