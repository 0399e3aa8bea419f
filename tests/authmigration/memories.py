"""What a process remembers of a database, forgotten."""

from authmigration import capture, counters, pins
from authmigration.assignments import mappings
from authmigration.lazy_migration import on_access
from authmigration.rollout import units
from authmigration.shadow import recording
from feature_flags.testing import forget_snapshot


def forget_everything() -> None:
    mappings.forget()
    on_access.forget()
    units.forget()
    counters._tallies.take()
    recording._waiting.take()
    capture.forget("default")
    pins.drop()
    forget_snapshot()
