"""Feature flags over django-waffle: for a subject, never for a request; killed within a second.

What touches the database is loaded when it is first asked for: an installed app is imported before
its models may be.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .buckets import bucket as bucket
from .cohorts import CohortValue as CohortValue
from .cohorts import Kind as Kind
from .content import Effect as Effect
from .declarations import Flag as Flag
from .errors import CohortExists as CohortExists
from .errors import CohortInUse as CohortInUse
from .errors import FlagError as FlagError
from .errors import HistoryIsFinal as HistoryIsFinal
from .errors import InvalidCohort as InvalidCohort
from .errors import InvalidFlag as InvalidFlag
from .errors import InvalidSubject as InvalidSubject
from .errors import MissingActor as MissingActor
from .errors import MissingReason as MissingReason
from .errors import NoSuchRule as NoSuchRule
from .errors import OwnConnectionImpossible as OwnConnectionImpossible
from .errors import PrerequisiteCircle as PrerequisiteCircle
from .errors import StoreUnreachable as StoreUnreachable
from .errors import UnknownCohort as UnknownCohort
from .errors import UnknownKillSwitch as UnknownKillSwitch
from .evaluation import Evaluation as Evaluation
from .evaluation import Reason as Reason
from .evaluator import evaluate as evaluate
from .explanation import explain as explain
from .previews import Preview as Preview
from .previews import preview as preview
from .snapshot import Snapshot as Snapshot
from .snapshot import Source as Source
from .subjects import FlagSubject as FlagSubject
from .subjects import Traits as Traits

if TYPE_CHECKING:
    from .changes import admit as admit
    from .changes import deny as deny
    from .changes import hold as hold
    from .changes import release as release
    from .changes import remove as remove
    from .cohort_rows import change_cohort as change_cohort
    from .cohort_rows import cohort_of as cohort_of
    from .cohort_rows import create_cohort as create_cohort
    from .cohort_rows import delete_cohort as delete_cohort
    from .connections import own_connection as own_connection
    from .flag_values import set_everyone as set_everyone
    from .flag_values import set_options as set_options
    from .flag_values import set_percentage as set_percentage
    from .kill_switches import KillState as KillState
    from .kill_switches import kill as kill
    from .kill_switches import kill_state as kill_state
    from .kill_switches import lift as lift
    from .store import acurrent_snapshot as acurrent_snapshot
    from .store import callers_snapshot as callers_snapshot
    from .store import current_snapshot as current_snapshot
    from .store import refresh_now as refresh_now

_LATER = {
    "changes": ("admit", "deny", "hold", "release", "remove"),
    "cohort_rows": ("change_cohort", "cohort_of", "create_cohort", "delete_cohort"),
    "connections": ("own_connection",),
    "flag_values": ("set_everyone", "set_options", "set_percentage"),
    "kill_switches": ("KillState", "kill", "kill_state", "lift"),
    "store": ("acurrent_snapshot", "callers_snapshot", "current_snapshot", "refresh_now"),
}
_MODULE_OF = {name: module for module, names in _LATER.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f".{_MODULE_OF[name]}", __name__), name)
    return value
