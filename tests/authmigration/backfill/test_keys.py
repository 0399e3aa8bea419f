"""Users may have UUIDs or texts for keys: the order is that of the database."""

import json
import os
import subprocess
import sys

import pytest
from django.db import connection

from tests.architecture.source import ROOT

pytestmark = pytest.mark.slow


@pytest.fixture
def schema(unique_name, transactional_db):
    if connection.vendor != "postgresql":
        yield ""
        return
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {unique_name}")
        yield unique_name
        cursor.execute(f"DROP SCHEMA {unique_name} CASCADE")


@pytest.fixture
def database(schema, database_url, tmp_path):
    return database_url if schema else f"sqlite:///{tmp_path / 'keyed.sqlite3'}"


@pytest.mark.parametrize("kind", ["text", "uuid"])
def test_everybody_is_in_one_chunk_whatever_the_key(kind, database, schema):
    done = subprocess.run(
        [sys.executable, "-m", "tests.authmigration.backfill.keyed.main"],
        cwd=ROOT,
        env={
            **{k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"},
            "KEYED_BY": kind,
            "KEYED_DATABASE": database,
            "KEYED_SCHEMA": schema,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)

    ordered = found["ordered"]
    chunks = [ordered[at : at + 4] for at in range(0, len(ordered), 4)]
    assert found["bounds"] == [[each[0], each[-1], len(each)] for each in chunks]
    assert found["states"] == found["facts"] == sorted(ordered)
    assert found["migrated"] == [len(ordered), 0]
    assert found["unchanged"] == [0, len(ordered)]
