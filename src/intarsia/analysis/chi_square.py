"""Whether counts differ from those that were to be expected by more than chance does (Pearson, 1900)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import erfc, exp, lgamma, log, sqrt

EXPECTED_LEAST = 5
"""With fewer people expected anywhere the distribution is only roughly that of chi-square."""


@dataclass(frozen=True)
class ChiSquare:
    """Pearson's statistic of counts beside shares.

    degrees  of freedom: one less than there are cells
    p_value  how often chance alone gives so great a difference, 0 to 1
    is_rough some cell was to have fewer than five people
    """

    statistic: float
    degrees: int
    p_value: float
    is_rough: bool

    def to_json(self) -> dict[str, object]:
        """All four, rounded to six places."""
        rounded = {"statistic": round(self.statistic, 6), "degrees": self.degrees, "p_value": round(self.p_value, 6)}
        return {**rounded, "is_rough": self.is_rough}


def chi_square(counts: Sequence[int], shares: Sequence[int]) -> ChiSquare | None:
    """Counts beside the weights that they should have, all above zero; None of fewer than two cells, or of nobody."""
    people, whole = sum(counts), sum(shares)
    if len(counts) < 2 or not people:
        return None
    expected = [people * share / whole for share in shares]
    statistic = sum((count - mean) ** 2 / mean for count, mean in zip(counts, expected, strict=True))
    degrees = len(counts) - 1
    return ChiSquare(statistic, degrees, tail(statistic, degrees), min(expected) < EXPECTED_LEAST)


def tail(statistic: float, degrees: int) -> float:
    """How likely chi-square with so many degrees of freedom is to reach a value: the upper incomplete gamma function.

    By its recurrence from one or two degrees, where it is `erfc` or `exp` (Abramowitz and Stegun, 26.4.4 and 26.4.5).

    >>> round(tail(3.841, 1), 3), round(tail(5.991, 2), 3), round(tail(18.307, 10), 3)
    (0.05, 0.05, 0.05)
    """
    half = statistic / 2
    if half <= 0:
        return 1.0
    found, shape = (erfc(sqrt(half)), 0.5) if degrees % 2 else (exp(-half), 1.0)
    while shape < degrees / 2:
        found += exp(shape * log(half) - half - lgamma(shape + 1))
        shape += 1
    return min(found, 1.0)
