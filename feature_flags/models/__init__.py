"""The rows of ours, beside waffle's. They name a flag by its name and never point at its row."""

from .cohort import Cohort as Cohort
from .flag_event import FlagEvent as FlagEvent
from .flag_options import FlagOptions as FlagOptions
from .kill_switch import KillSwitch as KillSwitch
from .rule import Rule as Rule
