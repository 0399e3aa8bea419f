"""``authz_audit``: the auditor, with what the running platform knows of its URLs."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import CommandError

from ...auditor import cli
from ..command import AuthzCommand
from ..resolved import facts


class Command(AuthzCommand):
    """Find roles without a context and rows that nothing compares with the requester."""

    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments: those of authz-audit."""
        cli.declare(parser)

    def handle(self, **options: Any) -> None:
        """Audit the project, or the paths that are named; ends with the status of authz-audit."""
        chosen = cli.namespace(options)
        if not chosen.paths:
            chosen.paths = [Path(getattr(settings, "BASE_DIR", "."))]
        status = cli.answered(chosen, facts())
        if status == cli.FOUND:
            raise CommandError("There are findings; they stand above.", returncode=1)
        if status:
            raise CommandError("The audit could not begin; the line above says why.", returncode=2)
