"""Reading and printing of instants and dates."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from intarsia.clock import FIRST, LAST, NotATime, local_date, parse_date, parse_instant, to_instant, to_iso

PRAGUE = ZoneInfo("Europe/Prague")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-01-31T10:00:00Z", "2024-01-31T10:00:00.000Z"),
        ("2024-01-31T10:00Z", "2024-01-31T10:00:00.000Z"),
        ("2024-01-31 10:00:00.5Z", "2024-01-31T10:00:00.500Z"),
        ("2024-01-31T10:00:00.1239999Z", "2024-01-31T10:00:00.123Z"),
        ("1969-12-31T23:59:59.9999Z", "1969-12-31T23:59:59.999Z"),
        ("2024-01-31T10:00:00+05:45", "2024-01-31T04:15:00.000Z"),
        ("2024-01-31T10:00:00-0330", "2024-01-31T13:30:00.000Z"),
        ("2024-01-31T10:00:00+01", "2024-01-31T09:00:00.000Z"),
        ("2024-01-31T10:00:00", "2024-01-31T09:00:00.000Z"),
        ("2024-07-31T10:00:00", "2024-07-31T08:00:00.000Z"),
        ("2024-03-31T02:30:00", "2024-03-31T01:00:00.000Z"),
        ("2024-10-27T02:30:00", "2024-10-27T00:30:00.000Z"),
        ("2024-01-31", "2024-01-30T23:00:00.000Z"),
    ],
)
def test_a_text_names_an_instant_in_the_zone_where_it_has_no_offset(text: str, expected: str) -> None:
    assert to_iso(to_instant(text, PRAGUE)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "", "yesterday", "2024-02-30", "2024-1-31", "2024-01-31T", "2024-01-31T25:00", "2024-01-31T10:60", "20240131",
        "2024-01-31T10:00:00 Z", "2024-01-31T10:00+25:00", "2024-01-31T10:00+01:60", "2024-01-31T10:00:00,5",
        " 2024-01-31", "2024-01-31\n", "0000-01-01", "9999-12-31T23:00:00-05:00", "٢٠٢٤-٠١-٣١",
    ],
)  # fmt: skip
def test_what_is_no_time_is_refused_with_a_hint(text: str) -> None:
    with pytest.raises(NotATime) as caught:
        to_instant(text, PRAGUE)
    assert caught.value.code == "clock.not-a-time"
    assert "2026-01-31" in str(caught.value.hint())


def test_a_datetime_is_cut_to_the_millisecond() -> None:
    moment = datetime(2024, 1, 31, 10, 0, 0, 123_999, tzinfo=timezone(timedelta(hours=2)))
    assert to_iso(to_instant(moment, PRAGUE)) == "2024-01-31T08:00:00.123Z"
    assert to_instant(moment.astimezone(UTC), PRAGUE) == to_instant(moment, PRAGUE)


def test_a_datetime_without_offset_is_of_the_zone() -> None:
    assert to_iso(to_instant(datetime.combine(date(2024, 1, 31), time(10)), PRAGUE)) == "2024-01-31T09:00:00.000Z"


def test_a_date_is_the_begin_of_its_day() -> None:
    assert to_instant(date(2024, 1, 31), PRAGUE) == to_instant("2024-01-31T00:00", PRAGUE)


def test_a_date_alone_is_no_instant_and_an_instant_no_date() -> None:
    assert parse_instant("2024-01-31", PRAGUE) is None
    assert parse_date("2024-01-31T10:00") is None


def test_the_day_of_an_instant_is_the_zones() -> None:
    assert local_date(to_instant("2024-01-31T23:30Z", PRAGUE), PRAGUE) == date(2024, 2, 1)


def test_printing_and_reading_are_inverse_to_the_ends_of_time() -> None:
    for instant in (FIRST, -1, 0, 1, 1_706_695_200_123, LAST):
        assert to_instant(to_iso(instant), PRAGUE) == instant


def test_the_last_date_is_readable_in_every_zone() -> None:
    for zone in (PRAGUE, ZoneInfo("Pacific/Kiritimati"), ZoneInfo("Etc/GMT+12")):
        assert FIRST <= to_instant("0001-01-01", zone) < to_instant("9999-12-31", zone) <= LAST
