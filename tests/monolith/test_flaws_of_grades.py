"""The flaws of gradebook, payments and lectures: open at off, and closed at enforce or not."""

import pytest
from django.urls import reverse

from authmigration.testing import at_stage
from monolith.accounts.models import Profile
from monolith.gradebook.models import Exercise, Grade, Submission
from monolith.lectures.models import Comment, Progress
from monolith.payments.models import Instalment, Invoice


@pytest.fixture
def platform(platform):
    """The platform, with something on the other course, too."""
    platform.theirs = Exercise.objects.create(course=platform.other_course, title="Herbarium")
    Profile.objects.create(
        user=platform["other_learner"], moderated_courses=[platform.other_course.pk]
    )
    platform.their_invoice = Invoice.objects.create(
        student=platform["other_learner"], course=platform.other_course, amount_cents=100
    )
    return platform


def lists_submissions(platform):
    url = reverse("exercise-submissions", args=[platform.exercise.pk])
    return b"learner" in platform.client("other_teacher").get(url).content


def grades_by_posted_id(platform):
    url = reverse("exercise-submissions", args=[platform.theirs.pk])
    platform.client("other_teacher").post(url, {f"points-{platform.submission.pk}": 3})
    return Grade.objects.get(pk=platform.grade.pk).points == 3


def reads_a_submission_of_another_exercise(platform):
    url = reverse("submission-detail", args=[platform.theirs.pk, platform.submission.pk])
    return b"my essay" in platform.client("other_teacher").get(url).content


def exports_grades(platform, name="other_principal"):
    url = reverse("course-grades-csv", args=[platform.course.pk])
    return b"learner,,Essay,50" in platform.client(name).get(url).content


def adds_an_exercise(platform):
    body = {"course": platform.course.pk, "title": "Mine"}
    platform.client("other_teacher").post(reverse("api-exercise-create"), body, "application/json")
    return platform.course.exercises.filter(title="Mine").exists()


def moves_an_exercise(platform):
    url = reverse("api-exercise-detail", args=[platform.theirs.pk])
    body = {"course": platform.course.pk}
    platform.client("other_teacher").patch(url, body, "application/json")
    return platform.course.exercises.filter(title="Herbarium").exists()


def lists_invoices(platform):
    content = platform.client("other_bursar").get(reverse("invoice-list")).content
    assert b"1.00" in content
    return b"12,345.67" in content


def reads_a_receipt(platform):
    url = reverse("receipt", args=[platform.receipt.reference])
    return b"12,345.67" in platform.client("nobody").get(url).content


def postpones_an_instalment(platform):
    url = reverse("payment-plan", args=[platform.their_invoice.pk])
    platform.client("other_bursar").post(url, {"instalment": platform.instalment.pk})
    return Instalment.objects.get(pk=platform.instalment.pk).due_on != platform.instalment.due_on


def reads_what_a_school_is_owed(platform):
    Invoice.objects.update(status="open")
    url = f"{reverse('outstanding')}?school={platform.school.pk}"
    return b"12,345.67" in platform.client("other_bursar").get(url).content


def gets_the_teachers_page(platform, name="teacher_who_learns"):
    url = reverse("course-lectures", args=[platform.course.pk])
    return b"draft" in platform.client(name).get(url).content


def deletes_a_comment(platform):
    platform.client("other_learner").post(reverse("comment-delete", args=[platform.comment.pk]))
    return not Comment.objects.filter(pk=platform.comment.pk).exists()


def downloads_a_handout(platform):
    url = reverse("attachment", args=[platform.attachment.pk])
    return b"a handout" in platform.client("nobody").get(url).content


def reads_who_watches(platform, name="other_teacher"):
    Progress.objects.get_or_create(lecture=platform.lecture, student=platform["learner"])
    url = reverse("lecture-viewers", args=[platform.lecture.pk])
    return b"learner" in platform.client(name).get(url).content


def test_f30_a_teacher_lists_what_was_handed_in_on_another_course(platform):
    assert lists_submissions(platform)


