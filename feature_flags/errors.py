"""What feature_flags raises: one base, a stable ``code`` each, and the data as attributes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

SHOWN = 20


class FlagError(Exception):
    """Base of everything that this package raises on purpose.

    Attributes:
        code: stable name of the kind of failure, for programs.

    """

    code = "flag_error"


class InvalidFlag(FlagError):
    """A flag, a kill switch or a percentage is not declared in a form that can work."""

    code = "invalid_flag"


class InvalidSubject(FlagError):
    """A subject, or what its host says of it, has the wrong type."""

    code = "invalid_subject"


class InvalidCohort(FlagError):
    """The text or the parameters of a cohort cannot be read."""

    code = "invalid_cohort"


class UnknownCohort(FlagError):
    """No cohort of that name.

    Attributes:
        name: what was asked for.
        known: the names of all cohorts that exist.

    """

    code = "unknown_cohort"

    def __init__(self, name: str, known: Iterable[str]) -> None:
        self.name = name
        self.known = sorted(known)
        super().__init__(
            f"There is no cohort {name!r}.{_nearest(name, self.known)} "
            f"Known: {_listed(self.known)}. Without being created there are: everyone, "
            "25%, unit:<type>:<id>, group:<name>, subject:<id>."
        )


class CohortExists(FlagError):
    """A cohort of that name exists already."""

    code = "cohort_exists"


class CohortInUse(FlagError):
    """A cohort cannot go while rules name it.

    Attributes:
        name: the cohort.
        flags: the flags whose rules name it.

    """

    code = "cohort_in_use"

    def __init__(self, name: str, flags: Iterable[str]) -> None:
        self.name = name
        self.flags = sorted(flags)
        super().__init__(
            f"Cohort {name!r} is used by rules of {_listed(self.flags)}. "
            "Remove or release it there first."
        )


class NoSuchRule(FlagError):
    """The rule that is to be taken away is not there."""

    code = "no_such_rule"

    def __init__(self, flag: str, wanted: str, rules: Sequence[str]) -> None:
        super().__init__(f"Flag {flag!r} has no rule {wanted!r}. It has: {_listed(rules)}.")


class UnknownKillSwitch(FlagError):
    """No declared flag names this kill switch, so that pulling it would stop nothing."""

    code = "unknown_kill_switch"

    def __init__(self, name: str, known: Iterable[str]) -> None:
        self.name = name
        self.known = sorted(known)
        super().__init__(
            f"No flag declares the kill switch {name!r}, so it would stop nothing."
            f"{_nearest(name, self.known)} Known: {_listed(self.known)}."
        )


class PrerequisiteCircle(FlagError):
    """A flag would wait for itself."""

    code = "prerequisite_circle"

    def __init__(self, path: Sequence[str]) -> None:
        self.path = tuple(path)
        super().__init__(f"Prerequisites go round in a circle: {' > '.join(path)}.")


class MissingActor(FlagError):
    """A change without anybody who made it."""

    code = "missing_actor"

    def __init__(self) -> None:
        super().__init__("Every change of a flag has an actor: pass actor=user or actor='name'.")


class MissingReason(FlagError):
    """A change without a reason."""

    code = "missing_reason"

    def __init__(self) -> None:
        super().__init__("Every change of a flag has a reason: pass reason='why, for the history'.")


class HistoryIsFinal(FlagError):
    """The history of flags is only ever added to."""

    code = "history_is_final"

    def __init__(self) -> None:
        super().__init__("A FlagEvent is never changed or deleted: write a new event instead.")


class StoreUnreachable(FlagError):
    """The database that holds the flags cannot be written, so that nothing was changed."""

    code = "store_unreachable"


class OwnConnectionImpossible(FlagError):
    """The database exists only inside the caller's own connection."""

    code = "own_connection_impossible"


def _listed(names: Sequence[str]) -> str:
    if not names:
        return "none"
    rest = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {rest} more" if rest > 0 else "")


def _nearest(name: str, known: Sequence[str]) -> str:
    near = get_close_matches(name, known, n=1)
    return f" Did you mean {near[0]!r}?" if near else ""
