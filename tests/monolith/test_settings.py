import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

ROOT = Path(settings.BASE_DIR)


def manage(*arguments: str, **variables: str) -> subprocess.CompletedProcess:
    environment = {key: value for key, value in os.environ.items() if "MONOLITH_" not in key}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment | variables,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_deploy_refuses_the_demo_key(tmp_path):
    url = f"sqlite:///{tmp_path}/a.sqlite3"
    check = manage("check", "--deploy", "--fail-level", "WARNING", MONOLITH_DATABASE_URL=url)
    assert check.returncode != 0
    assert "security.W009" in check.stderr


def test_a_key_from_the_environment_is_accepted_by_a_deploy(tmp_path):
    url, key = f"sqlite:///{tmp_path}/a.sqlite3", "".join(map(chr, range(33, 100)))
    check = manage("check", "--deploy", MONOLITH_DATABASE_URL=url, MONOLITH_SECRET_KEY=key)
    assert "security.W009" not in check.stderr


def test_a_database_url_that_cannot_be_read_stops_the_start_with_the_mend():
    check = manage("check", MONOLITH_DATABASE_URL="oracle://db/campus")
    assert check.returncode != 0
    assert "unknown scheme 'oracle'. Write sqlite:///" in check.stderr


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_a_sqlite_file_is_opened_with_a_write_ahead_log():
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        assert cursor.fetchone() == ("wal",)
        cursor.execute("PRAGMA synchronous")
        assert cursor.fetchone() == (1,)


def test_the_models_and_the_migrations_agree(tmp_path):
    url = f"sqlite:///{tmp_path}/a.sqlite3"
    apps = ("accounts", "schools", "courses", "gradebook", "payments", "lectures")
    check = manage("makemigrations", "--check", "--dry-run", *apps, MONOLITH_DATABASE_URL=url)
    assert check.returncode == 0, check.stdout + check.stderr