def test_f31_a_teacher_grades_by_posting_the_id_of_a_submission_elsewhere(platform):
    assert grades_by_posted_id(platform)


def test_f32_a_teacher_reads_a_submission_below_an_exercise_where_it_is_not(platform):
    assert reads_a_submission_of_another_exercise(platform)


@pytest.mark.parametrize("name", ["other_teacher", "teacher_who_learns", "other_principal"])
def test_f33_a_teacher_or_principal_of_elsewhere_downloads_the_grades(platform, name):
    assert exports_grades(platform, name)


def test_f34_a_teacher_sets_an_exercise_on_somebody_elses_course(platform):
    assert adds_an_exercise(platform)


def test_f35_a_teacher_moves_an_exercise_to_somebody_elses_course(platform):
    assert moves_an_exercise(platform)


def test_f36_a_bursar_lists_the_invoices_of_another_school(platform):
    assert lists_invoices(platform)


def test_f37_anybody_reads_a_receipt_by_its_reference(platform):
    assert reads_a_receipt(platform)


def test_f38_a_bursar_postpones_an_instalment_of_another_school(platform):
    assert postpones_an_instalment(platform)


def test_f39_a_bursar_reads_what_another_school_is_owed(platform):
    assert reads_what_a_school_is_owed(platform)


@pytest.mark.parametrize("name", ["other_teacher", "teacher_who_learns"])
def test_f40_a_teacher_gets_the_teachers_page_of_a_course_that_is_not_theirs(platform, name):
    assert gets_the_teachers_page(platform, name)
    assert not gets_the_teachers_page(platform, "learner")


def test_f41_a_moderator_of_another_course_deletes_a_comment(platform):
    assert deletes_a_comment(platform)


def test_f42_anybody_downloads_a_handout_by_counting(platform):
    assert downloads_a_handout(platform)


def test_f43_a_teacher_of_another_course_reads_who_watches(platform):
    assert reads_who_watches(platform)
    assert not reads_who_watches(platform, "nobody")


CLOSED = {
    "F30": (lists_submissions, "submission.list"),
    "F31": (grades_by_posted_id, "submission.grade"),
    "F33": (exports_grades, "grade.export"),
    "F34": (adds_an_exercise, "exercise.create"),
    "F36": (lists_invoices, "invoice.view"),
    "F37": (reads_a_receipt, "receipt.view"),
    "F41": (deletes_a_comment, "comment.delete"),
    "F42": (downloads_a_handout, "attachment.download"),
}
LEFT_OPEN = {
    "F32": reads_a_submission_of_another_exercise,
    "F35": moves_an_exercise,
    "F38": postpones_an_instalment,
    "F39": reads_what_a_school_is_owed,
    "F40": gets_the_teachers_page,
    "F43": reads_who_watches,
}


def test_whoever_belongs_there_does_all_of_it_at_enforce(platform):
    own = Submission.objects.create(
        exercise=platform.exercise, student=platform["limited"], text="another"
    )
    submissions = reverse("exercise-submissions", args=[platform.exercise.pk])
    body = {"course": platform.course.pk, "title": "Ours"}
    with at_stage("enforce"):
        assert platform.client("teacher").post(submissions, {f"points-{own.pk}": 9}).url
        api = platform.client("teacher").post(
            reverse("api-exercise-create"), body, "application/json"
        )
        assert api.status_code == 201
        assert exports_grades(platform, "principal")
        assert b"12,345.67" in platform.client("bursar").get(reverse("invoice-list")).content
        receipt = reverse("receipt", args=[platform.receipt.reference])
        assert platform.client("learner").get(receipt).status_code == 200
        handout = reverse("attachment", args=[platform.attachment.pk])
        assert platform.client("auditor").get(handout).status_code == 200
        comment = reverse("comment-delete", args=[platform.comment.pk])
        assert platform.client("moderator").post(comment).status_code == 302
    assert Grade.objects.get(student=platform["limited"]).points == 9
