"""Stages, and the only door to the feature flags."""

from .flags import CEILING as CEILING
from .flags import KILL_SWITCH as KILL_SWITCH
from .flags import Staged as Staged
from .flags import may_be_retired as may_be_retired
from .flags import stage_of as stage_of
from .flags import stages_of as stages_of
from .flags import subjects_at as subjects_at
from .flags import tokens_on as tokens_on
from .overrides import forced as forced
from .stage import Stage as Stage
