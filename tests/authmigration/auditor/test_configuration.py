"""What a project tells the auditor: scopes, guards, public models, guarded URLs, role fields."""

import pytest

from authmigration.auditor.configuration import Configuration, ConfigurationError, configured

from .trees import rules_of

MODELS = """
from django.db import models


class Invoice(models.Model):
    owner = models.ForeignKey("auth.User", on_delete=models.CASCADE)
    site = models.ForeignKey("sites.Site", on_delete=models.CASCADE)
"""
VIEW = """
from django.shortcuts import get_object_or_404, render

from .models import Invoice


def invoice(request, pk):
    {line}
    return render(request, "invoice.html", {{"invoice": invoice}})
"""
URLS = """
from django.urls import path

from . import views

urlpatterns = [path("internal/<int:pk>/", views.invoice)]
"""
BARE = "invoice = get_object_or_404(Invoice, pk=pk)"


def tree(line):
    return {"app/models.py": MODELS, "app/views.py": VIEW.format(line=line), "app/urls.py": URLS}


def test_nothing_is_told_and_the_row_is_found():
    assert rules_of(tree(BARE)) == ["AM201"]


def test_an_attribute_that_scopes_limits_the_lookup():
    limited = "invoice = get_object_or_404(Invoice, pk=pk, site=threads.local.site)"

    assert rules_of(tree(limited)) == ["AM201"]
    assert rules_of(tree(limited), scopes=("threads.local.site",)) == []


def test_a_call_that_guards_checks_what_it_is_given():
    guarded = f"{BARE}\n    audit_log(invoice)"

    assert rules_of(tree(guarded)) == ["AM201"]
    assert rules_of(tree(guarded), guards=("audit_log",)) == []


def test_a_model_that_is_public_is_left_alone():
    assert rules_of(tree(BARE), public_models=("app.Invoice",)) == []


def test_a_view_behind_guarded_urls_is_less_sure():
    assert rules_of(tree(BARE), guarded_urls=("internal/",)) == []
    assert rules_of(tree(BARE), guarded_urls=("public/",)) == ["AM201"]


def test_a_further_column_counts_as_a_role():
    check = "def edit(request):\n    if request.user.position == 'head':\n        return 1\n"

    assert rules_of(check) == []
    assert rules_of(check, role_fields=("position",)) == ["AM102"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[tool.authz-audit]\nmin-confidence = 101\n", "from 0 to 100"),
        ("[tool.authz-audit]\nscopes = 'request.tenant'\n", "a list of texts"),
        ("[tool.authz-audit\n", "is not TOML"),
    ],
)
def test_what_cannot_be_understood_is_named(tmp_path, text, said):
    (tmp_path / "pyproject.toml").write_text(text)

    with pytest.raises(ConfigurationError, match=said):
        configured(tmp_path, {})


def test_what_is_given_stands_above_the_file(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[tool.authz-audit]\nmin-confidence = 90\n")

    assert configured(tmp_path, {"min_confidence": 10}) == Configuration(min_confidence=10)
