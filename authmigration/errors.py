"""What authmigration raises. Each error names the thing and the mend."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ImproperlyConfigured

from auth_lib import AuthError


class AuthMigrationError(AuthError):
    """The root of everything that authmigration raises on purpose."""

    code = "authmigration_error"


class DeclarationError(AuthMigrationError, ImproperlyConfigured):
    """A declaration in an ``authz.py`` that cannot be right.

    Attributes:
        problems: one sentence for each thing that is wrong.

    """

    code = "invalid_declaration"

    def __init__(self, problems: Iterable[str] | str) -> None:
        self.problems = (problems,) if isinstance(problems, str) else tuple(problems)
        super().__init__("\n".join(self.problems))


class UnmappedLegacyValue(AuthMigrationError, ValueError):
    """A value in a legacy role column that is neither mapped nor ignored.

    Attributes:
        source: the name of the source.
        value: what the column holds.

    """

    code = "unmapped_legacy_value"

    def __init__(self, source: str, column: str, value: object) -> None:
        self.source = source
        self.value = value
        super().__init__(
            f"Source {source}: the column {column!r} holds {value!r}, which is neither mapped nor "
            "ignored. Add it to roles={...}, or to ignore={...} with a reason."
        )


class InvalidLegacyFact(AuthMigrationError, ValueError):
    """Something that a legacy source yielded and that is no fact of the policy."""

    code = "invalid_legacy_fact"


class InvalidMoment(AuthMigrationError, ValueError):
    """A beginning or an end that is no one point in time."""

    code = "invalid_moment"


class MissingReason(AuthMigrationError, ValueError):
    """A change of access for which nobody said why, or who."""

    code = "missing_reason"


class NotRepresentable(AuthMigrationError):
    """A change that the legacy tables cannot hold, asked for where they must."""

    code = "not_representable"


class LegacyWouldLoseMore(AuthMigrationError):
    """A change that would take from legacy more than was asked.

    Attributes:
        lost: the facts that would go as well, as text.

    """

    code = "legacy_would_lose_more"

    def __init__(self, message: str, lost: Iterable[str] = ()) -> None:
        self.lost = tuple(lost)
        super().__init__(message)


class TooManyContexts(AuthMigrationError, ValueError):
    """An assignment above the limit of contexts that one subject may hold."""

    code = "too_many_contexts"


class Busy(AuthMigrationError):
    """Somebody else holds the subject at this moment; the caller goes on without."""

    code = "busy"


class StageRefused(AuthMigrationError):
    """A change of stage that is not safe, or not possible, now."""

    code = "stage_refused"


class UnknownStage(AuthMigrationError, LookupError):
    """A stage that does not exist."""

    code = "unknown_stage"


class UnitsUnknown(AuthMigrationError):
    """The host's function of units failed for somebody, whose stage is therefore not known."""

    code = "units_unknown"


class UnknownSubject(AuthMigrationError, LookupError):
    """A subject that is no user of this installation."""

    code = "unknown_subject"


class CaptureMissing(AuthMigrationError):
    """Enforcing was asked for while changes of the legacy tables go unseen."""

    code = "capture_missing"


class UnsupportedDatabase(AuthMigrationError, ImproperlyConfigured):
    """A database engine for which this installation has no triggers and no locks."""

    code = "unsupported_database"


class ViewAsRefused(AuthMigrationError):
    """A view as a role that the subject's own roles do not allow."""

    code = "view_as_refused"
