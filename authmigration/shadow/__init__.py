"""Comparing old and new answers while the old ones count."""

from .comparing import Comparison as Comparison
from .comparing import Pair as Pair
from .comparing import expected_because as expected_because
from .comparing import observe as observe
from .recording import flush as flush
from .recording import is_waiting as is_waiting
