"""Who gets in where: the legacy answers, the wrong ones (FLAWS.md) included."""

import json
import uuid
from http import HTTPStatus

import pytest
from django.urls import reverse

from authmigration.http.tokens import urls as token_urls
from monolith.accounts import urls as accounts_urls
from monolith.courses.models import Course
from monolith.lectures.models import Comment
from monolith.payments.models import Invoice, Receipt
from monolith.schools.models import SchoolStaff
from monolith.urls import urlpatterns

TEACHERS = {"teacher", "other_teacher", "teacher_who_learns"}
OFFICES = {"principal", "other_principal", "secretary", "other_secretary"}
TAKE_PART = {"learner", "limited", "auditor", "mentor", "teacher_who_learns"}
ONCE_TOOK_PART = {"withdrawn", "pending", "expired", "expired_mentor"}
EVERYBODY = (
    *("anonymous", "nobody", "learner", "other_learner", "limited", "expired", "withdrawn"),
    *("pending", "auditor", "mentor", "expired_mentor", "moderator", "assistant", "teacher"),
    *("other_teacher", "teacher_who_learns", "principal", "other_principal", "secretary"),
    *("other_secretary", "caretaker", "bursar", "other_bursar", "former_bursar", "registrar"),
    "superuser",
)
CARETAKERS_POST = uuid.UUID(int=1)
LOGGED_IN = {*EVERYBODY} - {"anonymous"}
SEES_THE_COURSE = TAKE_PART | {"moderator", "assistant", "teacher", "principal", "secretary"}
SEES_THE_COURSE |= {"registrar", "superuser"}
TALKS_ON_THE_COURSE = TAKE_PART - {"auditor"} | {"moderator", "assistant", "teacher", "superuser"}
RUNS_THE_COURSE = {"teacher", "principal", "secretary", "registrar", "superuser"}
LEADS_THE_COURSE = {"teacher", "principal", "superuser"}
PRINCIPALS = {"principal", "other_principal", "superuser"}


