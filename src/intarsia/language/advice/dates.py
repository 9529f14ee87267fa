"""What to write instead of something that looks like a date or an instant, and is none."""

from __future__ import annotations

import re
from datetime import date

from intarsia.language.advice.told import Told, write
from intarsia.speech import mark

FORMS = mark("write a date as 2026-01-31, an instant as 2026-01-31T10:00, 2026-01-31T10:00Z or with +01:00")
NO_SUCH = mark("there is no such day or time; a date is written 2026-01-31, an instant 2026-01-31T10:00")
GREGORIAN = mark("dates are Gregorian, year first: 2026-01-31")
ONE = mark("write {date}")
TWO = mark("write {date} or {other}: year, month, day")
YEAR_LEAST = 1700
"""An earlier year is likely to be one of another calendar."""

THOUSANDS = mark("a number is written without points between thousands: {whole}")
_THOUSANDS = re.compile(r"\d{1,3}\.\d{3}\.\d{3}")
_PARTS = re.compile(r"(\d+)[-/.](\d+)[-/.](\d+)(?:[T ](\d\d?:\d\d\S*))?")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?")


def about_date(written: str) -> Told:
    """The next step, and what fills its gaps; `written` in plain digits."""
    if _THOUSANDS.fullmatch(written):
        return THOUSANDS, {"whole": written.replace(".", "")}
    found = _PARTS.fullmatch(written)
    if found is None:
        return FORMS, {}
    first, second, third, time = found.groups()
    if time is not None and not _TIME.fullmatch(time):
        return NO_SUCH, {}
    year, rest = (first, (second, third)) if len(first) == 4 else (third, (second, first))
    if len(year) != 4:
        return FORMS, {}
    if int(year) < YEAR_LEAST:
        return GREGORIAN, {}
    orders = [rest] if year == first else [rest, rest[::-1]]
    days = [day for month, number in orders if (day := _day(year, month, number)) is not None]
    spelt = list(dict.fromkeys(f"{day.isoformat()}{f'T{time}' if time else ''}" for day in days))
    if not spelt:
        return NO_SUCH, {}
    return (ONE, {"date": spelt[0]}) if len(spelt) == 1 else (TWO, {"date": spelt[0], "other": spelt[1]})


def _day(year: str, month: str, number: str) -> date | None:
    try:
        return date(int(year), int(month), int(number))
    except ValueError:
        return None


OF_YEARS = {
    ">": "after {year}-12-31",
    ">=": "since {year}-01-01",
    "<": "before {year}-01-01",
    "<=": "until {year}-12-31",
    "=": "between {year}-01-01 and {year}-12-31",
}
"""By sign, how a date is compared with a year."""


def about_years(sign: str, *years: str) -> Told | None:
    """Of a date that is compared with a year, or by `between` with two; None where they are no years."""
    if not all(len(year) == 4 and year.isdigit() and int(year) >= YEAR_LEAST for year in years):
        return None
    if sign == "between":
        return write(f"between {years[0]}-01-01 and {years[-1]}-12-31")
    return write(OF_YEARS[sign].format(year=years[0]))
