"""The Jalali calendar: against the sun, against known days, and against itself."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import pairwise
from math import cos, radians

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intarsia.clock import anniversary, begin_of_period, step, whole_years
from intarsia.jalali import jalali, ordinal_of_month

TEHRAN = timedelta(hours=3, minutes=30)
"""How far the meridian of 52.5 degrees east is ahead of Greenwich, by which the year is reckoned."""

# Meeus, Astronomical Algorithms, chapter 27: the mean equinox of March in the years 1000 to 3000, and what goes on top.
MEAN = (2_451_623.80984, 365_242.37404, 0.05169, -0.00411, -0.00057)
PERIODIC = (
    (485, 324.96, 1934.136), (203, 337.23, 32964.467), (199, 342.08, 20.186), (182, 27.85, 445267.112),
    (156, 73.14, 45036.886), (136, 171.52, 22518.443), (77, 222.54, 65928.934), (74, 296.72, 3034.906),
    (70, 243.58, 9037.513), (58, 119.81, 33718.147), (52, 297.17, 150.678), (50, 21.02, 2281.226),
    (45, 247.54, 29929.562), (44, 325.15, 31555.956), (29, 60.93, 4443.417), (18, 155.12, 67555.328),
    (17, 288.79, 4562.452), (16, 198.04, 62894.029), (14, 199.76, 31436.921), (12, 95.39, 14577.848),
    (12, 287.11, 31931.756), (12, 320.81, 34777.259), (9, 227.73, 1222.114), (8, 15.45, 16859.074),
)  # fmt: skip
ACCURACY = timedelta(minutes=1)
NOON = time(12, 7, 25)
"""When the sun is highest there: around the equinox it is so much late."""
DELTA_T = {1799: 14.0, 1850: 7.1, 1900: -2.7, 1950: 29.1, 2000: 63.8, 2025: 69.4, 2124: 200.0}
"""Seconds by which the clock of the planets is ahead of that of the turning earth: measured, and of 2124 guessed."""


def march_equinox(year: int) -> datetime:
    """The equinox in universal time, good to `ACCURACY`."""
    y = (year - 2000) / 1000
    mean = sum(factor * y**power for power, factor in enumerate(MEAN))
    t = (mean - 2_451_545) / 36_525
    w = radians(35_999.373 * t - 2.47)
    slow = 1 + 0.0334 * cos(w) + 0.0007 * cos(2 * w)
    found = mean + 0.00001 * sum(a * cos(radians(b + c * t)) for a, b, c in PERIODIC) / slow
    return datetime.combine(date(2000, 1, 1), time(12)) + timedelta(days=found - 2_451_545, seconds=-_delta_t(year))


def _delta_t(year: int) -> float:
    for (first, low), (last, high) in pairwise(DELTA_T.items()):
        if first <= year <= last:
            return low + (high - low) * (year - first) / (last - first)
    raise AssertionError(year)


def new_year(year: int) -> date:
    """The day on which the Jalali year begins that begins in a Gregorian one."""
    return date.fromordinal(ordinal_of_month((year - 621) * 12))


def days_to_new_year(year: int) -> timedelta:
    """From the equinox to the noon of the day on which the Jalali year begins; it has to be 0 to 1."""
    noon = datetime.combine(new_year(year), NOON)
    return noon - (march_equinox(year) + TEHRAN)


def test_from_1799_to_2123_the_year_begins_on_the_day_whose_noon_is_the_first_after_the_equinox() -> None:
    for year in range(1799, 2124):
        assert ACCURACY < days_to_new_year(year) < timedelta(days=1) - ACCURACY, (year, days_to_new_year(year))


def test_in_2124_the_cycle_and_the_sun_part() -> None:
    assert days_to_new_year(2124) > timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "found"),
    [
        (date(1925, 3, 31), (1304, 1, 11)),  # the law that brought the calendar in
        (date(1979, 2, 11), (1357, 11, 22)),
        (date(2017, 3, 20), (1395, 12, 30)),
        (date(2021, 3, 20), (1399, 12, 30)),
        (date(2021, 3, 21), (1400, 1, 1)),
        (date(2024, 9, 21), (1403, 6, 31)),
        (date(2024, 9, 22), (1403, 7, 1)),
        (date(2025, 3, 20), (1403, 12, 30)),
    ],
)
def test_known_days_are_where_they_are(day: date, found: tuple[int, int, int]) -> None:
    assert jalali(day) == found


def test_leap_years_are_those_that_iran_had() -> None:
    leap = [year for year in range(1305, 1405) if ordinal_of_month(year * 12 + 12) - ordinal_of_month(year * 12) == 366]
    first_half = [1309, 1313, 1317, 1321, 1325, 1329, 1333, 1337, 1342, 1346, 1350, 1354]
    assert leap == [*first_half, 1358, 1362, 1366, 1370, 1375, 1379, 1383, 1387, 1391, 1395, 1399, 1403]


@given(st.dates())
def test_every_day_has_one_date_and_every_date_its_day(day: date) -> None:
    year, month, number = jalali(day)
    first, after = ordinal_of_month(year * 12 + month - 1), ordinal_of_month(year * 12 + month)
    assert first + number - 1 == day.toordinal() < after
    assert after - first in ((31,) if month <= 6 else (30,) if month <= 11 else (29, 30))


@given(st.dates(), st.integers(-3000, 3000), st.sampled_from(["month", "quarter", "year"]))
def test_a_step_goes_to_the_day_of_that_number_or_to_the_next_months_first(day: date, count: int, unit: str) -> None:
    year, month, number = jalali(day)
    months = year * 12 + month - 1 + count * {"month": 1, "quarter": 3, "year": 12}[unit]
    found, exists = step(day, count, unit, "jalali")  # type: ignore[arg-type]
    if found not in (date.min, date.max):
        target = months if exists else months + 1
        assert jalali(found) == (target // 12, target % 12 + 1, number if exists else 1)
        assert exists or number > 29


def test_a_period_begins_with_its_first_month() -> None:
    day = date(2024, 5, 15)  # 26 Ordibehesht 1403
    assert begin_of_period(day, "month", "jalali") == date(2024, 4, 20)
    assert begin_of_period(day, "quarter", "jalali") == date(2024, 3, 20)
    assert begin_of_period(date(2024, 3, 19), "year", "jalali") == date(2023, 3, 21)
    assert begin_of_period(date.min, "year", "jalali") == date.min


@given(st.dates(date(1200, 1, 1), date(2500, 1, 1)), st.integers(0, 400), st.sampled_from(["gregorian", "jalali"]))
def test_so_many_years_have_passed_on_the_anniversary_and_not_the_day_before(
    day: date, years: int, calendar: str
) -> None:
    found = anniversary(day, years, calendar)  # type: ignore[arg-type]
    assert found is not None
    assert whole_years(day, found, calendar) == years  # type: ignore[arg-type]
    if years:
        assert whole_years(day, found - timedelta(days=1), calendar) == years - 1  # type: ignore[arg-type]


def test_30_esfand_is_celebrated_on_29_esfand_and_29_february_on_the_28th() -> None:
    assert anniversary(date(2021, 3, 20), 1, "jalali") == date(2022, 3, 20)  # 29 Esfand 1400
    assert anniversary(date(2021, 3, 20), 4, "jalali") == date(2025, 3, 20)  # 30 Esfand 1403
    assert anniversary(date(2020, 2, 29), 1) == date(2021, 2, 28)
    assert anniversary(date(2020, 2, 29), 4) == date(2024, 2, 29)
    assert anniversary(date(2020, 2, 29), 8000) is None
