"""How a cohort is written: as the parameters of a row, and as text on a command line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from .buckets import ALL, as_percent
from .cohorts import LISTS, CohortValue, Kind
from .errors import InvalidCohort

MOST_MEMBERS = 1_000
LONGEST_NAME = 200
SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
PERCENT = re.compile(r"\d{1,3}(\.\d{1,2})?%")
PREFIXES = {"unit": Kind.UNIT, "group": Kind.GROUP, "subject": Kind.SUBJECTS}
HELP = "everyone, 25%, unit:<type>:<id>, group:<name>, subject:<id>"


def read_cohort(name: str, kind: str, parameters: object) -> CohortValue:
    """Make a cohort of a row, or of what somebody has typed in.

    Args:
        name: of the cohort.
        kind: one of Kind.
        parameters: ``{}`` for everyone, ``{"units": ["school:7"]}``, ``{"groups": [...]}``,
            ``{"subjects": ["123"]}``, ``{"name": "country", "values": ["DE"]}``,
            ``{"basis_points": 2500}``.

    Raises:
        InvalidCohort: an unknown kind, or parameters of another form.

    """
    known = _kind(name, kind)
    given = parameters if isinstance(parameters, Mapping) else {}
    expected = _expected(known)
    if set(given) != expected or not isinstance(parameters, Mapping):
        raise InvalidCohort(
            f"Cohort {name!r} of kind {kind} wants the parameters "
            f"{sorted(expected) or 'none'}, not {parameters!r}."
        )
    if known is Kind.EVERYONE:
        return CohortValue(name, known)
    if known is Kind.PERCENTAGE:
        size = check_basis_points(given["basis_points"])
        return CohortValue(name, known, basis_points=size)
    attribute = _text(name, given["name"]) if known is Kind.ATTRIBUTE else ""
    return CohortValue(name, known, _members(name, known, given[LISTS[known]]), attribute)


def parse_cohort(text: str) -> CohortValue | None:
    """Read the forms that need no row: everyone, 25%, unit:school:7, group:name, subject:123.

    Returns:
        the cohort, or None if the text can only be the name of a row.

    Raises:
        InvalidCohort: the text begins like such a form and does not go on like one.

    """
    if text == Kind.EVERYONE:
        return CohortValue(text, Kind.EVERYONE)
    if text.endswith("%"):
        return percentage(_basis_points(text))
    prefix, colon, rest = text.partition(":")
    if not colon:
        return None
    if prefix not in PREFIXES or not rest or len(text) > LONGEST_NAME:
        raise InvalidCohort(
            f"Cannot read the cohort {text!r}: write {HELP}, or the name of a cohort, "
            f"in at most {LONGEST_NAME} characters."
        )
    return CohortValue(text, PREFIXES[prefix], frozenset({rest}))


def percentage(basis_points: int) -> CohortValue:
    """Return the cohort of a percentage.

    Raises:
        InvalidCohort: not between 0 and 10_000.

    """
    size = check_basis_points(basis_points)
    return CohortValue(as_percent(size), Kind.PERCENTAGE, basis_points=size)


def check_cohort_name(name: object) -> str:
    """Return a name under which a cohort may be made.

    Raises:
        InvalidCohort: it is reserved, or could be taken for one of the forms that need no row.

    """
    fits = isinstance(name, str) and SLUG.fullmatch(name) and len(name) <= LONGEST_NAME
    if not fits or name == Kind.EVERYONE:
        raise InvalidCohort(
            f"{name!r} cannot name a cohort: letters, digits, - and _ (at most {LONGEST_NAME}), "
            "and not 'everyone'."
        )
    return str(name)


def check_basis_points(value: object) -> int:
    """Return basis points that can be ones.

    Raises:
        InvalidCohort: not a whole number from 0 to 10_000.

    """
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= ALL:
        return value
    raise InvalidCohort(
        f"{value!r} is no percentage: write whole basis points from 0 to {ALL} (2500 is 25 %)."
    )


def _kind(name: str, kind: str) -> Kind:
    try:
        return Kind(kind)
    except ValueError:
        raise InvalidCohort(
            f"Cohort {name!r} is of the unknown kind {kind!r}. Known: {', '.join(Kind)}."
        ) from None


def _expected(kind: Kind) -> set[str]:
    if kind is Kind.EVERYONE:
        return set()
    if kind is Kind.PERCENTAGE:
        return {"basis_points"}
    return {LISTS[kind], "name"} if kind is Kind.ATTRIBUTE else {LISTS[kind]}


def _members(name: str, kind: Kind, values: object) -> frozenset[str]:
    if not isinstance(values, list | tuple | set | frozenset) or not values:
        raise InvalidCohort(f"Cohort {name!r}: {LISTS[kind]} is a list with at least one text.")
    if len(values) > MOST_MEMBERS:
        raise InvalidCohort(
            f"Cohort {name!r} names {len(values)} {LISTS[kind]}, and every process reads them "
            f"each second: at most {MOST_MEMBERS}. Choose by group, attribute or unit instead."
        )
    return frozenset(_text(name, value) for value in values)


def _text(name: str, value: object) -> str:
    if isinstance(value, str) and value:
        return value
    raise InvalidCohort(f"Cohort {name!r}: {value!r} is no text; ids are written as texts.")


def _basis_points(text: str) -> int:
    if not PERCENT.fullmatch(text):
        raise InvalidCohort(f"Cannot read the percentage {text!r}: write 25% or 0.25%.")
    size = int(Decimal(text.removesuffix("%")) * 100)
    if size > ALL:
        raise InvalidCohort(f"{text} is more than everyone: write at most 100%.")
    return size
