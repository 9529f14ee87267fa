"""Student's distribution: how far out the ends of an interval of a mean lie."""

from __future__ import annotations

from functools import lru_cache
from math import exp, fabs, lgamma, log, log1p
from statistics import NormalDist

TERMS_MOST = 10_000
"""Of the continued fraction; it needs a few times the root of the degrees of freedom at worst."""

DEGREES_MANY = 1_000_000
"""With so many the next term of the expansion is below 1e-11, and the gamma function begins to lose digits."""

_TINY = 1e-300
_EXACT = 1e-15


@lru_cache(maxsize=4096)
def t_quantile(degrees: float, tail: float = 0.025) -> float:
    """The value that a variable of Student's distribution exceeds with the chance `tail`, below a half.

    degrees  of freedom, above 0, not necessarily whole (Welch 1947)
    Found by halving on the tail, to nine digits; with more than `DEGREES_MANY` degrees of freedom it is the first two
    terms of its expansion around the normal quantile (Abramowitz and Stegun 1964, 26.7.5).

    >>> round(t_quantile(10), 4)
    2.2281
    """
    if degrees > DEGREES_MANY:
        normal = NormalDist().inv_cdf(1 - tail)
        return normal + (normal**3 + normal) / (4 * degrees)
    low, high = 0.0, 2.0
    while t_tail(high, degrees) > tail:
        low, high = high, 2 * high
    while high - low > 1e-12 * high:
        middle = (low + high) / 2
        low, high = (middle, high) if t_tail(middle, degrees) > tail else (low, middle)
    return (low + high) / 2


def t_tail(value: float, degrees: float) -> float:
    """The chance that a variable of Student's distribution exceeds a value of 0 or more.

    Half of the regularised incomplete beta function of degrees/2 and 1/2 at degrees/(degrees + value^2).
    """
    return incomplete_beta(degrees / 2, 0.5, degrees / (degrees + value * value)) / 2


def incomplete_beta(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function I_x(a, b), by its continued fraction (DLMF 8.17.22)."""
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - incomplete_beta(b, a, 1 - x)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    return front * _fraction(a, b, x) / a


def _fraction(a: float, b: float, x: float) -> float:
    """The continued fraction, by the method of Lentz (Thompson and Barnett 1986)."""
    over, under = 1.0, 1 / _not_zero(1 - (a + b) * x / (a + 1))
    found = under
    for term in range(1, TERMS_MOST):
        even = term * (b - term) * x / ((a + 2 * term - 1) * (a + 2 * term))
        odd = -(a + term) * (a + b + term) * x / ((a + 2 * term) * (a + 2 * term + 1))
        for step in (even, odd):
            under = 1 / _not_zero(1 + step * under)
            over = _not_zero(1 + step / over)
            found *= over * under
        if fabs(over * under - 1) < _EXACT:
            break
    return found


def _not_zero(value: float) -> float:
    return value if fabs(value) > _TINY else _TINY
