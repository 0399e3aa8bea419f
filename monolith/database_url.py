"""Reads a database URL into Django's settings."""

from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

VARIABLE = "MONOLITH_DATABASE_URL"
FORMS = (
    "sqlite:///relative/path, sqlite:////absolute/path or postgres://user:password@host:port/name"
)


def read_database_url(url: str, base: Path) -> dict[str, Any]:
    """Return the entry of DATABASES that `url` names; a relative SQLite path starts at `base`.

    Raises ImproperlyConfigured, naming the variable and the forms that are understood, for any
    other scheme, for a URL without a database name and for a SQLite file in a folder that does not
    exist.
    """
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(parts, base)
    if parts.scheme in {"postgres", "postgresql"}:
        return _postgres(parts)
    message = f"{VARIABLE}={url!r}: unknown scheme {parts.scheme!r}. Write {FORMS}."
    raise ImproperlyConfigured(message)


def _sqlite(parts: SplitResult, base: Path) -> dict[str, Any]:
    name = unquote(parts.path[1:])
    if parts.netloc or not name:
        message = f"{VARIABLE}={parts.geturl()!r} names no file. Write {FORMS}."
        raise ImproperlyConfigured(message)
    path = base / name
    if not path.parent.is_dir():
        message = (
            f"{VARIABLE}: the folder {path.parent} does not exist. Make it, or name another file."
        )
        raise ImproperlyConfigured(message)
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(path), "OPTIONS": {"timeout": 20}}


def _postgres(parts: SplitResult) -> dict[str, Any]:
    name = unquote(parts.path[1:])
    if not name:
        message = f"{VARIABLE} names no database. Write {FORMS}."
        raise ImproperlyConfigured(message)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(_port(parts)),
    }


def _port(parts: SplitResult) -> int | str:
    try:
        return parts.port or ""
    except ValueError as error:
        message = f"{VARIABLE}: the port is not a number from 1 to 65535 ({error}). Write {FORMS}."
        raise ImproperlyConfigured(message) from error
