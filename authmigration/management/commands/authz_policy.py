"""``authz_policy``: write the policy as the document that services load or ship as a file."""

from __future__ import annotations

import contextlib
import os
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from auth_lib import policy_document

from ... import registry
from ..command import AuthzCommand


class Command(AuthzCommand):
    """Write the policy as the document that services load or ship as a file."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("action", choices=("export",))
        parser.add_argument(
            "--output", type=Path, metavar="FILE", help="the standard output unless told"
        )

    def handle(self, *, output: Path | None, **_: Any) -> None:
        """Write it whole or not at all: a service may be starting on the file right now."""
        policy = registry.get().policy
        text = policy_document.dumps(policy)
        if output is None:
            self.stdout.write(text, ending="")
            return
        try:
            _replace(output, text)
        except OSError as error:
            raise CommandError(f"{output} was not written: {error}") from error
        version = policy_document.dump(policy)["version"]
        self.say(f"{output}: version {version}, {len(policy.roles)} roles.")


def _replace(path: Path, text: str) -> None:
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", dir=path.parent, prefix=f".{path.name}.", delete=False
    ) as file:
        file.write(text)
    try:
        os.chmod(file.name, 0o644)  # noqa: PTH101 -- a name, not a Path; the document is public
        os.replace(file.name, path)  # noqa: PTH105 -- as above
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(file.name)  # noqa: PTH108 -- as above
        raise
