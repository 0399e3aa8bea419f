"""The bucket of a unit: where a percentage cuts.

Never change the formula. A change would draw new lots for everybody in every running rollout;
``tests/vectors/flag_buckets.json`` holds the answers it must give.
"""

from functools import lru_cache
from hashlib import sha256

#: A percentage in basis points: 2_500 is 25 %, 10_000 is all.
ALL = 10_000
VERSION = "v1"


@lru_cache(maxsize=8_192)
def bucket(salt: str, unit: str) -> int:
    """Return the bucket of a unit under a salt, 0 to 9_999.

    A unit is in a percentage of ``n`` basis points if its bucket is below ``n``. A larger
    percentage therefore keeps everybody of a smaller one, and two flags of one salt nest.

    Args:
        salt: of the flag; flags of one salt draw the same lots.
        unit: ``school:7``, or ``subject:123`` for somebody who is in no unit.

    """
    return int(sha256(f"{VERSION}:{salt}:{unit}".encode()).hexdigest()[:8], 16) % ALL


def as_percent(basis_points: int) -> str:
    """Write basis points the way people say them: 2_500 is ``25%``, 25 is ``0.25%``."""
    return f"{basis_points / 100:.2f}".rstrip("0").rstrip(".") + "%"
