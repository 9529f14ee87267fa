"""Ratios and trends as exact fractions (rule 31)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

from intarsia.language import tree
from intarsia.language.meaning.trends import halves

NumberOf = Callable[[tree.Value], Decimal | Fraction | None]
"""The number that a value is or reads as; None: it is unknown, or none."""


def fraction_of(value: tree.Ratio | tree.Trend, number_of: NumberOf) -> Fraction | None:
    """What a ratio or a trend is; unknown where a part is, and where the divisor is 0."""
    if isinstance(value, tree.Ratio):
        return _quotient(number_of(value.top), number_of(value.bottom))
    now, before = halves(value)
    quotient = _quotient(number_of(now), number_of(before))
    return None if quotient is None else quotient - 1


def _quotient(top: Decimal | Fraction | None, bottom: Decimal | Fraction | None) -> Fraction | None:
    return Fraction(top) / Fraction(bottom) if top is not None and bottom else None
