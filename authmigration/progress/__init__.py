"""How far the migration has come: the same numbers for the page, the command and the checks."""

from .cohorts import CohortProgress as CohortProgress
from .cohorts import cohort_progress as cohort_progress
from .counting import STATES as STATES
from .counting import Counts as Counts
from .counting import everybody as everybody
from .counting import of_units as of_units
from .counting import retired as retired
from .gathering import Comparisons as Comparisons
from .gathering import Mapping as Mapping
from .gathering import Marks as Marks
from .status import Status as Status
from .status import status as status
from .units import UnitProgress as UnitProgress
from .units import page_of_units as page_of_units
from .units import unit_progress as unit_progress
from .wording import killers as killers
from .wording import listed as listed
from .wording import sentence as sentence
