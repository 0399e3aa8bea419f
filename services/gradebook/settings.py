"""What differs between installations: ``GRADEBOOK_*``; ``AUTH_LIB_*`` is auth_lib's own."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


class SettingError(Exception):
    """A variable is missing or cannot be read; the text names it and the mend."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one process.

    Attributes:
        database: the SQLite file; made when it is first opened.
        origins: the pages that may call from a browser: ``https://lms.example``.

    """

    database: Path
    origins: tuple[str, ...] = ()


def from_environment(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read ``GRADEBOOK_DATABASE`` and ``GRADEBOOK_ORIGINS``.

    Raises:
        SettingError: there is no database, or an origin is none.

    """
    database = environment.get("GRADEBOOK_DATABASE", "").strip()
    if not database:
        raise SettingError("Set GRADEBOOK_DATABASE to the path of the SQLite file.")
    given = environment.get("GRADEBOOK_ORIGINS", "").split(",")
    origins = tuple(each.strip() for each in given if each.strip())
    for origin in origins:
        # "*" would let any page of the web read grades with a token that it got hold of.
        if not origin.startswith(("http://", "https://")) or origin.count("/") != 2:  # noqa: PLR2004 -- those of ://
            raise SettingError(
                f"GRADEBOOK_ORIGINS has {origin!r}: write scheme and host, as in "
                "https://lms.example, with commas between."
            )
    return Settings(Path(database), origins)
