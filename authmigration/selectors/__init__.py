"""The only read path to facts and states."""

from ..dialects import NO_BEGINNING as NO_BEGINNING
from ..models import NATIVE as NATIVE
from .epochs import EPOCH_SQL as EPOCH_SQL
from .epochs import MARKED_SQL as MARKED_SQL
from .holding import barred as barred
from .holding import holders as holders
from .loading import Loaded as Loaded
from .loading import SourcedFact as SourcedFact
from .loading import State as State
from .loading import load as load
from .loading import load_native as load_native
