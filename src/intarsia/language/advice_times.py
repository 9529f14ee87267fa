"""What to write instead of numbers, amounts, dates and windows of time that are written as elsewhere."""

from __future__ import annotations

from collections.abc import Callable

from intarsia.language.advice_place import MONTHS, NAMED_DAYS, PERIODS, POINTS, SIGNS, UNITS, Place, Told
from intarsia.language.tokens import TokenKind
from intarsia.speech import mark


def _number(place: Place) -> Told | None:
    """A number that was written as elsewhere: with thousands, a unit, a decimal comma, a currency in small letters."""
    if place.kind(-1) is not TokenKind.NUMBER:
        return None
    number, word = place.written(-1), place.word()
    if place.kind() is TokenKind.END:
        return _after_number(place)
    if place.kind() is TokenKind.WORD and place.at(0).span.start == place.at(-1).span.end:
        return mark("write {number} alone, without `{word}`"), {"number": number, "word": place.written()}
    if word == "," and place.word(-2) == "between":
        return mark("write `between {low} and {high}`"), {"low": number, "high": place.written(1)}
    if word == "," and place.called() == "near":
        return mark("decimals are written with a point: near (50.08, 14.43) within 50 km"), {}
    if word == "," and place.kind(1) is TokenKind.NUMBER:
        gaps = {"whole": number + place.written(1), "point": f"{number}.{place.written(1)}"}
        return mark("a number is written without commas: {whole} or, with decimals, {point}"), gaps
    if place.kind() is TokenKind.NUMBER:
        return mark("a number is written without blanks: {whole}"), {"whole": number + place.written()}
    if word in UNITS:
        return _age(place, number, word)
    if word == ".":
        if place.word(1) == "." and place.kind(2) is TokenKind.NUMBER:
            return mark("write `between {low} and {high}`"), {"low": number, "high": place.written(2)}
        return mark("write {number} without the point"), {"number": number}
    is_code = len(word) == 3 and word.isalpha() and not place.written().isupper() and place.word(1) != "("
    if place.kind() is TokenKind.WORD and is_code:
        return mark("a currency is written in capital letters: {number} {code}"), {
            "number": number,
            "code": word.upper(),
        }
    return None


def _after_number(place: Place) -> Told | None:
    """A text that ends behind a number."""
    if place.word(-2) == "between":
        return mark("name both edges: between 5 and 10"), {}
    if place.word(-2) in PERIODS | {"within", "least", "than"}:
        return mark("say of what, behind the number: 30 days, 50 km"), {}
    return None


def _age(place: Place, number: str, unit: str) -> Told | None:
    """`> 30 days`, `> 30 days ago`: a length of time behind a sign."""
    gaps = {"number": number, "unit": unit}
    if place.word(-2) not in SIGNS:
        return None
    if place.word(1) == "ago":
        return mark("write `more than {number} {unit} ago`, or `in last {number} {unit}` for up to now"), gaps
    return mark("a number is compared without a unit: write {number}"), gaps


def _half_a_number(place: Place) -> Told | None:
    if place.word() == "." and place.kind(1) is TokenKind.NUMBER and place.word(-1) in SIGNS:
        return mark("write 0.{digits}"), {"digits": place.written(1)}
    return None


def instead_of_a_date(place: Place) -> Told | None:
    """Something else than a date where one is wanted."""
    if place.word(-1) not in POINTS and not (place.word(-1) == "in" and place.kind() is not TokenKind.TEXT):
        return None
    word, is_in = place.word(), place.word(-1) == "in"
    if place.kind() is TokenKind.TEXT:
        return mark("a date stands without quotes, year first: 2026-01-31"), {}
    if place.kind() is TokenKind.NUMBER:
        number, unit = place.written(), place.word(1)
        if unit in UNITS:
            return _length_instead_of_date(place, {"number": number, "unit": unit})
        if place.word(1) == "." and place.word(2) == "." and place.kind(3) is TokenKind.NUMBER:
            return mark("write `between {low} and {high}`"), {"low": number, "high": place.written(3)}
        if is_in and len(number) != 4:
            return mark("a list stands in brackets: in ({value}); of one value write = {value}"), {"value": number}
        if is_in:
            return mark("write `between {year}-01-01 and {year}-12-31`"), {"year": number}
        return mark("a date has a year, a month and a day: 2026-01-31"), {}
    if word[:3] in MONTHS:
        return (mark("write `between 2026-01-01 and 2026-01-31`") if is_in else mark("write a date as 2026-01-31")), {}
    return None


def _length_instead_of_date(place: Place, gaps: dict[str, str]) -> Told:
    if place.word(-1) in ("in", "since", "after", "on"):
        return mark("write `in last {number} {unit}`"), gaps
    return mark("write `more than {number} {unit} ago`"), gaps


# --- windows of time


def _window(place: Place) -> Told | None:
    """A window without `in`, without `last`, or where none can stand."""
    word, before = place.word(), place.word(-1)
    is_length = place.kind() is TokenKind.NUMBER and place.word(1) in UNITS
    gaps = {"number": place.written(), "unit": place.word(1)}
    if is_length and place.word(2) == "ago":
        return mark("write `more than {number} {unit} ago`, or `in last {number} {unit}` for up to now"), gaps
    if is_length and before in (",", "in"):
        return mark("write `last {number} {unit}`"), gaps
    if word == "less" and place.word(1) == "than" and place.kind(2) is TokenKind.NUMBER:
        return mark("write `in last {number} {unit}`"), {"number": place.written(2), "unit": place.word(3)}
    if word in NAMED_DAYS and before not in ("in", ","):
        return mark("write `in {word}`"), {"word": word}
    if word in PERIODS and _is_in_call(place):
        return mark("a comma stands before the window: count(order, last 30 days)"), {}
    if word in PERIODS:
        return mark("write `in` before it: `in last 30 days`, `in this month`"), {}
    if place.kind() is TokenKind.END and place.word(-1) in UNITS and place.word(-3) == "than":
        return mark("write `ago` at the end"), {}
    return None


def _is_in_call(place: Place) -> bool:
    """Whether the place is inside the brackets of a function."""
    return place.called() not in ("", "where", "had", "line", "among")


def _outside_window(place: Place) -> Told | None:
    """`count(order) in last 30 days > 2`, `tier = 'gold' since 30 days`."""
    if place.word() in SIGNS and place.word(-1) in UNITS:
        return mark("the window stands inside the brackets: count(order, last 30 days) > 2"), {}
    if place.word() == "since" and place.kind(1) is TokenKind.NUMBER:
        gaps = {"number": place.written(1), "unit": place.word(2)}
        return mark("write `for at least {number} {unit}`"), gaps
    if place.word(-1) == "for" and place.kind() is TokenKind.NUMBER:
        gaps = {"number": place.written(), "unit": place.word(1)}
        return mark("write `for at least {number} {unit}`"), gaps
    if place.word() == "for" and place.word(-1) in UNITS | NAMED_DAYS | {"ago"}:
        return mark("only what is so or not so can hold for a time; a window cannot"), {}
    return None


RULES: tuple[Callable[[Place], Told | None], ...] = (_half_a_number, _number, _outside_window, _window)
"""Tried in this order, before all others; `instead_of_a_date` behind those of sets."""
