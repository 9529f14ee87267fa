"""What to write instead of dates and windows of time that are written as elsewhere."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import date

from intarsia.language.advice.place import NAMED_DAYS, NAMES, PERIODS, POINTS, SIGNS, TIMES, UNITS, Place
from intarsia.language.advice.told import Told, write
from intarsia.language.advice.words import BY_WORD
from intarsia.language.words.token import TokenKind
from intarsia.speech import mark

_MONTHS = "january february march april may june july august september october november december".split()
MONTHS = {name: number for number, month in enumerate(_MONTHS, start=1) for name in (month, month[:3])}
"""English months and their three letters."""
_YEAR = 2026
"""The year of examples."""
_AGO = mark("write `more than {number} {unit} ago`, or `in last {number} {unit}` for up to now")
_WITHOUT_QUOTES = mark("a date stands without quotes, year first: 2026-01-31")
_LIST = mark("a list stands in brackets: in ({value}); of one value write = {value}")


# --- dates


def instead_of_a_date(place: Place) -> Told | None:
    """Something else than a date where one is wanted."""
    if place.word(-1) not in POINTS and not (place.word(-1) == "in" and place.kind() is not TokenKind.TEXT):
        return None
    is_in = place.word(-1) == "in"
    if place.kind() in (TokenKind.TEXT, TokenKind.QUOTED) and not is_in:
        return _WITHOUT_QUOTES, {}
    if place.kind() is TokenKind.NUMBER:
        number, unit = place.written(), place.word(1)
        if unit in UNITS:
            return _length_instead_of_date(place, {"number": number, "unit": unit})
        if place.word(1) == "." and place.word(2) == "." and place.kind(3) is TokenKind.NUMBER:
            return write(f"between {number} and {place.written(3)}")
        if is_in and len(number) != 4:
            return _LIST, {"value": number}
        if is_in:
            return write(f"between {number}-01-01 and {number}-12-31")
        return mark("a date has a year, a month and a day: 2026-01-31"), {}
    return _month(place, MONTHS[place.word()]) if place.word() in MONTHS else None


def _month(place: Place, month: int) -> Told:
    """`in december`, `before May 2025`: the days of that month."""
    relation, behind = place.word(-1), place.at(1).value if place.kind(1) is TokenKind.NUMBER else ""
    if behind and not (len(behind) == 4 and behind.isdigit() and behind > "0999"):
        return mark("write a date as 2026-01-31"), {}
    year = int(behind or _YEAR)
    first, last = date(year, month, 1), date(year, month, monthrange(year, month)[1])
    if relation in ("in", "on"):
        instead = f"between {first} and {last}"
    else:
        instead = f"{relation} {first if relation in ('before', 'since') else last}"
    if behind:
        return write(instead)
    return mark("write `{instead}`, with the year that you mean"), {"instead": instead}


def _length_instead_of_date(place: Place, gaps: dict[str, str]) -> Told:
    if place.word(-1) in ("in", "since", "after", "on"):
        return mark("write `in last {number} {unit}`"), gaps
    return mark("write `more than {number} {unit} ago`"), gaps


def _points(place: Place) -> Told | None:
    """`from A to B`, `between A to B`, `since A until B`, `at A`."""
    if place.word() in ("at", "from") and place.kind(1) in TIMES:
        if place.word() == "at":
            return write(f"on {place.written(1)}")
        if place.word(2) in _TO and place.kind(3) in TIMES:
            return write(f"between {place.written(1)} and {place.written(3)}")
        return write(f"since {place.written(1)}")
    if place.word(-2) in ("between", "since", "after", "from") and place.word() in _TO:
        is_pair = place.kind(-1) is place.kind(1) is TokenKind.NUMBER or {place.kind(-1), place.kind(1)} <= {*TIMES}
        return write(f"between {place.written(-1)} and {place.written(1)}") if is_pair else None
    return None


_TO = ("to", "till", "until")


# --- windows of time


def _window(place: Place) -> Told | None:
    """A window without `in`, without `last`, or where none can stand."""
    word, before = place.word(), place.word(-1)
    is_length = place.kind() is TokenKind.NUMBER and place.word(1) in UNITS
    gaps = {"number": place.written(), "unit": place.word(1)}
    if is_length and place.word(2) == "ago":
        return _AGO, gaps
    if before == "in" and place.kind(1) is TokenKind.NUMBER and place.word(2) in UNITS and word not in BY_WORD:
        return mark("write `last {number} {unit}`"), {"number": place.written(1), "unit": place.word(2)}
    if is_length and before in (",", "in"):
        return mark("write `last {number} {unit}`"), gaps
    if word == "less" and place.word(1) == "than" and place.kind(2) is TokenKind.NUMBER and place.word(3) in UNITS:
        return mark("write `in last {number} {unit}`"), {"number": place.written(2), "unit": place.word(3)}
    if word in NAMED_DAYS and before not in ("in", ","):
        return mark("write `in {word}`"), {"word": word}
    if _begins_window(place) and _is_in_call(place) and before != ",":
        return mark("a comma stands before the window: count(order, last 30 days)"), {}
    if word in PERIODS:
        return mark("write `in` before it: `in last 30 days`, `in this month`"), {}
    if place.kind() is TokenKind.END and place.word(-1) in UNITS and place.word(-3) == "than":
        return mark("write `ago` at the end"), {}
    return None


def _begins_window(place: Place) -> bool:
    return (
        place.word() in PERIODS
        or (place.word() in POINTS and place.kind(1) in TIMES)
        or (place.word() == "in" and place.word(1) in PERIODS | NAMED_DAYS)
    )


def _is_in_call(place: Place) -> bool:
    """Whether the place is inside the brackets of a function."""
    return place.called() not in ("", "where", "had", "line", "among", "and", "or", "not", "in")


def _outside_window(place: Place) -> Told | None:
    """`count(order) in last 30 days > 2`, `tier = 'gold' since 30 days`."""
    if place.word() in SIGNS and place.word(-1) in UNITS and place.word(place.begin()) not in ("did", "never"):
        return mark("the window stands inside the brackets: count(order, last 30 days) > 2"), {}
    if place.word() == "since" and place.kind(1) is TokenKind.NUMBER:
        gaps = {"number": place.written(1), "unit": place.word(2)}
        return mark("write `for at least {number} {unit}`"), gaps
    if place.word(-1) == "for" and place.kind() is TokenKind.NUMBER:
        gaps = {"number": place.written(), "unit": place.word(1)}
        return mark("write `for at least {number} {unit}`"), gaps
    if place.word() == "for" and place.word(-1) in UNITS | NAMED_DAYS | {"ago"}:
        return mark("only what is so or not so can hold for a time; a window cannot"), {}
    if place.word() == "for" and place.word(place.begin()) in ("did", "never") and place.begin() < -1:
        return _time_of_event(place)
    return None


def _time_of_event(place: Place) -> Told | None:
    """`did order for at least 30 days`: only traits are so for a time."""
    offset = next((offset for offset in (1, 3) if place.kind(offset) is TokenKind.NUMBER), None)
    if offset is None or place.word(offset + 1) not in UNITS or place.kind(-1) not in (*NAMES, TokenKind.SYMBOL):
        return None
    gaps = {"number": place.written(offset), "unit": place.word(offset + 1)}
    return mark("only traits are so for a time; of an event write `in last {number} {unit}`"), gaps


RULES: tuple[Callable[[Place], Told | None], ...] = (_points, _outside_window, _window)
"""Tried in this order, behind those of numbers; `instead_of_a_date` behind those of sets."""
