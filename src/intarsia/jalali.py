"""The Jalali (Solar Hijri) calendar of Iran and Afghanistan, as arithmetic on day numbers.

Leap years go by the cycle of 33 years: eight in each, of the 33 the first, 5th, 9th, 13th, 17th, 22nd, 26th, 30th.
That is the official calendar, which begins its years with the equinox, for the years 1178 to 1501 (21 March 1799 to
20 March 2123). Before and after the cycle is carried on: every day has a date, but new year may be off by a day.
"""

from __future__ import annotations

from datetime import date

_EPOCH = 356_032
"""Days from the first day of the arithmetic below to the first day of `date`."""
_FIRST_YEAR = -1_595
"""A leap year, as is every fourth after it; the five years from the 29th on have no other, and all begins again."""
_CYCLE_YEARS, _CYCLE_DAYS = 33, 12_053
_FOUR_YEARS_DAYS = 1_461
_HALF_DAYS = 186
"""The first six months have 31 days each, the next five 30, the last 29 or 30."""


def jalali(day: date) -> tuple[int, int, int]:
    """Year, month (1 to 12) and day of the month; years of before the first are 0 and below."""
    cycles, days = divmod(day.toordinal() + _EPOCH, _CYCLE_DAYS)
    fours, days = divmod(days, _FOUR_YEARS_DAYS)
    year = _FIRST_YEAR + _CYCLE_YEARS * cycles + 4 * fours
    if days > 365:
        years, days = divmod(days - 1, 365)
        year += years
    if days < _HALF_DAYS:
        return year, 1 + days // 31, 1 + days % 31
    return year, 7 + (days - _HALF_DAYS) // 30, 1 + (days - _HALF_DAYS) % 30


def ordinal_of_month(months: int) -> int:
    """The ordinal, as of `date.toordinal`, of the first day of a month; it may lie outside what `date` can name.

    months  counted from the first of the year 0, which is 0: year * 12 + month - 1
    """
    year, month = divmod(months, 12)
    cycles, years = divmod(year - _FIRST_YEAR, _CYCLE_YEARS)
    before = cycles * _CYCLE_DAYS + years * 365 + (years + 3) // 4 - _EPOCH
    return before + (month * 31 if month < 6 else _HALF_DAYS + (month - 6) * 30)
