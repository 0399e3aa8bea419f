"""The tables of the toolkit, on the database that holds the users."""

from .assignments import NATIVE as NATIVE
from .assignments import Assignment as Assignment
from .backfills import BackfillChunk as BackfillChunk
from .backfills import BackfillRun as BackfillRun
from .changes import ChangeMark as ChangeMark
from .changes import Epoch as Epoch
from .mismatches import Mismatch as Mismatch
from .states import MappingVersion as MappingVersion
from .states import SubjectState as SubjectState
from .tokens import ContextAccess as ContextAccess
from .tokens import RefreshFamily as RefreshFamily
from .tokens import RefreshToken as RefreshToken
from .tokens import ServiceClient as ServiceClient
from .tokens import TokenKey as TokenKey
from .trail import AuditEvent as AuditEvent
from .trail import Counter as Counter
from .trail import CounterDelta as CounterDelta
