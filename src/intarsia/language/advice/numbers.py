"""What to write instead of numbers, shares and amounts of money that are written as elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from intarsia.language.advice.place import NAMES, PERIODS, SIGNS, UNITS, Place
from intarsia.language.advice.told import Told, write
from intarsia.language.advice.words import BY_WORD
from intarsia.language.meaning.money import CODE_LENGTH, is_currency
from intarsia.language.words.spelling import spell_decimal
from intarsia.language.words.token import RESERVED, TokenKind
from intarsia.speech import mark

SHARE = mark("a share is written {share}")
_REPEAT = mark("repeat the name that is tested, or write `in (.., {value})` for several values")
_SCALES = {
    **dict.fromkeys(("k", "thousand"), 1000),
    **dict.fromkeys(("m", "mln", "mio", "million", "millions"), 10**6),
    **dict.fromkeys(("bn", "billion", "billions"), 10**9),
}
"""By what is written behind a number: how many of ones it means."""
_UNITS = {"s": "seconds", "h": "hours", "d": "days", "w": "weeks", "m": "months", "mo": "months", "y": "years"}
_CURRENCIES = {
    **dict.fromkeys(("euro", "euros"), "EUR"),
    **dict.fromkeys(("dollar", "dollars"), "USD"),
    **dict.fromkeys(("pound", "pounds"), "GBP"),
    **dict.fromkeys(("kč", "kc", "korun", "koruna", "koruny", "crowns"), "CZK"),
    **dict.fromkeys(("zł", "zl", "zloty", "złoty", "złotych"), "PLN"),
    **dict.fromkeys(("руб", "рублей", "рубля", "рубль", "rub", "rubles", "roubles"), "RUB"),
    **dict.fromkeys(("ریال", "rial", "rials"), "IRR"),
}
"""What some write instead of a currency's three letters, in small letters."""
_LENGTH_LEADS = PERIODS | {"within", "least", "than"}
_OF_LENGTHS = ("lapsed", "returned", "first_time", "active", "sequence")


def share_of(percentage: Decimal) -> Told:
    """A percentage as the share that it is."""
    return SHARE, {"share": spell_decimal(percentage / 100)}


def currency_meant(place: Place, offset: int) -> str | None:
    """The three letters of the currency that a word there names; None: none."""
    if place.kind(offset) is not TokenKind.WORD or place.word(offset + 1) == "(":
        return None
    word = place.written(offset).casefold()
    if word in _CURRENCIES:
        return _CURRENCIES[word]
    is_ours = word in RESERVED or word in BY_WORD or word in ("top", "bottom")
    is_code = len(word) == CODE_LENGTH and word.isascii() and not is_ours and is_currency(word.upper())
    return word.upper() if is_code else None


def _share(place: Place) -> Told | None:
    """A percentage where a number is compared."""
    is_sign = place.word() in ("%", "percent", "pct")
    if not is_sign or place.kind(-1) is not TokenKind.NUMBER or place.word(-2) in ("top", "bottom"):
        return None
    return share_of(Decimal(place.at(-1).value))


def _glued(place: Place) -> Told | None:
    """Letters right behind a number: `1k`, `1_000`, `1e3`, `30d`; a blank may stand before `million`."""
    if place.kind() is not TokenKind.WORD or place.kind(-1) is not TokenKind.NUMBER:
        return None
    number, word = place.at(-1).value, place.word()
    is_glued = place.at(0).span.start == place.at(-1).span.end
    is_length = place.word(-2) in _LENGTH_LEADS or place.called() in _OF_LENGTHS
    if place.word(-2) == "within" and place.called() != "sequence":
        return None
    if is_glued and is_length and word in _UNITS:
        return write(f"{number} {_UNITS[word]}")
    if word in _SCALES and (is_glued or len(word) > 1) and not is_length:
        return write(spell_decimal(Decimal(number) * _SCALES[word]))
    if not is_glued:
        return None
    digits = word.replace("_", "")
    if word.startswith("_") and digits.isdigit():
        return write(number + digits)
    if word.startswith("e") and word[1:].isdigit() and int(word[1:4]) < 10:
        return write(spell_decimal(Decimal(number).scaleb(int(word[1:4]))))
    return mark("write {number} alone, without `{word}`"), {"number": place.written(-1), "word": place.written()}


