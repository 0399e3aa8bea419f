"""The instructions that show commands print what they promise, on a platform of 480 users."""

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
ENFORCE = (*SHADOW, "python manage.py authz_stage school:9 enforce --reason first")
BEFORE = {
    "plan-a-rollout": SHADOW,
    "first-cohort": SHADOW,
    "night-stop": ENFORCE,
    "appoint-a-ta": ENFORCE,
}


@pytest.mark.slow
@pytest.mark.sqlite
@pytest.mark.parametrize("name", sorted(BEFORE))
def test_instructions_print_what_they_promise(name, tmp_path):
    folder = checkout(tmp_path)
    page = ROOT / "docs" / "how-to" / f"{name}.md"
    said = steps(page.read_text(encoding="utf-8"))
    before = BEFORE[name]
    commands = [*before, *(command for command, _ in said)]
    database = f"sqlite:///{folder}/var/platform.sqlite3"

    printed = typed(commands, folder, MONOLITH_DATABASE_URL=database)

    assert said
    found = differences(said, printed[len(before) :])
    assert not found, "\n".join(found)
