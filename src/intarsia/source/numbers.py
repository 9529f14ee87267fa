"""Numbers and amounts as people write them, read exactly."""

from __future__ import annotations

import re
from decimal import Decimal

LONGEST_NUMBER = 40
"""Characters; nothing longer is a number."""

CURRENCY_SIGNS = {
    "€": "EUR",
    "£": "GBP",
    "Kč": "CZK",
    "zł": "PLN",
    "₽": "RUB",
    "руб": "RUB",
    "ریال": "IRR",
    "₴": "UAH",
    "₺": "TRY",
    "₹": "INR",
    "Ft": "HUF",
    "$": None,
    "¥": None,
    "kr": None,
}
"""Signs that stand beside amounts; None where several currencies share one."""

CURRENCY_CODES = frozenset(
    "AED AUD BGN BRL CAD CHF CNY CZK DKK EUR GBP HUF INR IRR JPY KRW MXN NOK PLN RON RUB SEK TRY UAH USD ZAR".split()
)

_PLAIN = re.compile(r"-?[0-9]{1,24}(?:\.[0-9]{1,12})?")
_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩٫٬−", "01234567890123456789.,-")
_BLANKS = re.compile(r"[\s'’\u200c\u200e\u200f]")
_SIGNS = re.compile(
    "|".join(sorted((re.escape(sign) for sign in CURRENCY_SIGNS), key=len, reverse=True)) + r"|\b[A-Z]{3}\b"
)
_DOTTED = re.compile(r"(?:[1-9][0-9]{0,2}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?|\.[0-9]+")
_COMMAED = re.compile(r"(?:[1-9][0-9]{0,2}(?:\.[0-9]{3})+|[0-9]+)(?:,[0-9]+)?|,[0-9]+")


def read_number(text: str, *, decimal_comma: bool = False) -> Decimal | None:
    """The number that a text names, exactly, or None.

    Thousands may be parted, a currency may stand before or after, brackets or a sign behind mean below zero.
    decimal_comma  what `1,234` means: 1.234 if true, else 1234; forms that can mean one thing only mean that
    """
    if _PLAIN.fullmatch(text) and not (decimal_comma and _COMMAED.fullmatch(text)):
        return Decimal(text)
    if len(text) > LONGEST_NUMBER:
        return None
    bare, is_negative = _bare(text)
    first, second = (_COMMAED, _DOTTED) if decimal_comma else (_DOTTED, _COMMAED)
    for form in (first, second):
        if form.fullmatch(bare):
            number = Decimal(_dotted(bare, is_comma=form is _COMMAED))
            return -number if is_negative and number else number
    return None


def _bare(text: str) -> tuple[str, bool]:
    """Digits and separators only, and whether the number is below zero."""
    bare = _BLANKS.sub("", _SIGNS.sub("", text.translate(_DIGITS))).removesuffix(".")
    if bare.startswith("(") and bare.endswith(")"):
        return bare[1:-1], True
    if bare.startswith("-") or bare.endswith("-"):
        return bare.strip("-") if bare.count("-") == 1 else "", True
    return bare.removeprefix("+"), False


def _dotted(bare: str, *, is_comma: bool) -> str:
    return bare.replace(".", "").replace(",", ".") if is_comma else bare.replace(",", "")


def is_comma_decimal(text: str) -> bool | None:
    """Whether a number is written with a decimal comma (True) or point (False); None where it does not show."""
    bare, _ = _bare(text)
    commas, points = bare.count(","), bare.count(".")
    if commas and points:
        return bare.rfind(",") > bare.rfind(".")
    if commas + points != 1:
        return None if not commas + points else points > 1
    head, tail = re.split("[,.]", bare)
    if len(tail) == 3 and 1 <= len(head) <= 3 and head != "0":
        return None
    return commas == 1


def currency_of(text: str) -> str | None:
    """The currency that stands beside an amount, three letters, or None."""
    found = _SIGNS.search(text)
    if found is None:
        return None
    return found[0] if found[0] in CURRENCY_CODES else CURRENCY_SIGNS.get(found[0])


def tidy(number: Decimal) -> Decimal:
    """The same number in its shortest form, so that 2.50 and 2.5 are written alike; never with an exponent."""
    if not number:
        return Decimal(0)
    short = number.normalize()
    exponent = short.as_tuple().exponent
    return short.quantize(Decimal(1)) if isinstance(exponent, int) and exponent > 0 else short
