"""What a project tells the auditor, in ``[tool.authz-audit]`` of its pyproject.toml."""

import tomllib
from dataclasses import dataclass, fields, replace
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from .finding import Finding

LEVELS = ("note", "warning", "error")


class ConfigurationError(ValueError):
    """A setting that the auditor does not understand; the message names it and the mend."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """Every option and its default."""

    select: tuple[str, ...] = ()
    """Rules to report, by id or by the beginning of ids (``AM2``); empty: all."""

    ignore: tuple[str, ...] = ()
    """Rules not to report, by id or by the beginning of ids."""

    min_confidence: int = 50
    """Findings below this confidence, 0 to 100, are not reported."""

    exclude: tuple[str, ...] = ()
    """Patterns of paths that are not read: ``legacy/*``."""

    scopes: tuple[str, ...] = ()
    """Attributes that limit to the requester where nothing else says so: ``request.tenant``."""

    guards: tuple[str, ...] = ()
    """Functions, methods and decorators that check, although their code does not show it."""

    public_models: tuple[str, ...] = ()
    """Models whose rows are open to all: ``catalogue.Category`` or ``Category``."""

    guarded_urls: tuple[str, ...] = ()
    """Beginnings of URLs that other code guards: ``internal/``."""

    role_fields: tuple[str, ...] = ()
    """Further columns that hold a role in words: ``position``."""

    def wants(self, finding: Finding) -> bool:
        """Tell whether a finding is to be reported."""
        chosen = not self.select or finding.rule.startswith(self.select)
        dropped = bool(self.ignore) and finding.rule.startswith(self.ignore)
        return chosen and not dropped and finding.confidence >= self.min_confidence

    def leaves_out(self, path: str) -> bool:
        """Tell whether a file is not to be read."""
        return any(fnmatch(path, pattern) for pattern in self.exclude)

    def judging(self) -> tuple[object, ...]:
        """Return what changes the findings themselves, not which of them are shown."""
        names = ("scopes", "guards", "public_models", "guarded_urls", "role_fields")
        return tuple(getattr(self, name) for name in names)


def configured(start: Path, given: dict[str, Any]) -> Configuration:
    """Return the configuration of the nearest pyproject.toml, with what was given on top.

    Raises ConfigurationError where it cannot be understood.
    """
    values: dict[str, Any] = {}
    for folder in (start.resolve(), *start.resolve().parents):
        file = folder / "pyproject.toml"
        if file.is_file():
            values = table(file)
            break
    return replace(Configuration(), **{**checked(values), **checked(given)})


def table(file: Path) -> dict[str, Any]:
    """Return the auditor's table of a pyproject.toml."""
    try:
        held = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{file} is not TOML: {error}") from error
    found = held.get("tool", {}).get("authz-audit", {})
    return {str(key).replace("-", "_"): value for key, value in found.items()}


def checked(values: dict[str, Any]) -> dict[str, Any]:
    """Return the values with lists as tuples; names and types are checked."""
    known = {field.name for field in fields(Configuration)}
    found: dict[str, Any] = {}
    for name, value in values.items():
        if name not in known:
            choice = ", ".join(sorted(known)).replace("_", "-")
            raise ConfigurationError(f"there is no option {name!r}; there are {choice}")
        if name == "min_confidence":
            if not isinstance(value, int) or not 0 <= value <= 100:
                raise ConfigurationError("min-confidence is a whole number from 0 to 100")
            found[name] = value
        elif isinstance(value, list | tuple) and all(isinstance(item, str) for item in value):
            found[name] = tuple(value)
        else:
            raise ConfigurationError(f"{name.replace('_', '-')} is a list of texts, not {value!r}")
    return found
