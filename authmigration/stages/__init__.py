"""Setting the stage of a rollout cohort, up and down, and past the point of no return."""

from .retiring import Unretirable as Unretirable
from .setting import StageChange as StageChange
from .setting import cap_stage as cap_stage
from .setting import set_back as set_back
from .setting import set_stage as set_stage
