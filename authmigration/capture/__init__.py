"""Write capture: every change of a legacy table that may alter a fact leaves a mark.

Triggers append to a log (ADR 0006), so that raw SQL, bulk operations, ``COPY`` and the cascades
of the database are seen as well as the ORM. They do not see what the engine fires nothing for:
``session_replication_role = replica`` and disabled triggers on PostgreSQL, ``INSERT OR REPLACE``
on SQLite. The reconciler finds those.
"""

from ..selectors.epochs import EPOCH_SQL as EPOCH_SQL
from ..selectors.epochs import MARKED_SQL as MARKED_SQL
from .epochs import compact as compact
from .epochs import current_epoch as current_epoch
from .epochs import is_marked as is_marked
from .epochs import raise_epoch as raise_epoch
from .epochs import thin as thin
from .install import InstallReport as InstallReport
from .install import TableBusy as TableBusy
from .install import install as install
from .install import remove as remove
from .migrations import reinstall_after_migrate as reinstall_after_migrate
from .migrations import suspend_before_migrate as suspend_before_migrate
from .plans import TableState as TableState
from .state import TableStatus as TableStatus
from .state import forget as forget
from .state import is_installed as is_installed
from .state import missing_tables as missing_tables
from .state import status as status
