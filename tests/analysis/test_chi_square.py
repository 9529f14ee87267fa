"""Chi-square beside sums of its own density, and beside what chance does."""

from __future__ import annotations

from math import exp, lgamma, log
from random import Random

import pytest

from intarsia.analysis.chi_square import chi_square, tail


def density(value: float, degrees: int) -> float:
    return exp((degrees / 2 - 1) * log(value) - value / 2 - degrees / 2 * log(2) - lgamma(degrees / 2))


@pytest.mark.parametrize("degrees", [2, 3, 4, 7, 10, 25])
@pytest.mark.parametrize("statistic", [0.5, 3.0, 12.0, 40.0])
def test_the_tail_is_the_density_added_up(statistic: float, degrees: int) -> None:
    step = 0.001
    summed = sum(density(statistic + (number + 0.5) * step, degrees) for number in range(200_000)) * step
    assert tail(statistic, degrees) == pytest.approx(summed, abs=1e-6)


@pytest.mark.parametrize(
    ("statistic", "degrees", "p"),
    [(3.841459, 1, 0.05), (6.634897, 1, 0.01), (5.991465, 2, 0.05), (18.307038, 10, 0.05)],
)
def test_the_tail_is_that_of_the_tables(statistic: float, degrees: int, p: float) -> None:
    assert tail(statistic, degrees) == pytest.approx(p, abs=1e-6)


def test_a_fair_die_is_as_expected_and_a_loaded_one_is_not() -> None:
    found = chi_square([5, 8, 9, 8, 10, 20], [1] * 6)
    assert found is not None
    assert (round(found.statistic, 9), found.degrees, found.is_rough) == (13.4, 5, False)
    assert found.p_value == pytest.approx(0.0199, abs=1e-4)


def test_chance_alone_is_unlikely_as_often_as_it_says() -> None:
    dice = Random(5)
    low = 0
    for _ in range(400):
        counts = [0, 0, 0]
        for _ in range(300):
            counts[dice.choices((0, 1, 2), (1, 2, 7))[0]] += 1
        found = chi_square(counts, [1, 2, 7])
        assert found is not None
        low += found.p_value < 0.1
    assert 20 <= low <= 62


def test_of_nobody_or_of_one_cell_there_is_nothing_to_say() -> None:
    assert chi_square([0, 0], [1, 1]) is None
    assert chi_square([7], [1]) is None
    assert tail(0, 3) == 1


def test_few_expected_people_are_told() -> None:
    found = chi_square([4, 36], [1, 9])
    assert found is not None
    assert found.is_rough
