"""Who looked, at what, as whom, and why."""

import time

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import RequestFactory

from authmigration import acting_as, stop_view_as, view_as
from authmigration.errors import MissingReason
from authmigration.models import AuditEvent
from monolith.courses.authz import STUDENT
from tests.authmigration.viewing_as.conftest import request_of

pytestmark = pytest.mark.django_db


def test_start_and_end_name_who_looks_and_as_whom(campus, browser):
    browser.post("/start/")
    browser.post("/end/")

    start, end = AuditEvent.objects.order_by("pk")
    owner = str(campus["owner"].pk)
    assert (start.action, start.actor, start.subject) == ("view_as", f"user:{owner}", owner)
    assert (start.role, start.context) == ("student", f"course:{campus.course.pk}")
    assert start.reason == f"views course:{campus.course.pk} as student"
    assert start.detail["permitted_by"] == "teacher"
    assert 0 < start.detail["until"] - time.time() <= 600
    assert (end.action, end.actor, end.subject) == ("view_as_end", f"user:{owner}", owner)


def test_whoever_acts_in_the_name_of_the_user_is_named_as_the_actor(campus):
    request = request_of(campus["owner"])
    with acting_as(campus["superuser"], reason="support case 7"):
        view_as(request, STUDENT, campus.course, reason="to see what the student sees")

    event = AuditEvent.objects.get()
    assert event.actor == f"user:{campus['superuser'].pk}"
    assert event.subject == str(campus["owner"].pk)
    assert event.reason == "to see what the student sees"


def test_a_blank_reason_is_none(campus):
    with pytest.raises(MissingReason):
        view_as(request_of(campus["owner"]), STUDENT, campus.course, reason=" ")


def test_without_the_middleware_a_view_as_is_not_started(campus):
    with pytest.raises(ImproperlyConfigured, match="AuthzMiddleware"):
        view_as(request_of(campus["owner"], restored=False), STUDENT, campus.course)


def test_without_a_session_a_view_as_is_not_started(campus):
    request = RequestFactory().post("/")
    request.user = campus["owner"]

    with pytest.raises(ImproperlyConfigured, match="SessionMiddleware"):
        view_as(request, STUDENT, campus.course)
    assert not stop_view_as(request)
