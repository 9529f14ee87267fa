"""How far a number is from passing a test, exactly: the nearest numbers above and below it that would."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction
from math import ceil, floor

from intarsia.language import tree
from intarsia.language.interpret.operators import passes
from intarsia.language.interpret.question import When

_EXACT = Context(prec=80)


@dataclass(frozen=True)
class Bounds:
    """The nearest numbers that would do, above and below the one that is; None: there is none on that side."""

    above: Decimal | None
    below: Decimal | None


def nearest_passing(
    test: tree.Operator, number: Decimal | Fraction, unit: Decimal, when: When, *, holds: bool
) -> Bounds:
    """The nearest multiples of a unit that pass a test, or do not.

    number  is another than those; unit: 1 of counts, the minor unit of money, the last of six places of others
    """
    found = {near for constant in _constants(test, when) for near in _near(constant, unit)}
    passing = [one for one in found if passes(one, test, when) is holds]
    above = min((one for one in passing if one > number), default=None)
    below = max((one for one in passing if one < number), default=None)
    return Bounds(above, below)


def _constants(test: tree.Operator, when: When) -> list[Decimal]:
    said = (when.in_own_currency(node) for node in test.walk() if isinstance(node, tree.Number))
    return [one for one in said if one is not None]


def _near(constant: Decimal, unit: Decimal) -> list[Decimal]:
    quotient = Fraction(constant) / Fraction(unit)
    return [
        _EXACT.multiply(unit, Decimal(count))
        for count in (floor(quotient) - 1, floor(quotient), ceil(quotient), ceil(quotient) + 1)
    ]
