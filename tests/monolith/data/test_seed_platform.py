import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from monolith.accounts.models import User
from monolith.courses.models import Course, Enrolment

COURSES = "code_module,code_presentation\nAAA,2013J\nBBB,2014B\n"
HEADER = "code_module,code_presentation,id_student,date_registration,date_unregistration\n"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def run(*arguments: str, stderr: io.StringIO | None = None) -> str:
    stdout = io.StringIO()
    call_command("seed_platform", *arguments, stdout=stdout, stderr=stderr or io.StringIO())
    return stdout.getvalue()


def test_it_prints_what_it_wrote(db):
    output = run("--users", "40")
    assert f"{Course.objects.count():>8,} courses\n" in output
    assert f"{User.objects.count():>8,} users\n" in output


def test_it_loads_oulad_and_generates_the_rest(db, tmp_path):
    (tmp_path / "courses.csv").write_text(COURSES)
    rows = "AAA,2013J,11,-5,\nBBB,2014B,11,,7\nBBB,2014B,12,,\n"
    (tmp_path / "studentRegistration.csv").write_text(HEADER + rows)
    run("--oulad", str(tmp_path))
    fields = ("student__username", "course__code", "status")
    assert set(Enrolment.objects.filter(kind=10).values_list(*fields)) >= {
        ("s11", "AAA-2013J", "active"),
        ("s11", "BBB-2014B", "withdrawn"),
        ("s12", "BBB-2014B", "active"),
    }
    assert User.objects.filter(is_teacher=True).count() >= 22


def test_an_error_in_the_last_line_writes_nothing_and_flushes_nothing(db, tmp_path):
    User.objects.create(username="kept")
    (tmp_path / "courses.csv").write_text(COURSES)
    (tmp_path / "studentRegistration.csv").write_text(f"{HEADER}AAA,2013J,11,-5,\nAAA,2013J,x,,\n")
    with pytest.raises(CommandError, match=r"studentRegistration\.csv, line 3, column id_student"):
        run("--oulad", str(tmp_path), "--flush")
    assert [user.username for user in User.objects.all()] == ["kept"]


def test_a_platform_with_data_is_refused_with_the_option_that_helps(db):
    User.objects.create(username="here")
    with pytest.raises(CommandError, match=r"users: 1, .*--flush"):
        run("--users", "40")


def test_users_and_oulad_exclude_each_other(db, tmp_path):
    with pytest.raises(CommandError, match="not allowed with argument --users"):
        run("--users=40", f"--oulad={tmp_path}")


def test_a_platform_without_students_is_refused(db):
    with pytest.raises(CommandError, match="--users: users=0"):
        run("--users", "0")


def test_a_database_without_tables_is_told_to_migrate(db):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_user RENAME TO elsewhere")
    with pytest.raises(CommandError, match=r"run 'manage.py migrate' first"):
        run("--users", "40")


def test_a_terminal_sees_bars_grow(db):
    terminal = Terminal()
    run("--users", "2500", "--progress", stderr=terminal)
    assert "\rusers " in terminal.getvalue()
    assert "2,000/2,500\rusers" in terminal.getvalue()
    assert f"[{'#' * 30}]   2,500/2,500\n" in terminal.getvalue()


def test_a_log_file_gets_one_line_for_each_table(db):
    log = io.StringIO()
    run("--users", "600", "--progress", stderr=log)
    assert [line.split()[0] for line in log.getvalue().splitlines()] == ["users", "enrolments"]
    assert "\r" not in log.getvalue()


def test_no_bar_is_shown_unless_asked_for(db):
    terminal = Terminal()
    run("--users", "600", stderr=terminal)
    assert terminal.getvalue() == ""
