"""``manage.py authz_audit`` and the system check of the same name."""

import json

import pytest
from django.core.management import CommandError, call_command

from authmigration.checks import audited
from authmigration.management.resolved import facts


def test_the_command_knows_the_routes_of_the_url_resolver(capsys):
    with pytest.raises(CommandError) as ended:
        call_command(
            "authz_audit", "monolith", "--format", "json", "--select", "AM302", "--no-cache"
        )

    report = json.loads(capsys.readouterr().out)
    assert ended.value.returncode == 1
    assert {item["rule"] for item in report["findings"]} == {"AM302"}
    assert report["summary"]["routes"] == len(facts().routes) > 0


def test_a_class_and_a_decorated_function_are_known_by_the_names_of_their_urls():
    routes = facts().routes

    assert routes["monolith.courses.views.enrol.withdraw"] == {"course_id"}


def test_the_system_check_keeps_still_where_its_tag_is_not_asked_for():
    assert audited.check_source() == []


def test_the_system_check_shows_the_findings_under_its_tag(monkeypatch, settings, tmp_path):
    settings.BASE_DIR = tmp_path
    (tmp_path / "checks.py").write_text("def may_edit(user, course):\n    return user.is_teacher\n")
    monkeypatch.setattr("sys.argv", ["manage.py", "check", "--tag", "authz_audit"])

    ids = {message.id for message in audited.check_source()}

    assert ids == {"authz_audit.AM101", "authz_audit.AM108"}
