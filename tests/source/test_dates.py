from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from intarsia.source.dates import is_day_first, is_unclear, read_date

MARCH = date(2024, 3, 4)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-03-04", MARCH),
        ("2024/3/4", MARCH),
        ("20240304", MARCH),
        ("4.3.2024", MARCH),
        ("04. 03. 2024".replace(" ", ""), MARCH),
        ("4 March 2024", MARCH),
        ("4-Mar-2024", MARCH),
        ("Mar 4, 2024", MARCH),
        ("۲۰۲۴-۰۳-۰۴", MARCH),
        ("2024-03-04 05:06", datetime.fromisoformat("2024-03-04T05:06")),
        ("2024-03-04T05:06:07.123456789Z", datetime(2024, 3, 4, 5, 6, 7, 123456, UTC)),
        ("2024-03-04 05:06:07 +02:00", datetime(2024, 3, 4, 5, 6, 7, tzinfo=timezone(timedelta(hours=2)))),
        ("4.3.2024 5:06", datetime.fromisoformat("2024-03-04T05:06")),
        ("31/12/2024 11:30 PM", datetime.fromisoformat("2024-12-31T23:30")),
        ("12/31/24 12:30 AM", datetime.fromisoformat("2024-12-31T00:30")),
        ("31/12/69", date(1969, 12, 31)),
    ],
)
def test_dates_are_read_as_files_write_them(text: str, expected: date) -> None:
    assert read_date(text, day_first=None) == expected


def test_a_date_that_could_be_either_goes_by_what_is_said() -> None:
    assert read_date("03/04/2024", day_first=True) == date(2024, 4, 3)
    assert read_date("03/04/2024", day_first=False) == MARCH
    assert read_date("03/04/2024", day_first=None) is None
    assert is_unclear("03/04/2024")
    assert not is_unclear("04/04/2024")


@pytest.mark.parametrize("text", ["", "soon", "2024-02-30", "31/31/2024", "2024-13-01", "1/2/3", "2024-01-01 25:00"])
def test_what_is_no_date_is_none(text: str) -> None:
    assert read_date(text, day_first=True) is None


def test_seconds_and_milliseconds_since_1970_are_dates_only_where_asked() -> None:
    assert read_date("1700000000", day_first=None) is None
    assert read_date("1700000000", day_first=None, has_epochs=True) == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    assert read_date("1700000000123", day_first=None, has_epochs=True) == datetime(
        2023, 11, 14, 22, 13, 20, 123000, UTC
    )


def test_the_order_of_day_and_month_shows_where_one_is_above_twelve() -> None:
    assert [is_day_first(text) for text in ("31/01/2024", "01/31/2024", "01/02/2024", "31.01.2024")] == [
        True,
        False,
        None,
        None,
    ]
