"""Steps through the calendar (rule 16): each start is where it should be, and none ever moves back."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intarsia.clock import (
    CALENDARS,
    LAST,
    CalendarName,
    Unit,
    add_days,
    begin_of_day,
    first_day_from,
    instant_of_wall,
    shift,
    step,
    to_instant,
    to_iso,
    wall_of_instant,
)

PRAGUE = ZoneInfo("Europe/Prague")
UTC = ZoneInfo("UTC")
ZONES = [
    "UTC",
    "Europe/Prague",
    "America/New_York",
    "America/Sao_Paulo",
    "Australia/Lord_Howe",
    "Asia/Tehran",
    "Pacific/Chatham",
    "Pacific/Apia",
    "Pacific/Kwajalein",
    "America/Juneau",
    "Africa/Casablanca",
    "Asia/Kathmandu",
    "Antarctica/Troll",
    "Europe/Dublin",
]
UNITS = ["second", "minute", "hour", "day", "week", "month", "quarter", "year"]


def prague(text: str) -> int:
    return to_instant(text, PRAGUE)


@pytest.mark.parametrize(
    ("at", "count", "unit", "expected"),
    [
        ("2024-05-15T10:00:00.123", -1, "day", "2024-05-14T10:00:00.123"),
        ("2024-05-15T10:00", -2, "week", "2024-05-01T10:00"),
        ("2024-05-15T10:00", -6, "month", "2023-11-15T10:00"),
        ("2024-05-15T10:00", -3, "quarter", "2023-08-15T10:00"),
        ("2024-05-15T10:00", 1, "year", "2025-05-15T10:00"),
        ("2024-03-31T10:00", -1, "month", "2024-03-01T00:00"),
        ("2023-03-29T10:00", -1, "month", "2023-03-01T00:00"),
        ("2024-03-29T10:00", -1, "month", "2024-02-29T10:00"),
        ("2024-01-31T10:00", 1, "month", "2024-03-01T00:00"),
        ("2024-02-29T10:00", -1, "year", "2023-03-01T00:00"),
        ("2024-02-29T10:00", -4, "year", "2020-02-29T10:00"),
        ("2024-12-31T10:00", -1, "month", "2024-12-01T00:00"),
    ],
)
def test_days_and_longer_step_by_the_calendar_at_the_same_wall_time(
    at: str, count: int, unit: str, expected: str
) -> None:
    assert shift(prague(at), count, unit, PRAGUE) == prague(expected)  # type: ignore[arg-type]


def test_hours_are_durations_and_days_are_not() -> None:
    at = prague("2024-03-31T12:00")  # the night before lost an hour
    assert shift(at, -24, "hour", PRAGUE) == prague("2024-03-30T11:00")
    assert shift(at, -1, "day", PRAGUE) == prague("2024-03-30T12:00")


def test_a_start_in_a_skipped_hour_is_the_end_of_the_gap() -> None:
    assert to_iso(shift(prague("2024-04-01T02:30"), -1, "day", PRAGUE)) == "2024-03-31T01:00:00.000Z"


def test_a_start_in_a_repeated_hour_is_its_first_pass() -> None:
    assert to_iso(shift(prague("2024-10-28T02:30"), -1, "day", PRAGUE)) == "2024-10-27T00:30:00.000Z"


def test_in_the_second_pass_of_a_repeated_hour_a_start_waits() -> None:
    first_pass_last = to_instant("2024-10-27T00:59:59.999Z", UTC)
    second_pass = to_instant("2024-10-27T01:20:00Z", UTC)
    after = to_instant("2024-10-27T02:00:00Z", UTC)
    waiting = shift(second_pass, -1, "day", PRAGUE)
    assert waiting == shift(first_pass_last, -1, "day", PRAGUE) == prague("2024-10-26T02:59:59.999")
    assert shift(after, -1, "day", PRAGUE) == waiting + 1


def test_a_day_that_a_zone_skipped_is_an_empty_one() -> None:
    apia = ZoneInfo("Pacific/Apia")
    assert begin_of_day(date(2011, 12, 30), apia) == begin_of_day(date(2011, 12, 31), apia)
    assert shift(to_instant("2011-12-31T08:00", apia), -1, "day", apia) == begin_of_day(date(2011, 12, 31), apia)
    assert first_day_from(begin_of_day(date(2011, 12, 31), apia), apia) == date(2011, 12, 30)


def test_a_day_without_midnight_begins_at_the_end_of_the_gap() -> None:
    sao_paulo = ZoneInfo("America/Sao_Paulo")
    assert to_iso(begin_of_day(date(2018, 11, 4), sao_paulo)) == "2018-11-04T03:00:00.000Z"


def test_a_step_past_the_end_of_time_stays_at_the_end() -> None:
    at = prague("2024-05-15T10:00")
    for unit in UNITS:
        assert shift(at, -(10**15), unit, PRAGUE) < shift(at, -1000, "year", PRAGUE)  # type: ignore[arg-type]
        assert prague("9990-01-01") < shift(at, 10**15, unit, PRAGUE) <= LAST  # type: ignore[arg-type]


def test_the_first_day_from_an_instant_is_the_first_that_begins_then_or_later() -> None:
    assert first_day_from(prague("2024-05-15"), PRAGUE) == date(2024, 5, 15)
    assert first_day_from(prague("2024-05-15") + 1, PRAGUE) == date(2024, 5, 16)


def _changes(key: str) -> list[int]:
    """Some instants near which the offset of the zone changes, by asking the zone every half day."""
    zone, half_day = ZoneInfo(key), 43_200_000
    begin = to_instant("2005-01-01T00:00Z", UTC)
    found = [begin]
    for year in (1867, 1883, 1945, 1969, 1993, 2011, 2018, 2022):
        begin = to_instant(f"{year}-01-01T00:00Z", UTC)
        for at in range(begin, begin + 366 * 86_400_000, half_day):
            before, after = (datetime.fromtimestamp(x / 1000, zone).utcoffset() for x in (at, at + half_day))
            if before != after:
                found.append(at)
    return found


CHANGES = {key: _changes(key) for key in ZONES}


def test_a_day_that_came_twice_begins_with_its_first_pass() -> None:
    juneau = ZoneInfo("America/Juneau")  # where 19 October 1867 went back to the 18th at half past three
    change = to_instant("1867-10-19T00:31:13Z", UTC)
    assert begin_of_day(date(1867, 10, 19), juneau) < change
    assert first_day_from(change, juneau) == date(1867, 10, 20)


@st.composite
def moments(draw: st.DrawFn) -> tuple[ZoneInfo, int, int]:
    """A zone and two instants, the second not earlier, often near the month's end or a change of the clocks."""
    zone = ZoneInfo(draw(st.sampled_from(ZONES)))
    start = to_instant("1860-01-01", UTC)
    hours = draw(st.integers(0, 190 * 366 * 24))
    near = draw(st.sampled_from(CHANGES[zone.key]) | st.just(start + hours * 3_600_000))
    first = near + draw(st.integers(-7_300_000, 7_300_000) | st.integers(-40 * 86_400_000, 40 * 86_400_000))
    return zone, first, first + draw(st.integers(1, 7_200_000) | st.integers(1, 3 * 86_400_000))


