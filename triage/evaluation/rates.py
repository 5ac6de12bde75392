"""Rates with their uncertainty."""

from dataclasses import dataclass
from math import nan, sqrt

Z_95 = 1.959963984540054
"""The 97.5th percentile of the standard normal distribution."""


@dataclass(frozen=True, slots=True)
class Rate:
    """`hits` out of `of`; without any case it has no value and its interval is all of [0, 1]."""

    hits: int
    of: int

    @property
    def value(self) -> float:
        """The share, nan without cases."""
        return self.hits / self.of if self.of else nan

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval."""
        return wilson(self.hits, self.of)


def wilson(hits: int, of: int, z: float = Z_95) -> tuple[float, float]:
    """The score interval of a binomial proportion (Wilson 1927, J Am Stat Assoc 22:209).

    >>> [round(bound, 3) for bound in wilson(8, 10)]
    [0.49, 0.943]
    """
    if of == 0:
        return 0.0, 1.0
    share = hits / of
    centre = share + z * z / (2 * of)
    reach = z * sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    scale = 1 + z * z / of
    return max(0.0, (centre - reach) / scale), min(1.0, (centre + reach) / scale)
