"""The variables of a running `make serve`, for commands of another shell."""

import os
import shlex
from collections.abc import Mapping
from pathlib import Path

FILE = "serve.env"
# Where they are set, a command beside the server must have the same.
OTHERS = ("MONOLITH_KILL_FILE", "MONOLITH_SECRET_KEY", "MONOLITH_TOKEN_SECRET")
OWNER_ALONE = 0o600


def keep(folder: Path, variables: Mapping[str, str]) -> None:
    """Write them as a shell reads them; a database may have a password in its URL."""
    lines = [f"export {name}={shlex.quote(value)}\n" for name, value in variables.items()]
    file = folder / FILE
    file.unlink(missing_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ALONE)
    with os.fdopen(descriptor, "w") as out:
        out.writelines(lines)


def forget(folder: Path) -> None:
    """Remove the file: whoever read it later would meet a server that is gone."""
    (folder / FILE).unlink(missing_ok=True)
