"""One school with a course, and people who hold something in it, by rows of the old platform."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import path

from authmigration import uses
from monolith.accounts.models import User
from monolith.courses.models import Course
from monolith.lectures.models import Lecture
from tests.authmigration import worlds
from tests.authmigration.http.site import denied, missing

SITE = "tests.authmigration.http.site"


@dataclass
class Campus:
    course: Course
    other_course: Course
    lecture: Lecture
    people: dict[str, Any]

    def __getitem__(self, name: str) -> User:
        return self.people[name]


@pytest.fixture(autouse=True)
def site(settings, monkeypatch) -> None:
    """Serve the views of this folder, and forget the permissions that a test's own views name."""
    settings.ROOT_URLCONF = SITE
    monkeypatch.setattr(uses, "_declared", dict(uses._declared))


@pytest.fixture
def campus(db) -> Campus:
    return founded()


@pytest.fixture
def committed_campus(transactional_db) -> Campus:
    return founded()


def founded() -> Campus:
    school = worlds.school()
    people = {
        "owner": worlds.user(is_teacher=True),
        "teacher": worlds.user(is_teacher=True),
        "student": worlds.user(),
        "assistant": worlds.user(),
        "principal": worlds.user(),
        "superuser": worlds.user(is_superuser=True),
        "nobody": worlds.user(),
        "anonymous": AnonymousUser(),
    }
    course = worlds.course(school, owner=people["owner"])
    other = worlds.course(worlds.school(), owner=people["owner"])
    worlds.enrol(people["student"], course)
    worlds.assist(people["assistant"], course)
    worlds.staff(people["principal"], school)
    lecture = Lecture.objects.create(course=course, title="L", body="text")
    return Campus(course, other, lecture, people)


@pytest.fixture
def serve(settings) -> Callable[..., None]:
    """Answer ``/`` with a view, and further paths with others."""

    def do(view: Any = None, **others: Any) -> None:
        urls = ModuleType("served")
        views = {"": view, **{f"{name}/": each for name, each in others.items()}}
        urls.urlpatterns = [path(where, each) for where, each in views.items() if each]
        urls.handler403, urls.handler404 = denied, missing
        settings.ROOT_URLCONF = urls

    return do


def signed_in(who: User) -> Client:
    client = Client()
    client.force_login(who)
    return client


@async_to_sync
async def finished(awaitable: Any) -> Any:
    """Wait in an event loop whose database is that of the test."""
    return await awaitable


@pytest.fixture
def own_queries() -> Callable[[], Any]:
    """Collects the statements of the caller's connection that read what somebody holds."""

    @contextmanager
    def collecting() -> Iterator[list[str]]:
        found: list[str] = []
        with CaptureQueriesContext(connection) as captured:
            yield found
        found += [q["sql"] for q in captured if "authmigration_assignment" in q["sql"]]

    return collecting


@pytest.fixture
def no_database() -> Callable[[], Any]:
    """Forbids every statement of every thread of this process, those of the flags included."""

    @contextmanager
    def forbidden() -> Iterator[None]:
        def execute(self: object, sql: str, *_: object) -> None:
            raise AssertionError(f"The database was asked: {sql}")

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(CursorWrapper, "_execute_with_wrappers", execute)
            patch.setattr(CursorWrapper, "execute", execute)
            yield

    return forbidden
