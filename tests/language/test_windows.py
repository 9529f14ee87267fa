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
from intarsia.errors import Bug
from intarsia.language import tree
from intarsia.language.parse import parse
from intarsia.language.windows import DateInterval, Interval, NoSuchPeriod, date_interval, interval

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


def test_another_calendar_is_not_taken_for_this_one() -> None:
    with pytest.raises(Bug):
        interval(tree.Window(tree.NamedDay("today"), calendar="jalali"), 0, PRAGUE)


lengths = st.builds(
    tree.Length, st.integers(1, 40), st.sampled_from(["hour", "day", "week", "month", "quarter", "year"])
)
instants = st.integers(to_instant("1995-01-01", PRAGUE), to_instant("2035-01-01", PRAGUE))


@given(lengths, instants, st.integers(0, 3 * 86_400_000), st.sampled_from(["last", "next"]))
def test_no_edge_of_a_window_of_days_moves_back(
    length: tree.Length, at: int, later: int, direction: Literal["last", "next"]
) -> None:
    rolling = tree.Window(tree.Rolling(direction, length))
    one, other = (date_interval(rolling, moment, PRAGUE) for moment in (at, at + later))
    assert one.begin is not None
    assert other.begin is not None
    assert one.end is not None
    assert other.end is not None
    assert one.begin <= other.begin
    assert one.end <= other.end


@given(instants, st.integers(-900, 900), st.integers(1, 20))
def test_a_date_enters_and_leaves_a_window_of_days_once(at: int, offset: int, months: int) -> None:
    rolling = tree.Window(tree.Rolling("last", tree.Length(months, "month")))
    begin = date(2024, 5, 15) + timedelta(days=offset)
    inside = [date_interval(rolling, at + step * 86_400_000, PRAGUE).holds(begin) for step in range(-40, 41)]
    assert sum(one != other for one, other in pairwise(inside)) <= 2
