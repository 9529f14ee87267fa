"""What members did next against the rest: two groups of people with one number each, and how far they lie apart."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import numpy.typing as npt

from intarsia.analysis.intervals import (
    Estimate,
    Moments,
    difference,
    difference_of_shares,
    lift,
    moments_of,
)
from intarsia.analysis.outcomes import Measure
from intarsia.shares import Share

NORMAL_ENOUGH = 25
"""So many people times the square of the skewness are needed for an interval of a mean that is wrong at most 6 times in
100 (Cochran 1977, Sampling Techniques, 2.15)."""

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Group:
    """One group of people, and what the outcome was for them.

    people  how many; known: for how many of them the outcome is a number, or yes or no
    total   the sum of their numbers, exact, or how many did; None: it says nothing (averages), or nobody is known
    mean    of those who are known, or the share who did; None: of nobody
    share   of a condition: who did of how many; skewness: of numbers, 0 where all are alike
    """

    people: int
    known: int
    total: Decimal | None
    mean: float | None
    variance: float = 0.0
    skewness: float = 0.0
    share: Share | None = None

    @property
    def moments(self) -> Moments:
        """What intervals are made of; `known` >= 1."""
        return Moments(self.known, self.mean or 0.0, self.variance)

    @property
    def is_skewed(self) -> bool:
        """Whether so few numbers are so skewed that the interval of their mean promises too much."""
        return self.known < NORMAL_ENOUGH * self.skewness**2


@dataclass(frozen=True)
class Comparison:
    """Members against the rest after one date.

    difference  of the means or shares, members less rest; None: one group has nobody of whom the outcome is known
    lift        how much more the members' is, as a share of the rest's; None also where the rest's is not above zero
    """

    members: Group
    rest: Group
    difference: Estimate | None
    lift: Estimate | None

    @property
    def is_rough(self) -> bool:
        """Whether the intervals are of numbers too few and too skewed for them."""
        return self.members.is_skewed or self.rest.is_skewed


def compare(members: Group, rest: Group) -> Comparison:
    """Two groups with their difference and their lift."""
    if not members.known or not rest.known:
        return Comparison(members, rest, None, None)
    if members.share is not None and rest.share is not None:
        apart = difference_of_shares(members.share, rest.share)
        return Comparison(members, rest, apart, lift(moments_of(members.share), moments_of(rest.share)))
    one, other = members.moments, rest.moments
    return Comparison(members, rest, difference(one, other), lift(one, other))


def group_of_numbers(values: Numbers, people: int, total: Decimal | None) -> Group:
    """So many people, of whom those that are known have these numbers."""
    known = len(values)
    if not known:
        return Group(people, 0, None, None)
    mean = float(np.mean(values))
    off = values - mean
    variance = float(np.sum(off * off)) / (known - 1) if known > 1 else 0.0
    spread = float(np.mean(off * off))
    skewness = float(np.mean(off**3)) / spread**1.5 if spread > 0 else 0.0
    return Group(people, known, total, mean, variance, skewness)


def group_of_yes(yes: int, people: int) -> Group:
    """So many people, of whom so many did."""
    if not people:
        return Group(0, 0, None, None)
    share = Share(yes, people)
    return Group(people, people, Decimal(yes), share.value, moments_of(share).variance, 0.0, share)


# --- as JSON


@dataclass(frozen=True)
class Scale:
    """In what numbers are told: amounts of money in whole minor units, in fields that end with `_minor`.

    digits  of the currency after the point
    """

    measure: Measure
    digits: int

    def told(self, name: str, value: float | Decimal | None) -> dict[str, object]:
        """The fields of a number: plain and in minor units, one of them null."""
        plain: float | None = None
        minor: int | None = None
        if value is not None and self.measure == "money":
            minor = int(Decimal(value).scaleb(self.digits).quantize(Decimal(1), ROUND_HALF_UP))
        elif value is not None:
            plain = round(float(value), 6)
        return {name: plain, f"{name}_minor": minor}

    def of_group(self, group: Group) -> dict[str, object]:
        """People, known, mean, total; of a condition also the ends of the share's interval."""
        share = group.share
        ends = {"low": None, "high": None} if share is None else {"low": share.low, "high": share.high}
        rounded = {name: None if value is None else round(value, 6) for name, value in ends.items()}
        counts = {"people": group.people, "known": group.known}
        return {**counts, **self.told("mean", group.mean), **self.told("total", group.total), **rounded}

    def of_difference(self, estimate: Estimate | None) -> dict[str, object] | None:
        """Value and ends of a difference."""
        if estimate is None:
            return None
        ends = {"value": estimate.value, "low": estimate.low, "high": estimate.high}
        return {field: value for name, end in ends.items() for field, value in self.told(name, end).items()}


def lift_to_json(estimate: Estimate | None) -> dict[str, object] | None:
    """Value and ends of a lift, as shares."""
    if estimate is None:
        return None
    ends = {"value": estimate.value, "low": estimate.low, "high": estimate.high}
    return {name: None if end is None else round(end, 6) for name, end in ends.items()}
