"""Dates and times as files write them, read without guessing."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

_ISO = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?"
    r"(?: ?(?:Z|UTC|[+-][0-9]{2}:?[0-9]{2}))?)?"
)
_PARTS = re.compile(r"([0-9]{1,4})([./-])([0-9]{1,2})\2([0-9]{1,4})\.?")
_COMPACT = re.compile(r"([12][0-9]{3})([0-9]{2})([0-9]{2})")
_DAY_MONTH = re.compile(r"([0-9]{1,2})[. -]+([A-Za-z]{3,9})[., -]+([0-9]{4})")
_MONTH_DAY = re.compile(r"([A-Za-z]{3,9})[. ]+([0-9]{1,2})(?:st|nd|rd|th)?,? +([0-9]{4})")
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]{1,9}))?)?(?: ?([AaPp])\.?[Mm]\.?)?")
_EPOCH = re.compile(r"[0-9]{10}(?:[0-9]{3})?")
_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")
_MONTHS = {
    name: number
    for number, name in enumerate(
        "january february march april may june july august september october november december".split(), start=1
    )
}
LATEST_SHORT_YEAR = 68
"""A year of two digits up to this one is in the 2000s, a later one in the 1900s (as POSIX has it)."""


def read_date(text: str, *, day_first: bool | None, has_epochs: bool = False) -> date | datetime | None:
    """The date (a `date`) or the date and time (a `datetime`) that a text names, or None.

    day_first   what 03/04/2024 means: 3 April (True), 4 March (False), nothing (None)
    has_epochs  whether ten or thirteen digits are seconds or milliseconds since 1970
    A datetime has a zone only if the text does.
    """
    text = text.strip()
    if not text.isascii():
        text = text.translate(_DIGITS)
    try:
        if _ISO.fullmatch(text):
            return _iso(text)
        if has_epochs and _EPOCH.fullmatch(text):
            return datetime.fromtimestamp(int(text[:10]), UTC) + timedelta(milliseconds=int(text[10:] or 0))
        return _written(text, day_first)
    except ValueError:
        return None


def _iso(text: str) -> date | datetime:
    if len(text) == 10:
        return date.fromisoformat(text)
    return datetime.fromisoformat(text.replace(" UTC", "Z").replace(",", ".").replace(" +", "+").replace(" -", "-"))


def _written(text: str, day_first: bool | None) -> date | datetime | None:
    head, clock = _split(text)
    day = _day(head, day_first)
    if day is None or clock is None:
        return day
    hours = _time(clock)
    return datetime.combine(day, hours) if hours is not None else None


def _split(text: str) -> tuple[str, str | None]:
    """The part that names the day, and the part that names the time of day, if there is one."""
    found = re.search(r"[T ,]+(?=[0-9]{1,2}:[0-9]{2})", text)
    return (text, None) if found is None else (text[: found.start()], text[found.end() :])


def _day(text: str, day_first: bool | None) -> date | None:
    if parts := _PARTS.fullmatch(text):
        return _day_of_parts(parts, day_first)
    if parts := _COMPACT.fullmatch(text):
        return date(int(parts[1]), int(parts[2]), int(parts[3]))
    if parts := _DAY_MONTH.fullmatch(text):
        return _day_of_name(int(parts[1]), parts[2], int(parts[3]))
    if parts := _MONTH_DAY.fullmatch(text):
        return _day_of_name(int(parts[2]), parts[1], int(parts[3]))
    return None


def _day_of_parts(parts: re.Match[str], day_first: bool | None) -> date | None:
    first, second, third = int(parts[1]), int(parts[3]), int(parts[4])
    if len(parts[1]) == 4:
        return date(first, second, third) if len(parts[4]) <= 2 else None
    if len(parts[1]) > 2 or len(parts[4]) not in (2, 4):
        return None
    year = third if len(parts[4]) == 4 else third + (2000 if third <= LATEST_SHORT_YEAR else 1900)
    if parts[2] == "." or first > 12 or first == second:
        return date(year, second, first)
    if second > 12:
        return date(year, first, second)
    if day_first is None:
        return None
    return date(year, second, first) if day_first else date(year, first, second)


def _day_of_name(day: int, name: str, year: int) -> date | None:
    low = name.lower()
    number = next((number for month, number in _MONTHS.items() if month == low or month[:3] == low), None)
    return None if number is None else date(year, number, day)


def _time(text: str) -> time | None:
    found = _CLOCK.fullmatch(text.strip())
    if found is None:
        return None
    hours = int(found[1])
    if found[5] is not None:
        if not 1 <= hours <= 12:
            return None
        hours = hours % 12 + (12 if found[5] in "Pp" else 0)
    micros = int((found[4] or "")[:6].ljust(6, "0"))
    return time(hours, int(found[2]), int(found[3] or 0), micros)


def is_day_first(text: str) -> bool | None:
    """Whether a date such as 31/01/2024 begins with its day (True) or month (False); None where it does not show."""
    parts = _PARTS.fullmatch(_split(text.strip().translate(_DIGITS))[0])
    if parts is None or parts[2] == "." or len(parts[1]) > 2:
        return None
    first, second = int(parts[1]), int(parts[3])
    if (first > 12) == (second > 12):
        return None
    return first > 12


def is_unclear(text: str) -> bool:
    """Whether the date means one day if the day stands first and another if the month does."""
    return read_date(text, day_first=None) is None and read_date(text, day_first=True) is not None
