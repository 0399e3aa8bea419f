"""The instructions print what they promise, on a platform of some hundred users."""

import shutil

import pytest

from tests.documents.consoles import ROOT, checkout, differences, steps, typed

SHADOW = (
    "python manage.py migrate --verbosity 0",
    "python manage.py seed_platform --users 400",
    "python manage.py authz_capture install",
    "python manage.py authz_stage everyone shadow --reason compare",
    "python manage.py authz_backfill",
    "python manage.py authz_explain 10 course.edit course:3",
)
ENFORCE = ("python manage.py authz_stage school:9 enforce --reason first",)
BEFORE = {
    "add-a-role": (),
    "appoint-a-ta": ENFORCE,
    "convert-a-view": (),
    "first-cohort": (),
    "night-stop": ENFORCE,
    "plan-a-rollout": (),
}
DATABASE = "var/platform.sqlite3"


def in_folder(commands, folder):
    return typed(commands, folder, MONOLITH_DATABASE_URL=f"sqlite:///{folder}/{DATABASE}")


@pytest.fixture(scope="module")
def at_shadow(tmp_path_factory):
    """Return the database of a platform where everybody is migrated, and at shadow."""
    folder = checkout(tmp_path_factory.mktemp("shadow"))
    printed = in_folder(SHADOW, folder)
    assert " migrated." in printed[4], printed
    return folder / DATABASE


@pytest.mark.slow
@pytest.mark.sqlite
@pytest.mark.parametrize("name", sorted(BEFORE))
def test_instructions_print_what_they_promise(name, tmp_path, at_shadow):
    folder = checkout(tmp_path)
    shutil.copy(at_shadow, folder / DATABASE)
    before = BEFORE[name]
    said = steps((ROOT / "docs" / "how-to" / f"{name}.md").read_text(encoding="utf-8"))

    printed = in_folder([*before, *(command for command, _ in said)], folder)

    assert said
    found = differences(said, printed[len(before) :])
    assert not found, "\n".join(found)
