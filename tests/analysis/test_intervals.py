"""Intervals against textbooks, published cases, and integrals that are worked out on another road."""

from __future__ import annotations

import random
from math import exp, lgamma, log1p, pi, sqrt
from statistics import mean, variance

import pytest

from intarsia.analysis.intervals import (
    Estimate,
    Moments,
    difference,
    difference_of_shares,
    lift,
    moments_of,
)
from intarsia.analysis.student import incomplete_beta, t_quantile, t_tail
from intarsia.shares import Share

NEAR = 5e-6


def moments(total: float, squares: float, count: int) -> Moments:
    return Moments(count, total / count, (squares - total * total / count) / (count - 1))


def ends(estimate: Estimate | None) -> tuple[float | None, float | None]:
    assert estimate is not None
    return estimate.low, estimate.high


@pytest.mark.parametrize(
    ("degrees", "expected"),
    [
        (1, 12.706),
        (2, 4.303),
        (5, 2.571),
        (10, 2.228),
        (20, 2.086),
        (30, 2.042),
        (60, 2.000),
        (120, 1.980),
        (1e9, 1.960),
    ],
)
def test_quantiles_are_those_of_the_tables(degrees: float, expected: float) -> None:
    assert t_quantile(degrees) == pytest.approx(expected, abs=5e-4)


@pytest.mark.parametrize(("degrees", "expected"), [(1, 63.657), (5, 4.032), (30, 2.750)])
def test_other_tails_too(degrees: float, expected: float) -> None:
    assert t_quantile(degrees, 0.005) == pytest.approx(expected, abs=5e-4)


@pytest.mark.parametrize("degrees", [1.5, 4.0, 17.3, 55.71, 400.0])
def test_a_tail_is_the_integral_of_the_density(degrees: float) -> None:
    height = exp(lgamma((degrees + 1) / 2) - lgamma(degrees / 2)) / sqrt(degrees * pi)

    def density(value: float) -> float:
        return height * exp(-(degrees + 1) / 2 * log1p(value * value / degrees))

    steps, far = 20_000, t_quantile(degrees)
    width = far / steps
    # Simpson's rule from 0 to the quantile: what is left of a half lies beyond it.
    inner = sum(density(place * width) * (4 if place % 2 else 2) for place in range(1, steps))
    integral = width / 3 * (density(0) + inner + density(far))
    assert 0.5 - integral == pytest.approx(0.025, abs=1e-9)
    assert t_tail(far, degrees) == pytest.approx(0.025, abs=1e-10)


def test_the_two_ways_to_a_quantile_meet() -> None:
    assert t_quantile(999_999) == pytest.approx(t_quantile(1_000_001), rel=1e-9)
    assert (incomplete_beta(2, 3, 0), incomplete_beta(2, 3, 1)) == (0, 1)
    # A polynomial for whole numbers: I_x(2, 3) = 6 x^2 - 8 x^3 + 3 x^4.
    assert incomplete_beta(2, 3, 0.3) == pytest.approx(6 * 0.09 - 8 * 0.027 + 3 * 0.0081)


def test_means_of_a_published_experiment() -> None:
    """The case of GrowthBook's tests of means: A 1396.87 of 3407 people, B 2422.7 of 3461."""
    control, treated = moments(1396.87, 52377.9767, 3407), moments(2422.7, 134698.29, 3461)
    apart, more = difference(treated, control), lift(treated, control)
    assert apart.value == pytest.approx(0.29, abs=NEAR)
    assert ends(apart) == pytest.approx((0.04538, 0.53462), abs=NEAR)
    assert more is not None
    assert more.value == pytest.approx(0.70732, abs=NEAR)
    assert ends(more) == pytest.approx((-0.03526, 1.44989), abs=NEAR)
    assert (apart.is_above, apart.is_below, more.is_above) == (True, False, False)


def test_a_lift_of_shares_of_a_published_experiment() -> None:
    """The same collection: 14 of 28 against 16 of 30."""
    found = lift(moments_of(Share(16, 30)), moments_of(Share(14, 28)))
    assert found is not None
    assert found.value == pytest.approx(0.06667, abs=NEAR)
    assert ends(found) == pytest.approx((-0.47767, 0.61101), abs=NEAR)


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0000),
    ],
)
def test_differences_of_shares_are_those_of_newcombes_table(
    one: tuple[int, int], other: tuple[int, int], low: float, high: float
) -> None:
    """Newcombe 1998, Table II, method 10."""
    found = difference_of_shares(Share(*one), Share(*other))
    assert ends(found) == pytest.approx((low, high), abs=5.1e-5)


@pytest.mark.parametrize(("yes", "known", "low", "high"), [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605)])
def test_shares_are_those_of_newcombes_other_table(yes: int, known: int, low: float, high: float) -> None:
    share = Share(yes, known)
    assert (share.low, share.high) == pytest.approx((low, high), abs=5.1e-5)


def test_an_interval_of_means_holds_as_often_as_it_says() -> None:
    """Two groups of unequal size and spread, drawn two thousand times."""
    dice, held, rounds = random.Random(5), 0, 2_000
    for _ in range(rounds):
        one = [dice.gauss(10, 6) for _ in range(12)]
        other = [dice.gauss(7, 1) for _ in range(40)]
        found = difference(Moments(12, mean(one), variance(one)), Moments(40, mean(other), variance(other)))
        assert found.low is not None
        assert found.high is not None
        held += found.low <= 3 <= found.high
    # Four standard errors of a share of 95 % of so many.
    assert abs(held / rounds - 0.95) < 4 * sqrt(0.95 * 0.05 / rounds)


def test_where_the_data_do_not_say_how_sure_a_number_is_there_is_no_interval() -> None:
    one, many = Moments(1, 5.0, 0.0), Moments(100, 3.0, 4.0)
    assert difference(one, many) == Estimate(2.0)
    assert difference(Moments(9, 0.0, 0.0), Moments(9, 0.0, 0.0)) == Estimate(0.0)
    assert lift(many, Moments(100, 0.0, 0.0)) is None
    assert lift(many, Moments(100, -1.0, 2.0)) is None
    # A mean of which it is not sure that it is above zero bounds no ratio.
    assert lift(many, Moments(4, 1.0, 4.0)) == Estimate(2.0)
    assert ends(lift(many, Moments(400, 1.0, 4.0))) != (None, None)
    assert not Estimate(2.0).is_above
    assert not Estimate(-2.0).is_below
