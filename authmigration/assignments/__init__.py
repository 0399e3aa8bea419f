"""The only write path to facts and states."""

from .changing import Change as Change
from .changing import assign as assign
from .changing import unassign as unassign
from .mappings import adopt as adopt
from .mappings import version_of as version_of
from .planning import Outcome as Outcome
from .synchronising import Synchronised as Synchronised
from .synchronising import synchronise as synchronise
