"""The page on removal, followed command by command, leaves the database as it was."""

import json
import os
import re
import shlex
import sqlite3
import subprocess
import sys

import pytest

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
def manage(tmp_path):
    """Run commands of manage.py, or code, on a database of its own, each in its own process."""
    database = tmp_path / "host.sqlite3"

    def run(*commands, settings="monolith.settings"):
        lines = json.dumps([shlex.split(command) for command in commands])
        code = (
            "import django; django.setup()\n"
            "from django.core.management import call_command\n"
            f"for name, *arguments in {lines}: call_command(name, *arguments)"
        )
        url = {"MONOLITH_DATABASE_URL": f"sqlite:///{database}", "DJANGO_SETTINGS_MODULE": settings}
        command = [sys.executable, "-c", code]
        done = subprocess.run(
            command,
            cwd=check_docs.ROOT,
            env=os.environ | url,
            capture_output=True,
            text=True,
            check=False,
        )
        assert not done.returncode, done.stderr
        return done.stdout

    run.database = database
    return run


def shell(code):
    return f"shell -c {shlex.quote(code)}"


def everything(database):
    """Return the schema and all rows, those apart by which Django remembers its migrations."""
    with sqlite3.connect(database) as connection:
        schema = connection.execute("SELECT type, name, sql FROM sqlite_master ORDER BY name")
        kept = [row for row in schema if not row[1].startswith("sqlite_")]
        tables = [name for kind, name, _ in kept if kind == "table" and name != MIGRATIONS]
        return kept, {
            name: sorted(connection.execute(f'SELECT * FROM "{name}"')) for name in tables
        }


MIGRATIONS = "django_migrations"


def commands_of_the_page():
    """Return the commands of each numbered step."""
    steps = re.split(r"^## \d", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    found = ["\n".join(re.findall(r"```console\n(.*?)```", step, re.DOTALL)) for step in steps]
    return [[line.removeprefix("manage.py ") for line in COMMANDS.findall(each)] for each in found]


@pytest.mark.slow
@pytest.mark.sqlite
@pytest.mark.parametrize("forgotten", [None, "authz_capture remove"])
def test_after_the_removal_schema_and_rows_are_as_they_were(manage, forgotten):
    look, stage, _, tables, last = commands_of_the_page()
    kept = [command for command in tables if command != forgotten]
    manage("migrate", shell(PEOPLE), settings=WITHOUT)
    before = everything(manage.database)
    reason = "--reason test"
    manage(
        *("migrate", "authz_capture install", f"authz_stage everyone enforce {reason}"),
        *(f"authz_stage school:1 shadow {reason}", "authz_backfill", shell(MOVE)),
    )
    installed = everything(manage.database)
    assert {"authmigration_assignment", "waffle_flag"} <= set(installed[1])
    assert any(kind == "trigger" for kind, *_ in installed[0])

    manage(*look, *stage, *kept, "migrate waffle zero")
    manage(*last, settings=WITHOUT)

    after = everything(manage.database)
    assert after[0] == before[0]
    enrolments = after[1].pop("courses_enrolment")
    assert [row[1:] for row in before[1].pop("courses_enrolment")] == [enrolments[0][1:]]
    assert len(enrolments) == 2, "what was assigned and legacy can hold stays there"
    assert after[1] == before[1]
    manage(shell(CHANGE), settings=WITHOUT)