def address(platform, name):
    return {
        "home": reverse("home"),
        "course-list": reverse("course-list"),
        "course-detail": reverse("course-detail", args=[platform.course.pk]),
        "course-edit": reverse("course-edit", args=[platform.course.pk]),
        "course-enrol": reverse("course-enrol", args=[platform.course.pk]),
        "news": reverse("news"),
        "course-archive": reverse("course-archive", args=[platform.course.pk]),
        "course-transfer": reverse("course-transfer", args=[platform.course.pk]),
        "course-as-student": reverse("course-as-student", args=[platform.course.pk]),
        "course-roster": reverse("course-roster", args=[platform.course.pk]),
        "course-roster-csv": reverse("course-roster-csv", args=[platform.course.pk]),
        "course-staff": reverse("course-staff", args=[platform.course.pk]),
        "course-staff-dismiss": reverse("course-staff-dismiss", args=[platform.course.pk]),
        "course-announcements": reverse("course-announcements", args=[platform.course.pk]),
        "section-detail": reverse(
            "section-detail", args=[platform.course.pk, platform.course.sections.get().pk]
        ),
        "announcement-edit": reverse(
            "announcement-edit", args=[platform.course.announcements.earliest("pk").pk]
        ),
        "enrolment-extend": reverse(
            "enrolment-extend", args=[platform["limited"].enrolments.get().pk]
        ),
        "view-as-end": reverse("view-as-end"),
        "api-place-list": reverse("api-place-list"),
        "api-place-detail": reverse(
            "api-place-detail", args=[platform["learner"].enrolments.get().pk]
        ),
        "api-place-confirm": reverse(
            "api-place-confirm", args=[platform["pending"].enrolments.get().pk]
        ),
        "school-report": reverse("school-report", args=[platform.school.pk]),
        "school-staff": reverse("school-staff", args=[platform.school.pk]),
        "school-staff-dismiss": reverse(
            "school-staff-dismiss", args=[platform.school.pk, CARETAKERS_POST]
        ),
        "api-staff-list": reverse("api-staff-list"),
        "course-withdraw": reverse("course-withdraw", args=[platform.course.pk]),
        "lecture-detail": reverse("lecture-detail", args=[platform.lecture.pk]),
        "draft": reverse("lecture-detail", args=[platform.draft.pk]),
        "lecture-edit": reverse("lecture-edit", args=[platform.lecture.pk]),
        "lecture-discussion": reverse("lecture-discussion", args=[platform.lecture.pk]),
        "course-lectures": reverse("course-lectures", args=[platform.course.pk]),
        "lecture-watch": reverse("lecture-watch", args=[platform.lecture.pk]),
        "lecture-comments": reverse("lecture-comments", args=[platform.lecture.pk]),
        "comment-delete": reverse("comment-delete", args=[platform.comment.pk]),
        "lecture-viewers": reverse("lecture-viewers", args=[platform.lecture.pk]),
        "attachment": reverse("attachment", args=[platform.attachment.pk]),
        "exercise-grades": reverse("exercise-grades", args=[platform.exercise.pk]),
        "grade-edit": reverse("grade-edit", args=[platform.grade.pk]),
        "my-grades": reverse("my-grades"),
        "gradebook": reverse("gradebook"),
        "exercise-hand-in": reverse("exercise-hand-in", args=[platform.exercise.pk]),
        "exercise-submissions": reverse("exercise-submissions", args=[platform.exercise.pk]),
        "submission-detail": reverse(
            "submission-detail", args=[platform.exercise.pk, platform.submission.pk]
        ),
        "course-grades-csv": reverse("course-grades-csv", args=[platform.course.pk]),
        "grade-history": reverse("grade-history", args=[platform.grade.pk]),
        "api-exercise-create": reverse("api-exercise-create"),
        "api-exercise-detail": reverse("api-exercise-detail", args=[platform.exercise.pk]),
        "invoice-list": reverse("invoice-list"),
        "invoice-pay": reverse("invoice-pay", args=[platform.invoice.pk]),
        "invoice-remind": reverse("invoice-remind", args=[platform.invoice.pk]),
        "payment-plan": reverse("payment-plan", args=[platform.invoice.pk]),
        "receipt": reverse("receipt", args=[platform.receipt.reference]),
        "outstanding": reverse("outstanding") + f"?school={platform.school.pk}",
        "invoice-detail": reverse("invoice-detail", args=[platform.invoice.pk]),
        "invoice-refund": reverse("invoice-refund", args=[platform.invoice.pk]),
        "school-dashboard": reverse("school-dashboard", args=[platform.school.pk]),
        "api-course-list": reverse("api-course-list"),
        "api-course-detail": reverse("api-course-detail", args=[platform.course.pk]),
        "api-grade-list": reverse("api-grade-list"),
        "api-grade-detail": reverse("api-grade-detail", args=[platform.grade.pk]),
        "api-enrolment-create": reverse("api-enrolment-create"),
    }[name]


