"""Amounts of orders and lines: read, rounded to the minor unit, multiplied and added without losing a cent."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, Context, Decimal
from functools import reduce

from intarsia.language.meaning.facts import Json
from intarsia.language.meaning.money import to_minor
from intarsia.language.meaning.values import LARGEST, number

MOST_MINOR = 2**63 - 1
"""The largest amount that has a column of its own; a larger one is kept with the other properties."""

_EXACT = Context(prec=100, rounding=ROUND_HALF_EVEN)


def rounded(value: Json, digits: int) -> Json:
    """An amount, or a text that reads as one, rounded half to even to its minor unit; anything else as it is."""
    read = number(value) if isinstance(value, str) else value
    return _rounded(read, digits) if isinstance(read, Decimal) else value


def product_amount(quantity: Json, price: Json, discount: Json = None, *, digits: int) -> Decimal | None:
    """Quantity times price less the discount, rounded; None unless both are numbers and the product is one."""
    if not isinstance(quantity, Decimal) or not isinstance(price, Decimal):
        return None
    product = _EXACT.multiply(quantity, price)
    return _in_bounds(_EXACT.subtract(product, discount) if isinstance(discount, Decimal) else product, digits)


def sum_amount(amounts: Iterable[Decimal], digits: int) -> Decimal | None:
    """The sum, rounded; None where it is beyond the largest number that is kept."""
    return _in_bounds(reduce(_EXACT.add, amounts, Decimal(0)), digits)


def as_minor(amount: Json, digits: int) -> int | None:
    """An amount in whole minor units, or None where it is none, is finer, or does not fit 64 bits."""
    minor = to_minor(amount, digits) if isinstance(amount, Decimal) else None
    if minor is None or abs(minor) > MOST_MINOR or Decimal(minor).scaleb(-digits) != amount:
        return None
    return minor


def _in_bounds(amount: Decimal, digits: int) -> Decimal | None:
    return _rounded(amount, digits) if abs(amount) < LARGEST else None


def _rounded(amount: Decimal, digits: int) -> Decimal:
    return amount.quantize(Decimal((0, (1,), -digits)), context=_EXACT)
