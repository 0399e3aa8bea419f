"""The workflow and the hook name commands that exist and do what they say."""

import shlex
from pathlib import Path

import pytest
import yaml

from authmigration.auditor.cli import main, parser
from tests.architecture import source

WORKFLOW = source.ROOT / ".github" / "workflows" / "authz-audit.yml"
HOOKS = source.ROOT / ".pre-commit-hooks.yaml"


def commands():
    steps = yaml.safe_load(WORKFLOW.read_text())["jobs"]["audit"]["steps"]
    return [shlex.split(step["run"]) for step in steps if "run" in step]


def test_the_workflow_shows_new_findings_alone_as_annotations():
    (audit,) = [words for words in commands() if words[0] == "authz-audit"]
    options = parser().parse_args(audit[1:])

    assert (options.format, options.baseline) == ("github", Path(".authz-baseline.json"))
    assert all((source.ROOT / path).is_dir() for path in options.paths)


def test_the_command_of_the_workflow_fails_on_a_new_finding_alone(tmp_path, monkeypatch, capsys):
    (audit,) = [words for words in commands() if words[0] == "authz-audit"]
    monkeypatch.chdir(tmp_path)
    view = tmp_path / "monolith" / "checks.py"
    view.parent.mkdir()
    view.write_text("def may_edit(user, course):\n    return user.is_teacher\n")
    assert main(audit[1:]) == 0  # the first run writes the baseline

    view.write_text(view.read_text() + "\n\ndef may_see(user, course):\n    return user.is_staff\n")

    assert main(audit[1:]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines
    assert all(line.startswith("::warning file=monolith/checks.py,line=") for line in lines)
    assert {line.split("line=")[1].split(",")[0] for line in lines} == {"5", "6"}


@pytest.mark.parametrize("hook", yaml.safe_load(HOOKS.read_text()), ids=lambda hook: hook["id"])
def test_the_hook_runs_the_command_over_the_whole_tree(hook, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    assert hook["entry"] == "authz-audit"
    assert hook["pass_filenames"] is False
    assert main(hook["args"]) == 0
