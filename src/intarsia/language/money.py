"""Amounts of money: how many places a currency has, and rounding to its minor unit."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache

from intarsia.language.facts import Json
from intarsia.language.values import fold_case, raw_text


@cache
def minor_digits(currency: str) -> int:
    """How many decimals a currency has: 2 for CZK, 0 for JPY (Unicode CLDR's table; unknown codes: 2)."""
    from babel.numbers import get_currency_precision

    return int(get_currency_precision(currency))


def currency_named(value: Json) -> str | None:
    """The currency that a value names, in capital letters; None: it names none."""
    text = raw_text(value)
    return (fold_case(text).upper() or None) if text is not None else None


def digits_of(value: Json, currency: str) -> int:
    """How many decimals amounts have whose currency is `value`, or of the workspace's `currency` where it names none.

    What is no code of three letters names no currency that has decimals of its own.
    """
    named = currency_named(value)
    return minor_digits(named if named is not None and len(named) == 3 else currency)


def to_minor(amount: Decimal, digits: int) -> int:
    """An amount in whole minor units, rounded half to even (rule 29)."""
    return int(amount.scaleb(digits).to_integral_value(ROUND_HALF_EVEN))


def average_minor(total_minor: int, count: int) -> int:
    """The mean of amounts in minor units, rounded half up, ties towards +infinity (rule 14); `count` >= 1."""
    return (2 * total_minor + count) // (2 * count)