def steps_back_sometimes(at: int, count: int, zone: ZoneInfo) -> int:
    """What plain month arithmetic does: the last day of a shorter month, and the hour as the zone has it."""
    wall = datetime.fromtimestamp(at / 1000, zone)
    months = wall.year * 12 + wall.month - 1 + count
    year, month = divmod(months, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    there = wall.replace(year=year, month=month + 1, day=min(wall.day, last))
    return round(there.timestamp() * 1000)


def test_plain_month_arithmetic_would_move_back() -> None:
    late, later = prague("2023-03-28T23:00"), prague("2023-03-29T01:00")
    assert steps_back_sometimes(later, -1, PRAGUE) < steps_back_sometimes(late, -1, PRAGUE)
    assert shift(later, -1, "month", PRAGUE) >= shift(late, -1, "month", PRAGUE)


@given(moments(), st.integers(-40, 40), st.sampled_from(UNITS), st.sampled_from(CALENDARS))
def test_a_start_never_moves_back_while_at_moves_on(
    moments: tuple[ZoneInfo, int, int], count: int, unit: Unit, calendar: CalendarName
) -> None:
    zone, at, later = moments
    assert shift(at, count, unit, zone, calendar) <= shift(later, count, unit, zone, calendar)


@pytest.mark.parametrize("calendar", CALENDARS)
def test_steps_that_take_the_last_day_of_a_shorter_month_fail_that_and_keep_old_facts(calendar: CalendarName) -> None:
    """What `at` sees a fact of early on the last day of a short month, hour by hour: in, out, in, out, and so on."""
    short = {"gregorian": "2023-02-28T12:00", "jalali": "2024-03-19T12:00"}  # 29 Esfand 1402
    fact, later = prague(short[calendar]), prague("2023-04-02" if calendar == "gregorian" else "2024-04-20")
    ats = range(fact, later, 3_600_000)
    assert _changes_of_mind([last_day_instead(at, -1, PRAGUE, calendar) <= fact for at in ats]) > 1
    assert _changes_of_mind([shift(at, -1, "month", PRAGUE, calendar) <= fact for at in ats]) == 1


def last_day_instead(at: int, months: int, zone: ZoneInfo, calendar: CalendarName) -> int:
    """What plain month arithmetic does, in either calendar: the last day of the month where the day does not exist."""
    wall = wall_of_instant(at, zone)
    day, exists = step(wall.date(), months, "month", calendar)
    return instant_of_wall(datetime.combine(day if exists else add_days(day, -1), wall.time()), zone)


def _changes_of_mind(answers: list[bool]) -> int:
    return sum(one != other for one, other in pairwise(answers))


@given(moments())
def test_the_days_of_a_zone_follow_each_other(moments: tuple[ZoneInfo, int, int]) -> None:
    zone, at, _ = moments
    day = first_day_from(at, zone)
    assert begin_of_day(day - timedelta(days=1), zone) < at <= begin_of_day(day, zone)
