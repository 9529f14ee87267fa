"""Intervals of 95 %: how far two means or two shares lie apart, and how much more one is."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from intarsia.analysis.student import t_quantile
from intarsia.shares import Share


@dataclass(frozen=True)
class Moments:
    """What intervals need of the numbers of a group: how many there are, their mean, their variance.

    variance  of a sample, by n - 1; of yes and no, p (1 - p)
    """

    count: int
    mean: float
    variance: float

    @property
    def of_mean(self) -> float:
        """The variance of the mean; `count` >= 1."""
        return self.variance / self.count


@dataclass(frozen=True)
class Estimate:
    """A number and the ends of its 95 % interval; both are None where the data do not say how sure it is."""

    value: float
    low: float | None = None
    high: float | None = None

    @property
    def is_above(self) -> bool:
        """Whether the whole interval lies above zero."""
        return self.low is not None and self.low > 0

    @property
    def is_below(self) -> bool:
        """Whether the whole interval lies below zero."""
        return self.high is not None and self.high < 0


def difference(one: Moments, other: Moments) -> Estimate:
    """How much larger the mean of one group is than that of another, whose numbers may be spread otherwise.

    The interval is that of Welch (1947, Biometrika 34), with Student's distribution. There is none of fewer than two
    people in a group, nor where nobody differs from anybody.
    """
    return _around(one.mean - other.mean, one.of_mean + other.of_mean, one, other)


def lift(one: Moments, other: Moments) -> Estimate | None:
    """By which share of the other group's mean that of one group is larger: 0.5 is half as much again.

    The interval is by the delta method, s1^2 / (n1 m2^2) + s2^2 m1^2 / (n2 m2^4), with Welch's degrees of freedom.
    None where the other mean is not above zero; without an interval where it may as well be zero, for then nothing
    bounds the ratio (Fieller 1954, J. R. Statist. Soc. B 16).
    """
    if other.mean <= 0:
        return None
    ratio = one.mean / other.mean
    variance = (one.of_mean + other.of_mean * ratio * ratio) / other.mean / other.mean
    found = _around(ratio - 1, variance, one, other)
    if found.low is None or t_quantile(_degrees(one, other)) * sqrt(other.of_mean) < other.mean:
        return found
    return Estimate(ratio - 1)


def _around(value: float, variance: float, one: Moments, other: Moments) -> Estimate:
    if min(one.count, other.count) < 2 or variance <= 0:
        return Estimate(value)
    margin = t_quantile(_degrees(one, other)) * sqrt(variance)
    return Estimate(value, value - margin, value + margin)


def _degrees(one: Moments, other: Moments) -> float:
    """Of freedom, by Welch and Satterthwaite (1946, Biometrics Bulletin 2)."""
    both = one.of_mean + other.of_mean
    # As shares of their sum, so that the squares of small variances do not vanish.
    a, b = one.of_mean / both, other.of_mean / both
    return 1 / (a * a / (one.count - 1) + b * b / (other.count - 1))


def difference_of_shares(one: Share, other: Share) -> Estimate:
    """How much larger one share is than another; the interval is Newcombe's (1998, Statist. Med. 17), his method 10.

    It is made of the intervals of Wilson, and so holds for few people and for shares of 0 and 1 too.
    """
    value = one.value - other.value
    below = sqrt((one.value - one.low) ** 2 + (other.high - other.value) ** 2)
    above = sqrt((one.high - one.value) ** 2 + (other.value - other.low) ** 2)
    return Estimate(value, value - below, value + above)


def moments_of(share: Share) -> Moments:
    """The moments of so many ones and zeros."""
    return Moments(share.known, share.value, share.value * (1 - share.value))