def _comma(place: Place) -> Told | None:
    """A comma behind a number: of decimals, of thousands, or between two values."""
    if place.word() != "," or place.kind(-1) is not TokenKind.NUMBER:
        return None
    number, behind = place.at(-1).value, place.at(1).value
    if place.word(-2) == "between":
        return write(f"between {place.written(-1)} and {place.written(1)}")
    if place.called() == "near":
        return mark("decimals are written with a point: near (50.08, 14.43) within 50 km"), {}
    if place.kind(1) is not TokenKind.NUMBER:
        return None
    if place.at(1).span.start > place.at(0).span.end:
        return _REPEAT, {"value": place.written(1)}
    whole, _, decimals = behind.partition(".")
    if len(whole) != 3 or "." in number:
        return mark("decimals are written with a point: {point}"), {"point": f"{number.replace('.', '')}.{behind}"}
    offset = 2
    while place.word(offset) == "," and place.kind(offset + 1) is TokenKind.NUMBER and not decimals:
        group, _, decimals = place.at(offset + 1).value.partition(".")
        whole, offset = whole + group, offset + 2
    if offset == 2 and not decimals:
        gaps = {"whole": number + whole, "point": f"{number}.{whole}"}
        return mark("a number is written without commas: {whole} or, with decimals, {point}"), gaps
    written = f"{number}{whole}.{decimals}" if decimals else number + whole
    return mark("a number is written without commas: {whole}"), {"whole": written}


def _dash(place: Place) -> Told | None:
    """`18-25`: a number and, as it is read, a negative one behind it."""
    offset = 0 if place.at(0).value.startswith("-") else 1
    low, high = place.at(offset - 1), place.at(offset)
    if not low.kind is high.kind is TokenKind.NUMBER or not high.value.startswith("-"):
        return None
    is_range = place.called() == "in" or place.kind(offset - 2) in NAMES
    return write(f"between {low.value} and {high.value[1:]}") if is_range else None


def _blank(place: Place) -> Told | None:
    """A blank between thousands."""
    if place.kind(-1) is not TokenKind.NUMBER:
        return None
    whole, offset = place.at(-1).value, 0
    while place.kind(offset) is TokenKind.NUMBER and len(place.at(offset).value.partition(".")[0]) == 3:
        whole, offset = whole + place.at(offset).value, offset + 1
    return (mark("a number is written without blanks: {whole}"), {"whole": whole}) if offset else None


def _point(place: Place) -> Told | None:
    """Points where none belong: `.5`, `18.`, `5..10`."""
    if place.word() != ".":
        return None
    if place.word(-1) in SIGNS and place.kind(1) is TokenKind.NUMBER:
        return mark("write 0.{digits}"), {"digits": place.written(1)}
    if place.kind(-1) is TokenKind.NUMBER:
        if place.word(1) == "." and place.kind(2) is TokenKind.NUMBER:
            return write(f"between {place.written(-1)} and {place.written(2)}")
        return mark("write {number} without the point"), {"number": place.written(-1)}
    return (mark("leave out the full stop"), {}) if place.kind(1) is TokenKind.END else None


def _unit(place: Place) -> Told | None:
    """`> 30 days`, `> 30 days ago`, `between 25 and 34 years`: a length of time where a number is compared."""
    if place.kind(-1) is TokenKind.NUMBER and place.word() in ("times", "time"):
        return mark("leave out `{word}`"), {"word": place.written()}
    if place.kind(-1) is TokenKind.NUMBER and place.word() in UNITS and place.word(-2) in SIGNS:
        gaps = {"number": place.written(-1), "unit": place.word()}
        if place.word(1) == "ago":
            return mark("write `more than {number} {unit} ago`, or `in last {number} {unit}` for up to now"), gaps
        return mark("a number is compared without a unit: write {number}"), {"number": gaps["number"]}
    if place.word(-1) in UNITS and place.word(-3) == "and" and place.word(-5) == "between":
        range_, unit = place.said(-5, -1), place.word(-1)
        if place.word(-6) == "age":
            return write(range_)
        return mark("write `{instead}`, or of a time `{ago}`"), {"instead": range_, "ago": f"{range_} {unit} ago"}
    return None


def _currency(place: Place) -> Told | None:
    """A currency that is not written in three capital letters."""
    if place.kind(-1) is not TokenKind.NUMBER:
        return None
    code, number = currency_meant(place, 0), place.written(-1)
    if code is None:
        return None
    if place.word().upper() == code:
        return mark("a currency is written in capital letters: {number} {code}"), {"number": number, "code": code}
    return write(f"{number} {code}")


def _end(place: Place) -> Told | None:
    """A text that ends behind a number."""
    if place.kind() is not TokenKind.END or place.kind(-1) is not TokenKind.NUMBER:
        return None
    if place.word(-2) == "between":
        return mark("name both edges: between 5 and 10"), {}
    if place.word(-2) in _LENGTH_LEADS:
        return mark("say of what, behind the number: 30 days, 50 km"), {}
    return None


RULES: tuple[Callable[[Place], Told | None], ...] = (
    *(_share, _currency, _glued, _comma, _dash, _blank, _point, _unit, _end),
)
"""Tried in this order."""
