"""How many records of all, where only a random sample was looked at. Pure; standard library only."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, floor, sqrt

_Z = 1.959964
"""Standard deviations within which 95 % of a normal distribution lie."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """So many records, and between how many they are with a confidence of 95 %. All three are equal where
    everything was counted."""

    likely: int
    low: int
    high: int

    @property
    def exact(self) -> bool:
        """Whether everything was counted."""
        return self.low == self.high


def estimate(hits: int, counted: int, known: int) -> Estimate:
    """Of ``known`` records, ``counted`` were drawn at random, and ``hits`` of these meet something.

    Wilson's interval, with the sample's size corrected for a population that is finite: it holds for few hits
    and for none, too.
    """
    if counted >= known:
        return Estimate(hits, hits, hits)
    if not counted:
        return Estimate(0, 0, known)
    share, size = hits / counted, counted * (known - 1) / (known - counted)
    spread = 1 + _Z**2 / size
    centre = (share + _Z**2 / (2 * size)) / spread
    half = _Z * sqrt(share * (1 - share) / size + (_Z / (2 * size)) ** 2) / spread
    low = max(hits, floor((centre - half) * known))
    high = min(known - (counted - hits), ceil((centre + half) * known))
    return Estimate(round(share * known), low, high)


def together(parts: Iterable[Estimate]) -> Estimate:
    """The sum of estimates from independent samples: their errors are added as squares."""
    every = tuple(parts)
    likely = sum(part.likely for part in every)
    below = sqrt(sum((part.likely - part.low) ** 2 for part in every))
    above = sqrt(sum((part.high - part.likely) ** 2 for part in every))
    return Estimate(likely, max(0, floor(likely - below)), ceil(likely + above))