# What is asked, and everybody who gets in. Flaws stand behind those who should not.
ALLOWED = {
    ("GET", "home"): LOGGED_IN,
    ("GET", "course-list"): {*EVERYBODY},
    ("GET", "course-detail"): SEES_THE_COURSE,
    ("GET", "course-edit"): TEACHERS | {"principal", "superuser"},  # F01
    ("POST", "course-enrol"): TEACHERS | OFFICES | {"registrar", "superuser"},  # F12
    ("POST", "course-withdraw"): {"teacher", "principal", "secretary", "registrar", "superuser"},
    ("GET", "news"): LOGGED_IN,  # F24
    ("POST", "course-archive"): LEADS_THE_COURSE,
    ("GET", "course-transfer"): LEADS_THE_COURSE,
    ("POST", "course-transfer"): LEADS_THE_COURSE,  # F26
    ("POST", "course-as-student"): {"teacher"},
    ("GET", "course-roster"): RUNS_THE_COURSE,
    ("GET", "course-roster-csv"): TEACHERS | {"superuser"},  # F21
    ("GET", "course-staff"): {"teacher"} | PRINCIPALS,  # F25
    ("POST", "course-staff"): {"teacher"} | PRINCIPALS,  # F25
    ("POST", "course-staff-dismiss"): {"teacher"} | PRINCIPALS,  # F25
    ("GET", "section-detail"): SEES_THE_COURSE,
    ("GET", "course-announcements"): SEES_THE_COURSE,
    ("POST", "course-announcements"): {"teacher", "teacher_who_learns", "superuser"},  # F22
    ("GET", "announcement-edit"): TEACHERS | {"superuser"},  # F23
    ("POST", "enrolment-extend"): {"limited"} | RUNS_THE_COURSE,  # F20
    ("POST", "view-as-end"): {*EVERYBODY},
    ("GET", "api-place-list"): LOGGED_IN,
    ("GET", "api-place-detail"): TEACHERS | RUNS_THE_COURSE,  # F29
    ("PATCH", "api-place-detail"): RUNS_THE_COURSE,
    ("POST", "api-place-confirm"): RUNS_THE_COURSE,
    ("GET", "school-report"): OFFICES | {"bursar", "other_bursar", "superuser"},  # F18
    ("GET", "school-staff"): PRINCIPALS,  # F16
    ("POST", "school-staff"): PRINCIPALS,  # F16
    ("POST", "school-staff-dismiss"): PRINCIPALS,  # F16
    ("GET", "api-staff-list"): LOGGED_IN,
    ("GET", "lecture-detail"): TEACHERS  # F03
    | TAKE_PART
    | ONCE_TOOK_PART  # F04
    | {"moderator", "assistant", "superuser"},
    ("GET", "draft"): TEACHERS | {"assistant", "superuser"},  # F03
    ("GET", "lecture-edit"): {"teacher", "assistant", "superuser"},
    ("POST", "lecture-discussion"): {"moderator", "superuser"},
    ("GET", "course-lectures"): TEACHERS | SEES_THE_COURSE,  # F40
    ("POST", "lecture-watch"): TEACHERS  # F03
    | TAKE_PART
    | ONCE_TOOK_PART  # F04
    | {"moderator", "assistant", "superuser"},
    ("GET", "lecture-comments"): TALKS_ON_THE_COURSE,
    ("POST", "lecture-comments"): TALKS_ON_THE_COURSE,
    ("POST", "comment-delete"): {"learner", "moderator", "superuser"},
    ("GET", "lecture-viewers"): TEACHERS | {"superuser"},  # F43
    ("GET", "attachment"): LOGGED_IN,  # F42
    ("GET", "exercise-grades"): TEACHERS | {"mentor", "superuser"},  # F05
    ("GET", "grade-edit"): TEACHERS | {"superuser"},  # F06
    ("GET", "my-grades"): LOGGED_IN,
    ("GET", "gradebook"): LOGGED_IN,
    ("GET", "exercise-hand-in"): {"learner", "limited", "teacher_who_learns"},
    ("POST", "exercise-hand-in"): {"learner", "limited", "teacher_who_learns"},
    ("GET", "exercise-submissions"): TEACHERS | {"superuser"},  # F30
    ("POST", "exercise-submissions"): TEACHERS | {"superuser"},  # F31
    ("GET", "submission-detail"): {"teacher", "superuser"},
    ("GET", "course-grades-csv"): TEACHERS | {"principal", "other_principal", "superuser"},  # F33
    ("GET", "grade-history"): {"learner", "teacher", "superuser"},
    ("POST", "api-exercise-create"): TEACHERS | {"superuser"},  # F34
    ("GET", "api-exercise-detail"): {"teacher", "superuser"},
    ("PATCH", "api-exercise-detail"): {"teacher", "superuser"},
    ("GET", "invoice-list"): LOGGED_IN,
    ("POST", "invoice-pay"): {"learner", "bursar", "superuser"},
    ("POST", "invoice-remind"): {"bursar", "superuser"},
    ("GET", "payment-plan"): {"learner", "bursar", "superuser"},
    ("POST", "payment-plan"): {"bursar", "superuser"},
    ("GET", "receipt"): LOGGED_IN,  # F37
    ("GET", "outstanding"): {"bursar", "other_bursar", "superuser"},  # F39
    ("GET", "invoice-detail"): LOGGED_IN,  # F10
    ("POST", "invoice-refund"): {"bursar", "other_bursar", "superuser"},  # F11
    ("GET", "school-dashboard"): {"principal", "secretary", "bursar", "superuser"},
    ("GET", "api-course-list"): LOGGED_IN,
    ("GET", "api-course-detail"): SEES_THE_COURSE,
    ("GET", "api-grade-list"): LOGGED_IN,
    ("GET", "api-grade-detail"): LOGGED_IN,  # F08
    ("PATCH", "api-grade-detail"): TEACHERS | {"superuser"},  # F07
    ("POST", "api-enrolment-create"): TEACHERS | OFFICES | {"registrar", "superuser"},  # F13
}


