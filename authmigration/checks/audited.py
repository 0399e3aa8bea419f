"""The auditor's findings as system checks: ``manage.py check --tag authz_audit``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks

from ..auditor.configuration import configured
from ..auditor.engine import run
from ..auditor.finding import Finding

TAG = "authz_audit"
KINDS = {"error": checks.Error, "warning": checks.Warning, "note": checks.Info}


def check_source(
    app_configs: Sequence[AppConfig] | None = None,  # noqa: ARG001 - Django passes it by name
    **_options: Any,
) -> list[checks.CheckMessage]:
    """Return what the auditor finds below BASE_DIR, only where its tag is asked for.

    It takes seconds: nobody waits for it at every start of the server.
    """
    if TAG not in sys.argv:
        return []
    root = Path(getattr(settings, "BASE_DIR", "."))
    return [message(item) for item in run([root], configured(root, {})).findings]


def message(item: Finding) -> checks.CheckMessage:
    """Return a finding as Django's message, with the command that explains it."""
    said = f"{item.path}:{item.line}: {item.message}"
    hint = f"authz-audit --explain {item.rule}"
    return KINDS[item.level](
        said, hint=hint, obj=item.symbol or None, id=f"authz_audit.{item.rule}"
    )
