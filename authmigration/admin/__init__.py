"""A plain page for each table, and one that adds them up.

Nothing is written here but through the functions of the toolkit, with an actor and a reason.
"""

from .assignments import AssignmentAdmin as AssignmentAdmin
from .backfills import BackfillChunkAdmin as BackfillChunkAdmin
from .backfills import BackfillRunAdmin as BackfillRunAdmin
from .mismatches import MismatchAdmin as MismatchAdmin
from .records import AuditEventAdmin as AuditEventAdmin
from .records import ChangeMarkAdmin as ChangeMarkAdmin
from .records import CounterAdmin as CounterAdmin
from .records import CounterDeltaAdmin as CounterDeltaAdmin
from .records import EpochAdmin as EpochAdmin
from .records import MappingVersionAdmin as MappingVersionAdmin
from .states import SubjectStateAdmin as SubjectStateAdmin
from .tokens import ContextAccessAdmin as ContextAccessAdmin
from .tokens import RefreshFamilyAdmin as RefreshFamilyAdmin
from .tokens import RefreshTokenAdmin as RefreshTokenAdmin
from .tokens import ServiceClientAdmin as ServiceClientAdmin
