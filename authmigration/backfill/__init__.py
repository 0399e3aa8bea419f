"""The backfill: all users, chunk by chunk, by the same migrator as on first access."""

from .batches import BackfillStopped as BackfillStopped
from .counts import Counts as Counts
from .pace import Progress as Progress
from .pace import progress as progress
from .running import BackfillReport as BackfillReport
from .running import run as run
from .runs import OlderMapping as OlderMapping
from .runs import Run as Run
from .runs import is_finished as is_finished
from .runs import open_run as open_run
from .runs import require_whole as require_whole
from .stale import resync_stale as resync_stale
from .waking import Step as Step
from .waking import stalled as stalled
from .waking import start as start
from .waking import step as step
from .waking import wake as wake
