"""Backfill such a host twice and print what came of it, as JSON.

``python -m tests.authmigration.backfill.keyed.main``, with KEYED_BY, KEYED_DATABASE and
KEYED_SCHEMA in the environment.
"""

import json
import os
import sys
import uuid
from pathlib import Path

import django
from django.conf import settings

from monolith.database_url import read_database_url

TEXTS = [
    "a",
    "B",
    "ä",
    "Z z",
    "10",
    "9",
    "é",
    "日本",
    "x" * 64,
    "_-.",
    "O'Neil",
    "%s",
    "A",
    "b",
    "Ä",
]


def configure() -> None:
    database = read_database_url(os.environ["KEYED_DATABASE"], Path.cwd())
    if schema := os.environ["KEYED_SCHEMA"]:
        database["OPTIONS"] = {"options": f"-c search_path={schema}"}
    settings.configure(
        AUTH_USER_MODEL="keyed.User",
        AUTHMIGRATION={"CHUNK_SIZE": 4},
        DATABASES={"default": database},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "waffle",
            "feature_flags",
            "authmigration",
            "tests.authmigration.backfill.keyed",
        ],
        USE_TZ=True,
    )
    django.setup()


def keys() -> list:
    """Return keys in no order."""
    return {
        "uuid": [uuid.uuid5(uuid.NAMESPACE_DNS, str(number)) for number in range(30)],
        "text": [*TEXTS, *(f"user-{number}" for number in range(30))],
    }[os.environ["KEYED_BY"]]


def main() -> None:
    configure()
    from django.core.management import call_command

    from authmigration import backfill
    from authmigration.models import Assignment, BackfillChunk, SubjectState
    from tests.authmigration.backfill.keyed.models import Club, Member, User

    call_command("migrate", run_syncdb=True, verbosity=0)
    club = Club.objects.create(name="chess")
    users = User.objects.bulk_create(User(id=key, password="!") for key in keys())
    Member.objects.bulk_create(Member(user=user, club=club) for user in users)
    reports = [backfill.run(), backfill.run()]
    bounds = BackfillChunk.objects.filter(run_id=1).order_by("id")
    found = {
        "ordered": [str(key) for key in User.objects.order_by("pk").values_list("pk", flat=True)],
        "bounds": list(bounds.values_list("first", "last", "size")),
        "migrated": [each.migrated for each in reports],
        "unchanged": [each.unchanged for each in reports],
        "states": sorted(SubjectState.objects.values_list("subject", flat=True)),
        "facts": sorted(Assignment.objects.values_list("subject", flat=True)),
    }
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
