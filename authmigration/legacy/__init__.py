"""Where the old code keeps roles, and what it answers: declared in the host's ``authz.py``."""

from .checks import Expected as Expected
from .checks import LegacyCheck as LegacyCheck
from .checks import LegacyList as LegacyList
from .checks import check as check
from .checks import expected as expected
from .checks import list as list  # noqa: A004 -- read as legacy.list
from .generators import GeneratorSource as GeneratorSource
from .generators import roles as roles
from .permissions import DjangoPermissions as DjangoPermissions
from .permissions import permissions as permissions
from .tables import TableSource as TableSource
from .tables import refusal as refusal
from .tables import table as table
from .watches import Watch as Watch
from .watches import watch as watch
from .writes import DELETE_ROW as DELETE_ROW
from .writes import Writers as Writers
from .writes import write as write

Source = TableSource | GeneratorSource
