"""Windows as bounds, to the millisecond and to the day (rules 16-20)."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Literal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intarsia.clock import to_instant
from intarsia.language import tree
from intarsia.language.meaning.windows import DateInterval, Interval, NoSuchPeriod, date_interval, interval
from intarsia.language.reading.parse import parse

PRAGUE = ZoneInfo("Europe/Prague")
AT = "2024-05-15T12:00"  # a Wednesday


def window(text: str) -> tree.Window:
    test = parse(f"signed_up {text}")
    assert isinstance(test, tree.Test)
    assert isinstance(test.operator, tree.During)
    return test.operator.window


def ms(text: str | None) -> int | None:
    """The instant of a text; with a `+` behind it, the millisecond after."""
    if text is None:
        return None
    return to_instant(text.rstrip("+"), PRAGUE) + text.endswith("+")


def day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


CASES = [
    ("in last 3 days", "2024-05-12T12:00", "2024-05-15T12:00+", "2024-05-12", "2024-05-16"),
    ("in next 7 days", "2024-05-15T12:00", "2024-05-22T12:00+", "2024-05-15", "2024-05-23"),
    ("in last 1 month", "2024-04-15T12:00", "2024-05-15T12:00+", "2024-04-15", "2024-05-16"),
    ("in last 2 quarters", "2023-11-15T12:00", "2024-05-15T12:00+", "2023-11-15", "2024-05-16"),
    ("in last 36 hours", "2024-05-14T00:00", "2024-05-15T12:00+", "2024-05-14", "2024-05-16"),
    ("in last 35 hours", "2024-05-14T01:00", "2024-05-15T12:00+", "2024-05-15", "2024-05-16"),
    ("in next 12 hours", "2024-05-15T12:00", "2024-05-16T00:00+", "2024-05-16", "2024-05-17"),
    ("more than 90 days ago", None, "2024-02-15T12:00", None, "2024-02-15"),
    ("more than 12 hours ago", None, "2024-05-15T00:00", None, "2024-05-15"),
    ("between 30 and 90 days ago", "2024-02-15T12:00", "2024-04-15T12:00", "2024-02-15", "2024-04-15"),
    ("in today", "2024-05-15", "2024-05-16", "2024-05-15", "2024-05-16"),
    ("in yesterday", "2024-05-14", "2024-05-15", "2024-05-14", "2024-05-15"),
    ("in tomorrow", "2024-05-16", "2024-05-17", "2024-05-16", "2024-05-17"),
    ("in this week", "2024-05-13", "2024-05-20", "2024-05-13", "2024-05-20"),
    ("in next week", "2024-05-20", "2024-05-27", "2024-05-20", "2024-05-27"),
    ("in previous month", "2024-04-01", "2024-05-01", "2024-04-01", "2024-05-01"),
    ("in previous 3 months", "2024-02-01", "2024-05-01", "2024-02-01", "2024-05-01"),
    ("in this quarter", "2024-04-01", "2024-07-01", "2024-04-01", "2024-07-01"),
    ("in previous quarter", "2024-01-01", "2024-04-01", "2024-01-01", "2024-04-01"),
    ("in next year", "2025-01-01", "2026-01-01", "2025-01-01", "2026-01-01"),
    ("before 2024-03-01", None, "2024-03-01", None, "2024-03-01"),
    ("after 2024-03-01", "2024-03-02", None, "2024-03-02", None),
    ("on 2024-03-01", "2024-03-01", "2024-03-02", "2024-03-01", "2024-03-02"),
    ("since 2024-03-01", "2024-03-01", None, "2024-03-01", None),
    ("until 2024-03-01", None, "2024-03-02", None, "2024-03-02"),
    ("between 2024-01-01 and 2024-01-31", "2024-01-01", "2024-02-01", "2024-01-01", "2024-02-01"),
    ("before 2024-03-01T00:00", None, "2024-03-01", None, "2024-03-01"),
    ("before 2024-03-01T10:00", None, "2024-03-01T10:00", None, "2024-03-02"),
    ("after 2024-03-01T00:00", "2024-03-01T00:00+", None, "2024-03-02", None),
    ("on 2024-03-01T00:00", "2024-03-01T00:00", "2024-03-01T00:00+", "2024-03-01", "2024-03-02"),
    ("on 2024-03-01T10:00", "2024-03-01T10:00", "2024-03-01T10:00+", "2024-03-02", "2024-03-02"),
    ("until 2024-03-01T00:00:00Z", None, "2024-03-01T01:00+", None, "2024-03-02"),
    ("since 2024-03-01T00:00:00+02:00", "2024-02-29T23:00", None, "2024-03-01", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "begin", "end", "first", "after"), CASES, ids=[case[0] for case in CASES])
def test_a_window_is_bounds(
    text: str, begin: str | None, end: str | None, first: str | None, after: str | None
) -> None:
    at = to_instant(AT, PRAGUE)
    assert interval(window(text), at, PRAGUE) == Interval(ms(begin), ms(end))
    assert date_interval(window(text), at, PRAGUE) == DateInterval(day(first), day(after))


@pytest.mark.parametrize(
    ("text", "at", "first", "after"),
    [
        ("in last 1 month", "2024-03-31", "2024-03-01", "2024-04-01"),
        ("in last 1 month", "2024-03-29", "2024-02-29", "2024-03-30"),
        ("in next 1 month", "2024-01-31", "2024-01-31", "2024-03-01"),
        ("in next 1 month", "2024-01-29", "2024-01-29", "2024-03-01"),
        ("in next 1 month", "2024-02-01", "2024-02-01", "2024-03-02"),
        ("in last 1 year", "2024-02-29", "2023-03-01", "2024-03-01"),
    ],
)
def test_a_step_to_a_day_that_does_not_exist_ends_with_that_month(text: str, at: str, first: str, after: str) -> None:
    assert date_interval(window(text), to_instant(at, PRAGUE), PRAGUE) == DateInterval(day(first), day(after))


@pytest.mark.parametrize(
    ("first_weekday", "monday"), [(0, "2024-05-13"), (6, "2024-05-12"), (2, "2024-05-15"), (3, "2024-05-09")]
)
def test_weeks_begin_as_the_workspace_says(first_weekday: int, monday: str) -> None:
    found = date_interval(window("in this week"), to_instant(AT, PRAGUE), PRAGUE, first_weekday)
    assert found.begin == day(monday)


def test_a_calendar_day_of_a_changed_clock_is_23_or_25_hours() -> None:
    for text, hours in (("2024-03-31T12:00", 23), ("2024-10-27T12:00", 25), ("2024-05-15T12:00", 24)):
        found = interval(window("in today"), to_instant(text, PRAGUE), PRAGUE)
        assert found.begin is not None
        assert found.end is not None
        assert found.end - found.begin == hours * 3_600_000


def test_last_between_and_more_than_never_overlap_and_leave_no_gap() -> None:
    at = to_instant("2024-03-31T10:00", PRAGUE)
    near, middle, far = (
        interval(window(text), at, PRAGUE)
        for text in ("in last 1 month", "between 1 and 3 months ago", "more than 3 months ago")
    )
    assert middle.end == near.begin
    assert far.end == middle.begin


def test_the_calendar_has_no_period_of_an_hour() -> None:
    hour = tree.Window(tree.Calendar("previous", "hour", 2))
    with pytest.raises(NoSuchPeriod) as caught:
        interval(hour, 0, PRAGUE)
    assert caught.value.hint() == "write `last 2 hours` or `next 2 hours`"


# 15 May 2024 is 26 Ordibehesht 1403, the second month of the year; Ordibehesht has 31 days, Esfand 1402 had 29.
JALALI_CASES = [
    ("in last 1 month", "2024-04-14T12:00", "2024-05-15T12:00+", "2024-04-14", "2024-05-16"),
    ("in last 3 months", "2024-02-15T12:00", "2024-05-15T12:00+", "2024-02-15", "2024-05-16"),
    ("in last 1 quarter", "2024-02-15T12:00", "2024-05-15T12:00+", "2024-02-15", "2024-05-16"),
    ("in last 1 year", "2023-05-16T12:00", "2024-05-15T12:00+", "2023-05-16", "2024-05-16"),
    ("in next 1 month", "2024-05-15T12:00", "2024-06-15T12:00+", "2024-05-15", "2024-06-16"),
    ("in last 30 days", "2024-04-15T12:00", "2024-05-15T12:00+", "2024-04-15", "2024-05-16"),
    ("in last 4 weeks", "2024-04-17T12:00", "2024-05-15T12:00+", "2024-04-17", "2024-05-16"),
    ("in this week", "2024-05-13", "2024-05-20", "2024-05-13", "2024-05-20"),
    ("in this month", "2024-04-20", "2024-05-21", "2024-04-20", "2024-05-21"),
    ("in next month", "2024-05-21", "2024-06-21", "2024-05-21", "2024-06-21"),
    ("in previous month", "2024-03-20", "2024-04-20", "2024-03-20", "2024-04-20"),
    ("in previous 3 months", "2024-01-21", "2024-04-20", "2024-01-21", "2024-04-20"),
    ("in this quarter", "2024-03-20", "2024-06-21", "2024-03-20", "2024-06-21"),
    ("in previous quarter", "2023-12-22", "2024-03-20", "2023-12-22", "2024-03-20"),
    ("in this year", "2024-03-20", "2025-03-21", "2024-03-20", "2025-03-21"),
    ("in previous year", "2023-03-21", "2024-03-20", "2023-03-21", "2024-03-20"),
    ("more than 1 month ago", None, "2024-04-14T12:00", None, "2024-04-14"),
    ("between 1 and 2 months ago", "2024-03-16T12:00", "2024-04-14T12:00", "2024-03-16", "2024-04-14"),
    ("between 2024-01-01 and 2024-01-31", "2024-01-01", "2024-02-01", "2024-01-01", "2024-02-01"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "begin", "end", "first", "after"), JALALI_CASES, ids=[case[0] for case in JALALI_CASES]
)
def test_by_the_jalali_calendar_months_quarters_and_years_are_its_own(
    text: str, begin: str | None, end: str | None, first: str | None, after: str | None
) -> None:
    at = to_instant(AT, PRAGUE)
    named = window(f"{text} by jalali calendar")
    assert interval(named, at, PRAGUE) == Interval(ms(begin), ms(end))
    assert date_interval(named, at, PRAGUE) == DateInterval(day(first), day(after))
    assert interval(window(text), at, PRAGUE, calendar="jalali") == Interval(ms(begin), ms(end))
    back = window(f"{text} by gregorian calendar")
    assert interval(back, at, PRAGUE, calendar="jalali") == interval(window(text), at, PRAGUE)
    assert date_interval(back, at, PRAGUE, calendar="jalali") == date_interval(window(text), at, PRAGUE)


@pytest.mark.parametrize(
    ("text", "at", "first", "after"),
    [
        ("in last 1 month", "2024-09-21", "2024-08-21", "2024-09-22"),  # 31 Shahrivar, 31 Mordad
        ("in last 1 month", "2024-10-21", "2024-09-20", "2024-10-22"),  # 30 Mehr, 30 Shahrivar
        ("in last 6 months", "2024-09-21", "2024-03-20", "2024-09-22"),  # 31 Shahrivar; Esfand had 29 days
        ("in last 1 year", "2025-03-20", "2024-03-20", "2025-03-21"),  # 30 Esfand 1403; 1402 had none
        ("in next 1 month", "2024-09-21", "2024-09-21", "2024-10-22"),  # 31 Shahrivar; Mehr ends on the 30th
    ],
)
def test_a_step_to_a_day_that_the_jalali_month_has_not_ends_with_that_month(
    text: str, at: str, first: str, after: str
) -> None:
    found = date_interval(window(f"{text} by jalali calendar"), to_instant(at, PRAGUE), PRAGUE)
    assert found == DateInterval(day(first), day(after))


lengths = st.builds(
    tree.Length, st.integers(1, 40), st.sampled_from(["hour", "day", "week", "month", "quarter", "year"])
)
instants = st.integers(to_instant("1995-01-01", PRAGUE), to_instant("2035-01-01", PRAGUE))
periods = st.one_of(
    st.builds(tree.Rolling, st.sampled_from(["last", "next"]), lengths),
    st.builds(tree.MoreThanAgo, lengths),
    st.builds(
        lambda near, more, unit: tree.BetweenAgo(near, near + more, unit),
        st.integers(1, 20),
        st.integers(1, 20),
        st.sampled_from(["hour", "day", "month", "quarter", "year"]),
    ),
    st.builds(
        tree.Calendar, st.sampled_from(["this", "next"]), st.sampled_from(["day", "week", "month", "quarter", "year"])
    ),
    st.builds(lambda unit, many: tree.Calendar("previous", unit, many),
              st.sampled_from(["day", "week", "month", "quarter", "year"]), st.integers(1, 9)),
    st.builds(tree.NamedDay, st.sampled_from(["today", "yesterday", "tomorrow"])),
)  # fmt: skip
zones = st.sampled_from(["Europe/Prague", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Casablanca", "Asia/Tehran"])


@given(periods, instants, st.integers(0, 3 * 86_400_000), zones, st.sampled_from(["gregorian", "jalali"]))
def test_no_edge_of_a_window_moves_back(
    period: tree.Period, at: int, later: int, zone: str, calendar: Literal["gregorian", "jalali"]
) -> None:
    seen = tree.Window(period, calendar=calendar)
    one, other = (edges(seen, moment, ZoneInfo(zone)) for moment in (at, at + later))
    assert all(first <= second for first, second in zip(one, other, strict=True))


def edges(seen: tree.Window, at: int, zone: ZoneInfo) -> list[int]:
    """Begin and end as instants and as days, where there are any."""
    instants, days = interval(seen, at, zone), date_interval(seen, at, zone)
    found = [edge for edge in (instants.begin, instants.end) if edge is not None]
    return found + [edge.toordinal() for edge in (days.begin, days.end) if edge is not None]


@given(instants, st.integers(-900, 900), st.integers(1, 20))
def test_a_date_enters_and_leaves_a_window_of_days_once(at: int, offset: int, months: int) -> None:
    rolling = tree.Window(tree.Rolling("last", tree.Length(months, "month")))
    begin = date(2024, 5, 15) + timedelta(days=offset)
    inside = [date_interval(rolling, at + step * 86_400_000, PRAGUE).holds(begin) for step in range(-40, 41)]
    assert sum(one != other for one, other in pairwise(inside)) <= 2
