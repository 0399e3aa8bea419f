"""Two things timed in turn, so that whatever else the machine does falls on both alike."""

import time
from collections.abc import Callable
from statistics import median, quantiles
from typing import NamedTuple

Work = Callable[[], object]


class Paired(NamedTuple):
    """What a call takes on each side, in seconds, and the ratio pair by pair.

    Attributes:
        ours: the median over all rounds.
        peers: the median over all rounds.
        ratios: ours as a share of the peer's, for each round.

    """

    ours: float
    peers: float
    ratios: tuple[float, ...]

    @property
    def ratio(self) -> float:
        """The median of the ratios."""
        return median(self.ratios)

    @property
    def middle_half(self) -> tuple[float, float]:
        """The quartiles of the ratios: half of the rounds lie between them."""
        if len(self.ratios) == 1:
            return self.ratios[0], self.ratios[0]
        low, _, high = quantiles(self.ratios, n=4, method="inclusive")
        return low, high

    def inverted(self) -> "Paired":
        """Return the same with ratios the other way round, as for rates."""
        return self._replace(ratios=tuple(1 / ratio for ratio in self.ratios))


def in_turn(ours: Work, peers: Work, *, rounds: int, calls: int) -> Paired:
    """Time two pieces of work in turn; who begins changes with every round.

    Args:
        ours: does its work ``calls`` times.
        peers: likewise.
        rounds: how many pairs are timed.
        calls: by how many the time of one piece is divided.

    """
    ours_took, peers_took = [], []
    for number in range(rounds):
        if number % 2:
            ours_took.append(seconds(ours) / calls)
            peers_took.append(seconds(peers) / calls)
        else:
            peers_took.append(seconds(peers) / calls)
            ours_took.append(seconds(ours) / calls)
    ratios = tuple(our / peer for our, peer in zip(ours_took, peers_took, strict=True))
    return Paired(median(ours_took), median(peers_took), ratios)


def seconds(work: Work) -> float:
    """Return how long a piece of work takes on the wall clock."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
