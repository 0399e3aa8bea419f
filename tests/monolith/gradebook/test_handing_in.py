from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from authmigration.testing import at_stage
from monolith.accounts.models import User
from monolith.courses.models import Course
from monolith.gradebook.models import Exercise, Grade, GradeChange, Submission


def post(platform, name, text):
    url = reverse("exercise-hand-in", args=[platform.exercise.pk])
    return platform.client(name).post(url, {"text": text})


def grade(platform, name="teacher", **points):
    url = reverse("exercise-submissions", args=[platform.exercise.pk])
    return platform.client(name).post(url, points)


def test_a_student_hands_in_and_the_teacher_reads_it(platform):
    post(platform, "limited", "Of bees.")
    handed_in = Submission.objects.get(student=platform["limited"])
    url = reverse("submission-detail", args=[platform.exercise.pk, handed_in.pk])
    assert b"Of bees." in platform.client("teacher").get(url).content


def test_handing_in_again_replaces_the_text(platform):
    post(platform, "learner", "Better.")
    assert Submission.objects.get(student=platform["learner"]).text == "Better."


@pytest.mark.parametrize("text", ["", "x" * 20_001])
def test_an_empty_or_endless_text_is_not_handed_in(platform, text):
    assert post(platform, "limited", text).context["form"].errors
    assert not Submission.objects.filter(student=platform["limited"]).exists()


@pytest.mark.parametrize("why", ["past the deadline", "archived"])
def test_nothing_is_handed_in_for_a_closed_exercise_but_the_page_shows_what_was(platform, why):
    if why == "archived":
        Course.objects.update(archived=True)
    else:
        Exercise.objects.update(due_at=timezone.now() - timedelta(minutes=1))
    assert post(platform, "learner", "Too late.").status_code == 409
    url = reverse("exercise-hand-in", args=[platform.exercise.pk])
    content = platform.client("learner").get(url).content
    assert b"my essay" in content
    assert b"<textarea" not in content


def test_an_exercise_is_open_until_its_deadline(platform):
    Exercise.objects.update(due_at=timezone.now() + timedelta(minutes=1))
    assert post(platform, "learner", "In time.").status_code == 302


def test_a_page_of_submissions_is_graded_at_once(platform):
    post(platform, "limited", "Another.")
    another = Submission.objects.get(student=platform["limited"])
    grade(platform, **{f"points-{platform.submission.pk}": 70, f"points-{another.pk}": ""})
    assert list(Grade.objects.values_list("student", "points")) == [(platform["learner"].pk, 70)]
    grade(platform, **{f"points-{platform.submission.pk}": 70, f"points-{another.pk}": 55})
    assert set(Grade.objects.values_list("points", flat=True)) == {70, 55}


@pytest.mark.parametrize("value", ["101", "-1", "x", "1.5", "٣", "9" * 30])
def test_points_that_are_none_grade_nobody(platform, value):
    assert grade(platform, **{f"points-{platform.submission.pk}": value}).status_code == 400
    assert Grade.objects.get().points == 50


@pytest.mark.parametrize("key", ["x", "", "9" * 30])
def test_an_id_of_a_submission_that_is_none_grades_nobody(platform, key):
    assert grade(platform, **{f"points-{key}": 10}).status_code == 400


def test_one_submission_that_may_not_be_graded_keeps_all_others_from_it(platform):
    theirs = Exercise.objects.create(course=platform.other_course, title="Herbarium")
    foreign = Submission.objects.create(
        exercise=theirs, student=platform["other_learner"], text="t"
    )
    both = {f"points-{platform.submission.pk}": 1, f"points-{foreign.pk}": 1}
    with at_stage("enforce"):
        assert grade(platform, **both).status_code == 403
    assert list(Grade.objects.values_list("points", flat=True)) == [50]


def test_every_way_to_change_a_grade_stands_in_its_history(platform):
    client = platform.client("teacher")
    client.post(reverse("grade-edit", args=[platform.grade.pk]), {"points": 60})
    url = reverse("api-grade-detail", args=[platform.grade.pk])
    client.patch(url, {"points": 65}, "application/json")
    grade(platform, **{f"points-{platform.submission.pk}": 70})
    grade(platform, **{f"points-{platform.submission.pk}": 70})
    admin = reverse("admin:gradebook_grade_change", args=[platform.grade.pk])
    fields = {"exercise": platform.exercise.pk, "student": platform["learner"].pk, "points": 75}
    platform.client("superuser").post(admin, fields)
    history = GradeChange.objects.order_by("pk").values_list("points_before", "points_after")
    assert list(history) == [(50, 60), (60, 65), (65, 70), (70, 75)]
    page = platform.client("learner").get(reverse("grade-history", args=[platform.grade.pk]))
    assert [change.points_after for change in page.context["changes"]] == [60, 65, 70, 75]
    by = [change.changed_by for change in page.context["changes"]]
    assert by == [platform["teacher"]] * 3 + [platform["superuser"]]


def test_fifty_submissions_stand_on_a_page(platform):
    names = [f"more{number}" for number in range(50)]
    people = User.objects.bulk_create([User(username=name, password="!") for name in names])
    Submission.objects.bulk_create(
        [Submission(exercise=platform.exercise, student=who, text="t") for who in people]
    )
    url = reverse("exercise-submissions", args=[platform.exercise.pk])
    client = platform.client("teacher")
    assert [len(client.get(url, {"page": n}).context["page"]) for n in (1, 2)] == [50, 1]
    assert b"Page 2 of 2" in client.get(url, {"page": 2}).content


@pytest.mark.parametrize("stage", ["off", "enforce"])
def test_an_owner_without_the_teachers_flag_reads_and_changes_nothing(platform, stage):
    Course.objects.update(owner=platform["nobody"])
    exercise = platform.exercise.pk
    urls = (
        reverse("submission-detail", args=[exercise, platform.submission.pk]),
        reverse("grade-history", args=[platform.grade.pk]),
        reverse("exercise-submissions", args=[exercise]),
        reverse("api-exercise-detail", args=[exercise]),
        reverse("course-grades-csv", args=[platform.course.pk]),
    )
    client = platform.client("nobody")
    with at_stage(stage):
        assert {client.get(url).status_code for url in urls} == {403}
