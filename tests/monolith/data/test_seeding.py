from collections import Counter

import pytest
from django.db.models import Avg, Count, F, Sum

from monolith.accounts.models import OutboxMail, Person, Profile, User
from monolith.courses.models import Course, Enrolment
from monolith.data import (
    Intake,
    PlatformNotEmptyError,
    Presentation,
    Registration,
    Student,
    generate,
    seed,
)
from monolith.data.fill import STEPS
from monolith.data.fill.enrolments import ENDED, ENDS_LATER
from monolith.gradebook.models import Exercise, Grade, GradeChange, Submission
from monolith.lectures.models import Attachment, Comment, Lecture, Progress
from monolith.payments.models import Bursar, Invoice, Receipt
from monolith.schools.models import School, SchoolStaff

USERS = 400
FIELDS = ("student__username", "course__code", "kind", "status", "registered_on", "ends_at")


@pytest.fixture
def seeded(db) -> None:
    seed(generate(USERS))


def test_the_registrations_of_the_intake_are_learners(seeded):
    intake = generate(USERS)
    wanted = Counter(
        (
            intake.students[row.student].username,
            intake.presentations[row.presentation].code,
            "withdrawn" if row.withdrawn else "active",
            row.registered_on,
        )
        for row in intake.registrations
    )
    fields = ("student__username", "course__code", "status", "registered_on")
    found = Counter(Enrolment.objects.filter(kind=10).values_list(*fields))
    assert not wanted - found


def test_every_kind_and_status_of_enrolment_occurs(seeded):
    kinds = set(Enrolment.objects.values_list("kind", "status"))
    assert kinds >= {(10, "active"), (10, "withdrawn"), (10, "pending"), (5, "active")}
    assert (20, "active") in kinds
    assert Enrolment.objects.filter(registered_on=None, kind=10).exists()


def test_access_has_ended_for_some_and_will_end_for_others(seeded):
    for kind in (10, 20):
        places = Enrolment.objects.filter(kind=kind, status="active")
        assert places.filter(ends_at=ENDED).exists()
        assert places.filter(ends_at=ENDS_LATER).exists()
        assert places.filter(ends_at=None).exists()


def test_there_are_exact_duplicates_and_students_who_came_back(seeded):
    rows = Counter(Enrolment.objects.values_list(*FIELDS))
    assert any(count > 1 for count in rows.values())
    withdrawn = Enrolment.objects.filter(status="withdrawn").values("student", "course")
    active = Enrolment.objects.filter(status="active", kind=10).values_list("student", "course")
    assert set(active) & {(row["student"], row["course"]) for row in withdrawn}


def test_teachers_come_in_every_legacy_shape(seeded):
    teachers = User.objects.filter(is_teacher=True)
    schools = teachers.annotate(schools=Count("owned_courses__school", distinct=True))
    assert teachers.count() >= 22
    assert schools.filter(schools=0).exists()
    assert schools.filter(schools=2).exists()
    assert teachers.filter(enrolments__kind=10).exists()
    assert Course.objects.filter(owner__is_teacher=False).exists()
    assert Course.objects.filter(owner=None).exists()


def test_there_are_twelve_schools_each_with_three_positions_and_a_bursar(seeded):
    assert School.objects.count() == 12
    for school in School.objects.all():
        positions = set(school.staff.values_list("position", flat=True))
        assert positions == {"principal", "secretary", "caretaker"}
        assert Bursar.objects.filter(school=school).exists()


def test_some_of_the_staff_never_logged_in_and_some_work_twice(seeded):
    assert SchoolStaff.objects.filter(position="principal", person__user=None).exists()
    assert SchoolStaff.objects.filter(position="principal", person__user__is_teacher=True).exists()
    twice = Person.objects.annotate(posts=Count("positions")).filter(posts=2)
    assert twice.exists()


def test_some_bursars_left_one_came_back_and_one_serves_two_schools(seeded):
    former = Bursar.with_those_who_left.exclude(deleted_at=None)
    assert former.exclude(user__in=Bursar.objects.values("user")).exists()
    assert former.filter(user__in=Bursar.objects.values("user")).exists()
    serving = Bursar.objects.values("user").annotate(schools=Count("school"))
    assert serving.filter(schools=2).exists()


def test_moderators_stand_in_profiles_and_some_profiles_list_none(seeded):
    lists = list(Profile.objects.values_list("moderated_courses", flat=True))
    assert [] in lists
    assert any(len(courses) > 1 for courses in lists)
    assert {course for courses in lists for course in courses} == set(
        Course.objects.values_list("pk", flat=True)
    )


def test_registrars_assistants_and_one_superuser_are_there(seeded):
    assert User.objects.filter(groups__name="registrars").count() == 4
    assert not Course.objects.filter(assistants=None).exists()
    assert User.objects.get(is_superuser=True).username == "root"
    assert User.objects.filter(is_active=False, enrolments__status="active").exists()


