"""Comparing old and new answers while the old ones count."""

from .comparing import Comparison as Comparison
from .comparing import Pair as Pair
from .comparing import observe as observe
from .recording import flush as flush
