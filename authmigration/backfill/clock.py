"""Leases run on the clock of the database, since the clocks of workers differ."""

from __future__ import annotations

from .. import dialects


def later(dialect: dialects.Dialect) -> str:
    """Return an expression for the moment that lies the seconds of :func:`seconds` ahead."""
    if dialect is dialects.POSTGRESQL:
        return f"({dialect.now} + make_interval(secs => %s))"
    return dialect.now.replace("'now'", "'now', %s")


def seconds(dialect: dialects.Dialect, value: float) -> float | str:
    """Return the parameter of :func:`later` for a number of seconds; below zero for the past."""
    return value if dialect is dialects.POSTGRESQL else f"{value:+.3f} seconds"
