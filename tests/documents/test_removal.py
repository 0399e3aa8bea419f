"""The page on removal, followed command by command, leaves the database as it was."""

import json
import os
import re
import shlex
import subprocess
import sys

import pytest
from django.db import connection

from tests.documents.hosts import PostgresHost, SqliteHost
from tests.services import postgres_server
from tools import check_docs

PAGE = check_docs.ROOT / "docs" / "how-to" / "remove.md"
WITHOUT = "tests.documents.without_toolkit"
COMMANDS = re.compile(r"^manage\.py .+$", re.MULTILINE)

PEOPLE = """
from monolith.accounts.models import User
from monolith.courses.models import Course, Enrolment
from monolith.schools.models import School
teacher = User.objects.create(username="teacher", email="t@campus.example", is_teacher=True)
learner = User.objects.create(username="learner", email="l@campus.example")
school = School.objects.create(name="A")
course = Course.objects.create(title="Algebra", code="ALG", school=school, owner=teacher)
Enrolment.objects.bulk_create([Enrolment(student=learner, course=course)])
"""
MOVE = """
from authmigration import assign
from monolith.accounts.models import User
from monolith.courses.authz import STUDENT, TA
from monolith.courses.models import Course
learner, course = User.objects.get(username="learner"), Course.objects.get()
assign(learner, TA, course, reason="a native fact", actor="test")
assign(User.objects.get(username="teacher"), STUDENT, course, reason="in both", actor="test")
"""
CHANGE = """
from monolith.courses.models import Course, Enrolment
Course.objects.update(archived=True)
Enrolment.objects.filter(student__username="teacher").delete()
"""


@pytest.fixture
def host(tmp_path, unique_name, django_db_setup):
    """An empty database on the engine of this run."""
    if connection.vendor == "sqlite":
        yield SqliteHost(tmp_path / "host.sqlite3")
    else:
        with PostgresHost(postgres_server.url(), unique_name).existing() as host:
            yield host


@pytest.fixture
def manage(host):
    """Run commands of manage.py, or code, on that database, in a process of their own."""

    def run(*commands, settings="monolith.settings"):
        lines = json.dumps([shlex.split(command) for command in commands])
        code = (
            "import django; django.setup()\n"
            "from django.core.management import call_command\n"
            f"for name, *arguments in {lines}: call_command(name, *arguments)"
        )
        variables = {"MONOLITH_DATABASE_URL": host.url, "DJANGO_SETTINGS_MODULE": settings}
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=check_docs.ROOT,
            env=os.environ | variables,
            capture_output=True,
            text=True,
            check=False,
        )
        assert not done.returncode, done.stderr

    return run


def shell(code):
    return f"shell -c {shlex.quote(code)}"


def commands_of_the_page():
    """Return the commands of each numbered step."""
    steps = re.split(r"^## \d", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    found = ["\n".join(re.findall(r"```console\n(.*?)```", step, re.DOTALL)) for step in steps]
    return [[line.removeprefix("manage.py ") for line in COMMANDS.findall(each)] for each in found]


@pytest.mark.slow
@pytest.mark.parametrize("forgotten", [None, "authz_capture remove"])
def test_after_the_removal_schema_and_rows_are_as_they_were(host, manage, forgotten):
    look, stage, _, tables, last = commands_of_the_page()
    typed = [command for command in tables if command != forgotten]
    manage("migrate", shell(PEOPLE), settings=WITHOUT)
    before = host.contents()
    reason = "--reason test"
    manage(
        *("migrate", "authz_capture install", f"authz_stage everyone enforce {reason}"),
        *(f"authz_stage school:1 shadow {reason}", "authz_backfill", shell(MOVE)),
    )
    installed = host.contents()
    assert {"authmigration_assignment", "waffle_flag"} <= set(installed[1])
    assert any(kind == "trigger" for kind, *_ in installed[0])
    assert installed[0] != before[0]

    manage(*look, *stage, *typed, "migrate waffle zero")
    manage(*last, settings=WITHOUT)

    after = host.contents()
    assert after[0] == before[0]
    enrolments = after[1].pop("courses_enrolment")
    (kept,) = before[1].pop("courses_enrolment")
    assert kept in enrolments
    assert len(enrolments) == 2, "what was assigned and legacy can hold stays there"
    assert after[1] == before[1]
    manage(shell(CHANGE), settings=WITHOUT)
