"""Points in time as legacy code has them: without a zone or an end, or beyond what Python knows."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

from ..errors import InvalidMoment

EARLIEST = datetime.min.replace(tzinfo=UTC)
LATEST = datetime.max.replace(tzinfo=UTC)

_BOUNDS = {"infinity": LATEST, "-infinity": EARLIEST}
_MIDDLE_YEAR = "5000"


def instant(given: object) -> datetime | None:
    """Return a point in time that host code gave, aware and in UTC; None stays None.

    Raises:
        InvalidMoment: it is none, or it could be several, for want of a time zone.

    """
    if given is None:
        return None
    if not isinstance(given, datetime):
        raise InvalidMoment(f"{given!r} is no point in time; pass a datetime with its time zone.")
    if given.tzinfo is None and settings.USE_TZ:
        raise InvalidMoment(f"{given!r} has no time zone; use django.utils.timezone.make_aware().")
    return _in_utc(given)


def first_moment(text: str | None, *, of_day: bool) -> datetime | None:
    """Read from which moment on a row counts; None where it always has."""
    found = _read(text, of_day, end=False)
    return None if found == EARLIEST else found


def last_moment(text: str | None, *, of_day: bool) -> datetime | None:
    """Read from which moment on a row counts no more; None where it has no end."""
    found = _read(text, of_day, end=True)
    return None if found == LATEST else found


def _read(text: str | None, of_day: bool, *, end: bool) -> datetime | None:  # noqa: FBT001 -- passed on
    if text is None:
        return None
    if text in _BOUNDS:
        return _BOUNDS[text]
    try:
        return _of_day(datetime.fromisoformat(text), end=end) if of_day else _of_text(text)
    except OverflowError:
        # As of 9999-12-31, which many tables hold for "no end", and which has no day after.
        return LATEST if text > _MIDDLE_YEAR else EARLIEST


def _of_day(day: date, *, end: bool) -> datetime:
    # In the zone of the installation: that of whose request this happens to be changes.
    return _in_utc(datetime.combine(day, time()) + timedelta(days=1 if end else 0))


def _of_text(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None and settings.USE_TZ:
        return found.replace(tzinfo=UTC)
    return _in_utc(found)


def _in_utc(found: datetime) -> datetime:
    if found.tzinfo is None:
        found = timezone.make_aware(found, timezone.get_default_timezone())
    return found.astimezone(UTC)
