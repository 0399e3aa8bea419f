"""The checks in Django's hands."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core import checks as django_checks
from django.core.checks import registry as django_registry

from authmigration import checks
from authmigration.checks import messages
from tests.architecture.source import ROOT, text

IDS = re.compile(r"authmigration\.[EW]\d{3}")


def registered(*, deploy):
    found = django_registry.registry.get_checks(include_deployment_checks=deploy)
    return {each.__name__ for each in found if each.__module__.startswith("authmigration.checks")}


def test_every_check_is_registered_and_the_connection_only_for_a_deployment():
    every = {name for name in vars(checks) if name.startswith("check_")} | {"check_source"}

    assert registered(deploy=True) == every
    assert registered(deploy=False) == every - {"check_connection", "check_tokens_deployed"}


def test_each_id_belongs_to_one_message_and_has_a_test_named_after_it():
    ids = IDS.findall(text(Path(messages.__file__)))
    tests = "".join(text(path) for path in Path(__file__).parent.glob("test_*.py"))

    assert len(ids) == len(set(ids)) == 20
    for id_ in ids:
        assert f"def test_{id_.replace('.', '_').lower()}_" in tests


def test_authmigration_w003_says_that_a_kill_may_go_unseen(settings):
    settings.FEATURE_FLAGS = {"CONNECTION": "caller"}

    (warning,) = checks.check_connection()

    assert warning.id == "authmigration.W003"
    assert "FEATURE_FLAGS['CONNECTION'] is 'caller'" in warning.msg
    assert "to 'own'" in warning.hint


def test_authmigration_w003_names_a_database_in_memory(settings, monkeypatch):
    settings.FEATURE_FLAGS = {}
    monkeypatch.setattr("authmigration.rollout.killing.in_memory", lambda connection: True)

    assert "The database 'default' lives in memory" in checks.check_connection()[0].msg


def test_flags_on_a_connection_of_their_own_are_in_order(settings):
    settings.FEATURE_FLAGS = {}

    assert checks.check_connection() == []


def test_flag_options_that_cannot_be_used_are_left_to_their_own_check(settings):
    settings.FEATURE_FLAGS = {"DATABASE": "nowhere"}

    assert checks.check_connection() == []
    assert any(each.id == "feature_flags.E002" for each in django_checks.run_checks())


def manage(folder, *args):
    return subprocess.run(
        [sys.executable, "manage.py", *args],
        cwd=ROOT,
        env={**os.environ, "MONOLITH_DATABASE_URL": f"sqlite:///{folder}/new.sqlite3"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.slow
def test_on_an_empty_database_the_checks_pass_and_migrate_runs(tmp_path):
    (tmp_path / "new.sqlite3").touch()

    checked = manage(tmp_path, "check", "--database", "default")
    migrated = manage(tmp_path, "migrate", "-v0")
    again = manage(tmp_path, "check", "--database", "default")

    for done in (checked, migrated, again):
        assert done.returncode == 0, done.stderr
    assert "no issues" in checked.stdout
    assert "no issues" in again.stdout
