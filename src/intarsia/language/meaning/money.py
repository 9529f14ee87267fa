"""Amounts of money: how many places a currency has, and rounding to its minor unit."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache

from intarsia.language.meaning.facts import Json
from intarsia.language.meaning.values import fold_case, raw_text

USUAL_DIGITS = 2
"""How many decimals a currency has of which nothing else is known."""
CODE_LENGTH = 3


@cache
def minor_digits(currency: str) -> int:
    """How many decimals a currency has: 2 for CZK, 0 for JPY (Unicode CLDR's table; unknown codes: 2)."""
    from babel.numbers import get_currency_precision

    return int(get_currency_precision(currency))


@cache
def unusual_digits() -> Mapping[str, int]:
    """How many decimals each currency has that has not two, by its code."""
    from babel.core import get_global

    codes = [code for code in get_global("currency_fractions") if len(code) == CODE_LENGTH]
    return {code: minor_digits(code) for code in sorted(codes) if minor_digits(code) != USUAL_DIGITS}


def currency_named(value: Json) -> str | None:
    """The currency that a value names, in capital letters; None: it names none."""
    text = raw_text(value)
    folded = fold_case(text) if text is not None else ""
    # Beyond ASCII capitals may be several letters: one that is written as two would make a code of a text that is none.
    return (folded.upper() if folded.isascii() else folded) or None


def digits_of(value: Json, currency: str) -> int:
    """How many decimals amounts have whose currency is `value`, or of the workspace's `currency` where it names none.

    What is no code of three letters names no currency that has decimals of its own.
    """
    named = currency_named(value)
    return minor_digits(named if named is not None and len(named) == CODE_LENGTH else currency)


def unit_of(digits: int) -> str:
    """One minor unit of a currency with so many decimals: `0.01`."""
    return format(Decimal(1).scaleb(-digits), "f")


def to_minor(amount: Decimal, digits: int) -> int:
    """An amount in whole minor units, rounded half to even (rule 29)."""
    return int(amount.scaleb(digits).to_integral_value(ROUND_HALF_EVEN))


def average_minor(total_minor: int, count: int) -> int:
    """The mean of amounts in minor units, rounded half up, ties towards +infinity (rule 14); `count` >= 1."""
    return (2 * total_minor + count) // (2 * count)


@cache
def is_currency(code: str) -> bool:
    """Whether three capital letters are those of a currency, of today or of the past (Unicode CLDR's table)."""
    from babel.core import get_global

    return code in get_global("all_currencies")
