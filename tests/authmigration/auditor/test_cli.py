"""The command: formats, exit codes, baseline, suppression, configuration, cache."""

import json

import pytest

from authmigration.auditor.cli import main

IDOR = """from django.shortcuts import get_object_or_404, render
from .models import Invoice


def invoice(request, pk):
    invoice = get_object_or_404(Invoice, pk=pk)
    return render(request, "invoice.html", {"invoice": invoice})
"""
MODELS = """from django.db import models


class Invoice(models.Model):
    owner = models.ForeignKey("auth.User", on_delete=models.CASCADE)
"""
LINE = "    invoice = get_object_or_404(Invoice, pk=pk)"


@pytest.fixture
def shop(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "models.py").write_text(MODELS)
    (folder / "views.py").write_text(IDOR)
    return folder


def found(capsys, *arguments):
    status = main(["shop", "--format", "json", *arguments])
    return status, json.loads(capsys.readouterr().out)


def test_a_finding_has_its_place_its_message_and_its_chain(shop, capsys):
    status, report = found(capsys)

    (item,) = report["findings"]
    assert status == 1
    assert (item["rule"], item["path"], item["line"]) == ("AM201", "shop/views.py", 6)
    assert item["symbol"] == "invoice"
    assert [step["line"] for step in item["evidence"][:3]] == [5, 6, 7]
    assert report["summary"]["by_rule"] == {"AM201": 1}


def test_text_shows_the_line_of_the_source(shop, capsys):
    main(["shop"])

    assert "    6 | " + LINE in capsys.readouterr().out


def test_a_second_report_shows_the_lines_as_they_are_at_that_moment(shop, capsys):
    main(["shop"])
    (shop / "views.py").write_text("# a line more\n" + IDOR)
    capsys.readouterr()

    main(["shop"])

    assert "    7 | " + LINE in capsys.readouterr().out


def test_annotations_and_sarif_name_the_place(shop, capsys):
    main(["shop", "--format", "github"])
    annotation = capsys.readouterr().out
    main(["shop", "--format", "sarif"])
    log = json.loads(capsys.readouterr().out)

    assert annotation.startswith("::error file=shop/views.py,line=6,endLine=6,title=AM201::")
    (result,) = log["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "shop/views.py"
    assert result["ruleId"] in {rule["id"] for rule in log["runs"][0]["tool"]["driver"]["rules"]}


def test_a_baseline_hides_what_is_known_and_reports_what_got_fixed(shop, capsys):
    status, report = found(capsys, "--baseline", "known.json")
    assert (status, report["findings"]) == (0, [])

    (shop / "views.py").write_text(IDOR.replace("pk=pk)", "pk=pk, owner=request.user)"))
    status, report = found(capsys, "--baseline", "known.json")

    fixed = {"rule": "AM201", "path": "shop/views.py", "symbol": "invoice"}
    assert (status, report["summary"]["fixed"]) == (0, [fixed])


def test_a_finding_that_the_baseline_does_not_hold_is_reported(shop, capsys):
    found(capsys, "--baseline", "known.json")

    (shop / "views.py").write_text(IDOR + IDOR.replace("def invoice(", "def another("))
    _, report = found(capsys, "--baseline", "known.json")

    assert [item["symbol"] for item in report["findings"]] == ["another"]


def test_a_suppression_with_a_reason_takes_the_finding_away(shop, capsys):
    said = LINE + "  # authz: ignore AM201 -- a public catalogue"
    (shop / "views.py").write_text(IDOR.replace(LINE, said))

    status, report = found(capsys)

    assert (status, report["findings"], report["summary"]["suppressed"]) == (0, [], 1)


def test_a_suppression_without_a_reason_suppresses_nothing(shop, capsys):
    (shop / "views.py").write_text(IDOR.replace(LINE, LINE + "  # authz: ignore AM201"))

    _, report = found(capsys)

    assert [item["rule"] for item in report["findings"]] == ["AM002", "AM201"]


def test_a_suppression_that_suppresses_nothing_is_a_finding(shop, capsys):
    (shop / "views.py").write_text("# authz: ignore AM201 -- no longer\n")

    _, report = found(capsys)

    assert [item["rule"] for item in report["findings"]] == ["AM003"]


def test_a_file_that_does_not_parse_is_reported_and_the_rest_is_read(shop, capsys):
    (shop / "old.py").write_text("print 'Python 2'\n")

    _, report = found(capsys)

    assert [item["rule"] for item in report["findings"]] == ["AM001", "AM201"]


def test_the_configuration_of_the_project_is_read(shop, capsys):
    (shop.parent / "pyproject.toml").write_text('[tool.authz-audit]\nignore = ["AM2"]\n')

    status, report = found(capsys)

    assert (status, report["findings"]) == (0, [])


def test_an_option_that_does_not_exist_is_named(shop, capsys):
    (shop.parent / "pyproject.toml").write_text("[tool.authz-audit]\nignores = []\n")

    assert main(["shop"]) == 2
    assert "no option 'ignores'" in capsys.readouterr().err


def test_a_path_that_does_not_exist_is_a_usage_error(shop, capsys):
    assert main(["nowhere"]) == 2
    assert "nowhere does not exist" in capsys.readouterr().err


def test_only_the_level_that_was_asked_for_fails(shop, capsys):
    (shop / "views.py").write_text("# authz: ignore AM201 -- no longer\n")

    assert main(["shop", "--fail-on", "error"]) == 0
    assert main(["shop", "--fail-on", "warning"]) == 1


def test_a_second_run_reads_nothing_anew_and_finds_the_same(shop, capsys):
    _, first = found(capsys)
    _, second = found(capsys)

    assert second["summary"]["from_cache"] == second["summary"]["files"] == 3
    assert second["findings"] == first["findings"]


def test_a_changed_file_is_read_anew_beside_cached_ones(shop, capsys):
    found(capsys)
    (shop / "views.py").write_text(IDOR.replace("pk=pk)", "pk=pk, owner=request.user)"))

    status, report = found(capsys)

    assert (status, report["findings"]) == (0, [])
    assert report["summary"]["from_cache"] == 2


def test_a_damaged_cache_counts_as_empty(shop, capsys):
    (shop.parent / ".authz_audit_cache").write_bytes(b"not a cache")

    status, _ = found(capsys)

    assert status == 1


def test_a_rule_is_explained_with_its_examples(capsys):
    assert main(["--explain", "am302"]) == 0

    told = capsys.readouterr().out
    assert told.startswith("AM302: ")
    assert "Found:" in told
    assert "Not found:" in told


def test_an_unknown_rule_is_named_beside_the_known_ones(capsys):
    assert main(["--explain", "AM999"]) == 2
    assert "AM201" in capsys.readouterr().err
