"""Migration of a subject on first use, and its following of the legacy tables afterwards."""

from .on_access import bring_all_up_to_date as bring_all_up_to_date
from .on_access import bring_up_to_date as bring_up_to_date
from .on_access import migrate_quietly as migrate_quietly
