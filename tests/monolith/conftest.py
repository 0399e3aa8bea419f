"""A small platform, built by hand, on which everybody holds one role."""

from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from monolith.accounts.models import Person, Profile, User
from monolith.courses.models import Announcement, Course, Enrolment, Section
from monolith.gradebook.models import Exercise, Grade, Submission
from monolith.lectures.models import Attachment, Comment, Lecture
from monolith.payments.models import Bursar, Instalment, Invoice, Receipt
from monolith.schools.models import School, SchoolStaff


@dataclass
class Platform:
    """Two schools with a private course each. People of the second are called other_…"""

    school: School
    other_school: School
    course: Course
    other_course: Course
    lecture: Lecture
    draft: Lecture
    exercise: Exercise
    grade: Grade
    invoice: Invoice
    submission: Submission
    comment: Comment
    attachment: Attachment
    receipt: Receipt
    instalment: Instalment
    people: dict[str, User] = field(default_factory=dict)

    def __getitem__(self, name: str) -> User:
        return self.people[name]

    def client(self, name: str) -> Client:
        """A browser; "anonymous" has not logged in."""
        client = Client()
        if name != "anonymous":
            client.force_login(self[name])
        return client


def user(name: str, **fields) -> User:
    return User.objects.create(
        username=name, email=f"{name}@campus.example", password="!", **fields
    )


def enrol(name: str, course: Course, **fields) -> User:
    student = user(name)
    Enrolment.objects.bulk_create([Enrolment(student=student, course=course, **fields)])
    return student


def staff(name: str, school: School, position: str) -> User:
    person = Person.objects.create(user=user(name), full_name=name, staff_number=name)
    SchoolStaff.objects.create(person=person, school=school, position=position)
    return person.user


def bursar(name: str, school: School, **fields) -> User:
    return Bursar.objects.create(user=user(name), school=school, **fields).user


@pytest.fixture
def platform(db) -> Platform:
    school, other_school = School.objects.create(name="A"), School.objects.create(name="B")
    teacher, other_teacher = user("teacher", is_teacher=True), user("other_t", is_teacher=True)
    course = Course.objects.create(title="Algebra", code="ALG", school=school, owner=teacher)
    other_course = Course.objects.create(
        title="Biology", code="BIO", school=other_school, owner=other_teacher
    )
    learner = enrol("learner", course)
    exercise = Exercise.objects.create(course=course, title="Essay")
    lecture = Lecture.objects.create(course=course, title="L", body="text", published=True)
    invoice = Invoice.objects.create(
        student=learner, course=course, amount_cents=1234567, status="paid"
    )
    made = Platform(
        school=school,
        other_school=other_school,
        course=course,
        other_course=other_course,
        lecture=lecture,
        draft=Lecture.objects.create(course=course, title="D", body="text"),
        exercise=exercise,
        grade=Grade.objects.create(exercise=exercise, student=learner, points=50, comment="fair"),
        invoice=invoice,
        submission=Submission.objects.create(exercise=exercise, student=learner, text="my essay"),
        comment=Comment.objects.create(lecture=lecture, author=learner, text="first"),
        attachment=Attachment.objects.create(lecture=lecture, name="notes", text="a handout"),
        receipt=Receipt.objects.create(invoice=invoice, reference="R-1"),
        instalment=Instalment.objects.create(
            invoice=invoice, due_on=date(2030, 1, 31), amount_cents=600000
        ),
    )
    made.people = {"teacher": teacher, "other_teacher": other_teacher, "learner": learner}
    tell(course, teacher)
    tell(other_course, other_teacher)
    made.people |= participants(course, other_course) | employees(school, other_school)
    return made


def tell(course: Course, author: User) -> None:
    Section.objects.create(course=course, title="Group 1", notes=f"door code of {course.code}")
    Announcement.objects.create(course=course, author=author, title=f"{course.code} moves")


def participants(course: Course, other_course: Course) -> dict[str, User]:
    now = timezone.now()
    past, future = now - timedelta(days=1), now + timedelta(days=1)
    people = {
        "nobody": user("nobody"),
        "teacher_who_learns": user("teacher_who_learns", is_teacher=True),
        "other_learner": enrol("other_learner", other_course),
        "limited": enrol("limited", course, ends_at=future),
        "expired": enrol("expired", course, ends_at=past),
        "withdrawn": enrol("withdrawn", course, status="withdrawn"),
        "pending": enrol("pending", course, status="pending"),
        "auditor": enrol("auditor", course, kind=20),
        "mentor": enrol("mentor", course, kind=5),
        "expired_mentor": enrol("expired_mentor", course, kind=5, ends_at=past),
        "moderator": user("moderator"),
        "assistant": user("assistant"),
    }
    places = [Enrolment(student=people["teacher_who_learns"], course=course)]
    Enrolment.objects.bulk_create(places)
    Profile.objects.create(user=people["moderator"], moderated_courses=[course.pk])
    course.assistants.add(people["assistant"])
    return people


def employees(school: School, other_school: School) -> dict[str, User]:
    people = {
        "principal": staff("principal", school, "principal"),
        "other_principal": staff("other_principal", other_school, "principal"),
        "secretary": staff("secretary", school, "secretary"),
        "other_secretary": staff("other_secretary", other_school, "secretary"),
        "caretaker": staff("caretaker", school, "caretaker"),
        "bursar": bursar("bursar", school),
        "other_bursar": bursar("other_bursar", other_school),
        "former_bursar": bursar("former_bursar", school, deleted_at=timezone.now()),
        "registrar": user("registrar"),
        "supporter": user("supporter"),
        "superuser": user("superuser", is_superuser=True, is_staff=True),
    }
    people["registrar"].groups.add(Group.objects.create(name="registrars"))
    people["supporter"].groups.add(Group.objects.create(name="support"))
    return people