def got_in(response) -> bool:
    if response.status_code == HTTPStatus.FOUND:
        return not response.url.startswith("/login/")
    return response.status_code in {HTTPStatus.OK, HTTPStatus.CREATED}


def send(client, method, url, data):
    if url.startswith("/api/"):
        return client.generic(method, url, json.dumps(data), "application/json")
    return client.get(url) if method == "GET" else client.post(url, data)


def restore(platform, view):
    """Put back what the last visitor has used up."""
    if view == "invoice-refund":
        Invoice.objects.update(status="paid")
    if view == "invoice-pay":
        Receipt.objects.all().delete()
        Invoice.objects.update(status="open")
    if view == "invoice-remind":
        Invoice.objects.update(status="open")
    if view == "comment-delete":
        Comment.objects.bulk_create([platform.comment], ignore_conflicts=True)


def restore_course(platform, view):
    """Put back what the last visitor has changed about the course or the school."""
    if view in {"course-archive", "course-transfer"}:
        Course.objects.filter(code="ALG").update(archived=False, school=platform.school)
    if view == "api-place-confirm":
        platform["pending"].enrolments.update(status="pending")
    if view == "school-staff":
        SchoolStaff.objects.filter(person__staff_number="caretaker", position="secretary").delete()
    if view == "school-staff-dismiss":
        post = {"pk": CARETAKERS_POST, "position": "caretaker", "school": platform.school}
        person = platform["caretaker"].person
        person.positions.all().delete()
        SchoolStaff.objects.create(person=person, **post)


@pytest.mark.parametrize(
    ("method", "view"), [pytest.param(*case, id=" ".join(case)) for case in ALLOWED]
)
def test_a_view_lets_in_whom_the_old_code_lets_in_and_nobody_else(platform, method, view):
    enrolment = platform["learner"].enrolments.get()
    bodies = {
        "course-enrol": {"student": platform["nobody"].pk},
        "course-withdraw": {"enrolment": enrolment.pk},
        "api-enrolment-create": {
            "student": platform["nobody"].pk,
            "course": platform.course.pk,
            "kind": 10,
        },
        "lecture-watch": {"percent": 40},
        "lecture-comments": {"text": "hello"},
        "exercise-hand-in": {"text": "an essay"},
        "exercise-submissions": {f"points-{platform.submission.pk}": 80},
        "api-exercise-create": {"course": platform.course.pk, "title": "Quiz"},
        "invoice-pay": {"card": "4111 1111 1111 1111"},
        "payment-plan": {"instalment": platform.instalment.pk},
        "course-transfer": {"owner": "teacher", "school": platform.other_school.pk},
        "course-staff": {"user": platform["nobody"].pk},
        "course-staff-dismiss": {"user": platform["nobody"].pk},
        "course-announcements": {"title": "News", "body": "text"},
        "school-staff": {"person": "caretaker", "position": "secretary"},
    }
    entered = set()
    for name in EVERYBODY:
        restore(platform, view)
        restore_course(platform, view)
        response = send(
            platform.client(name), method, address(platform, view), bodies.get(view, {})
        )
        assert response.status_code < HTTPStatus.INTERNAL_SERVER_ERROR
        if got_in(response):
            entered.add(name)
    assert entered == ALLOWED[method, view]


def test_every_view_of_the_platform_is_in_the_table_above():
    *apps, _admin = urlpatterns
    routes = [route for app in apps for route in app.url_patterns]
    elsewhere = [*accounts_urls.urlpatterns, *token_urls.urlpatterns]
    names = {route.name for route in routes if route not in elsewhere}
    assert names == {view for _, view in ALLOWED} - {"draft"}
