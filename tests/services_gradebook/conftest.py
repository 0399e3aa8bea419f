"""The service over a database of five courses, asked without a network."""

import asyncio
import json

import httpx
import pytest

from auth_lib.testing import Issuer
from authmigration import registry
from services.gradebook import database, loading
from services.gradebook.app import create
from services.gradebook.settings import Settings

PAGE = "https://lms.example"
CLIENT = {"X-Auth-Client": "page/1"}
# Two schools; course 3 is of the second.
ROWS = [
    {"course": {"id": "1", "school": "7", "code": "ALG", "title": "Algebra"}},
    {"course": {"id": "2", "school": "7", "code": "BIO", "title": "Biology"}},
    {"course": {"id": "3", "school": "8", "code": "CHE", "title": "Chemistry"}},
    {"student": {"id": "11", "name": "Anna Lee"}},
    {"student": {"id": "12", "name": "Ben Roe"}},
    {"exercise": {"id": "21", "course": "1", "title": "Sheet 1"}},
    {"exercise": {"id": "22", "course": "2", "title": "Cells"}},
    {"grade": {"id": "31", "exercise": "21", "student": "11", "points": 60, "comment": ""}},
    {"grade": {"id": "32", "exercise": "21", "student": "12", "points": 70, "comment": ""}},
    {"grade": {"id": "33", "exercise": "22", "student": "12", "points": 80, "comment": "neat"}},
]


def lines(rows):
    return [json.dumps(row) for row in [*rows, {"end": len(rows)}]]


@pytest.fixture
def settings_of_service(tmp_path):
    settings = Settings(tmp_path / "gradebook.sqlite3", (PAGE,))
    database.prepare(settings.database)
    with database.opened(settings.database) as connection:
        loading.load(connection, lines(ROWS))
    return settings


@pytest.fixture
def rows(settings_of_service):
    """Ask the database of the service."""

    def ask(sql):
        with database.opened(settings_of_service.database) as connection:
            return [tuple(row) for row in connection.execute(sql)]

    return ask


@pytest.fixture(scope="session")
def issuer():
    return Issuer()


class Service:
    """Asks the application as a browser's page or another program would."""

    def __init__(self, settings, gate):
        self.app = create(settings, gate)

    def ask(self, method, path, headers=None, body=None):
        async def send():
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
                return await client.request(method, path, headers=headers, json=body)

        return asyncio.run(send())


@pytest.fixture
def service(settings_of_service, issuer):
    return Service(settings_of_service, issuer.gate(policy=registry.get().policy))