def test_every_course_has_tutorial_groups_and_notices_and_somebody_sits_in_support(seeded):
    assert not Course.objects.filter(sections=None).exists()
    assert not Course.objects.filter(announcements=None).exists()
    assert User.objects.filter(groups__name="support").count() == 2


def test_grades_and_invoices_belong_to_registrations(seeded):
    assert Grade.objects.count() > 100
    assert Invoice.objects.count() > 100
    graded = set(Grade.objects.values_list("student", "exercise__course"))
    active = Enrolment.objects.filter(kind=10, status="active")
    assert graded <= set(active.values_list("student", "course"))
    assert set(Invoice.objects.values_list("status", flat=True)) == {"open", "paid", "refunded"}
    assert not Course.objects.filter(exercises=None).exists()
    assert Lecture.objects.filter(published=False).count() == Course.objects.count()


def test_whoever_has_a_grade_has_handed_in_and_some_wait_for_one(seeded):
    handed_in = set(Submission.objects.values_list("exercise", "student"))
    graded = set(Grade.objects.values_list("exercise", "student"))
    assert graded < handed_in
    assert GradeChange.objects.exclude(changed_by=None).exists()
    closed = {exercise.is_closed for exercise in Exercise.objects.select_related("course")}
    assert closed == {True, False}


def test_the_averages_are_those_of_the_grades(seeded):
    for exercise in Exercise.objects.annotate(right=Avg("grades__points"), n=Count("grades")):
        assert exercise.average_points == pytest.approx(exercise.right)
        assert exercise.grades_count == exercise.n


def test_what_was_paid_has_a_receipt_and_instalments_add_up(seeded):
    paid = Invoice.objects.exclude(status="open")
    assert set(paid) == {receipt.invoice for receipt in Receipt.objects.select_related("invoice")}
    in_parts = Invoice.objects.annotate(parts=Sum("instalments__amount_cents"))
    in_parts = in_parts.exclude(parts=None)
    assert in_parts
    assert not in_parts.exclude(parts=F("amount_cents"))
    overdue = Invoice.objects.filter(status="open", due_on__lt="2026-01-01")
    assert overdue.exists()
    assert Invoice.objects.filter(status="open", due_on__gt="2030-01-01").exists()


def test_lectures_are_watched_and_talked_about_by_those_who_learn_there(seeded):
    places = set(Enrolment.objects.values_list("student", "course"))
    assert set(Progress.objects.values_list("student", "lecture__course")) <= places
    assert set(Comment.objects.values_list("author", "lecture__course")) <= places
    assert Progress.objects.filter(percent__gt=0).exists()
    assert not Comment.objects.filter(lecture__published=False).exists()
    assert Attachment.objects.count() == 2 * Course.objects.count()


def test_nobody_can_log_in_with_a_password(seeded):
    assert not any(user.has_usable_password() for user in User.objects.all()[:20])
    assert User.objects.values("password").distinct().count() == 1


def test_seeding_calls_no_signal_and_mails_nobody(seeded):
    assert not OutboxMail.objects.exists()


def test_data_is_refused_and_flush_starts_anew_with_the_same_rows(transactional_db):
    seed(generate(USERS))
    before = sorted(map(repr, Enrolment.objects.values_list(*FIELDS)))
    with pytest.raises(PlatformNotEmptyError, match=r"users: 4\d\d, schools: 12, courses: 22"):
        seed(generate(USERS))
    seed(generate(USERS), flush=True)
    assert sorted(map(repr, Enrolment.objects.values_list(*FIELDS))) == before


def test_a_school_without_users_is_data_too(db):
    School.objects.create(name="A")
    with pytest.raises(PlatformNotEmptyError, match="users: 0, schools: 1, courses: 0"):
        seed(generate(1))


@pytest.mark.django_db(transaction=True)
def test_a_step_that_fails_leaves_nothing_behind(monkeypatch):
    def fail(world) -> None:
        raise RuntimeError("in the last step")

    monkeypatch.setattr("monolith.data.seeding.STEPS", (*STEPS, fail))
    with pytest.raises(RuntimeError, match="in the last step"):
        seed(generate(5))
    assert not User.objects.exists()
    assert not Exercise.objects.exists()


def test_one_student_on_one_course_is_a_platform_too(db):
    intake = Intake(
        [Student("s1", "Student", "1")],
        [Presentation("AAA-2013J", "Module AAA")],
        [Registration(0, 0, None, withdrawn=True)],
    )
    assert seed(intake)["courses"] == 1
    assert User.objects.get(username="s1").enrolments.filter(course__code="AAA-2013J").exists()
