"""The two ways to kill that need no database: the environment and a file.

Both can only kill. The environment is read once, when the process starts; the file is looked at
each time a snapshot is taken.
"""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

HARMLESS = {"", "0", "false", "no", "off"}


class KillFile(NamedTuple):
    """A file that kills.

    Attributes:
        path: where it was found.
        since: its time stamp, or when it was looked for, if that cannot be read.

    """

    path: str
    since: datetime


def variable_of(switch: str) -> str:
    """Return the environment variable of a kill switch: ``AUTHZ_KILL`` for ``authz``."""
    return re.sub(r"[^A-Z0-9]", "_", switch.upper()) + "_KILL"


def _raised() -> frozenset[str]:
    # Whoever writes "true" in a hurry means it: only a plain no is one.
    return frozenset(
        name
        for name, value in os.environ.items()
        if name.endswith("_KILL") and value.strip().lower() not in HARMLESS
    )


STARTED = datetime.now(UTC)
RAISED = _raised()


def killed_by_environment(switch: str) -> bool:
    """Tell whether the process was started with this switch on."""
    return variable_of(switch) in RAISED


def look_for(path: str | None) -> KillFile | None:
    """Return the kill file if something exists at its path.

    A path that cannot be looked at counts as existing: it may be there, and killing is the side
    on which to err.
    """
    if path is None:
        return None
    try:
        return KillFile(path, datetime.fromtimestamp(Path(path).stat().st_mtime, UTC))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError:
        return KillFile(path, datetime.now(UTC))
