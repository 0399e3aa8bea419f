"""What is known of one subject for the length of one unit of work."""

from .making import fresh_snapshot as fresh_snapshot
from .making import prefetch as prefetch
from .making import snapshot_of as snapshot_of
from .snapshot import CENTRAL as CENTRAL
from .snapshot import LEGACY as LEGACY
from .snapshot import Snapshot as Snapshot
