from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from intarsia.jalali import jalali
from intarsia.speech import LANGUAGES, Speech

PRAGUE = ZoneInfo("Europe/Prague")
THIN, HARD = "\u202f", "\u00a0"


@pytest.mark.parametrize(
    ("language", "number", "percent"),
    [
        ("en", "1,234,567.5", "12.3%"),
        ("ru", f"1{HARD}234{HARD}567,5", f"12,3{HARD}%"),
        ("pl", f"1{HARD}234{HARD}567,5", "12,3%"),
        ("cs", f"1{HARD}234{HARD}567,5", f"12,3{HARD}%"),
        ("fa", "۱٬۲۳۴٬۵۶۷٫۵", "۱۲٫۳٪"),
    ],
)
def test_numbers_are_written_as_the_language_writes_them(language: str, number: str, percent: str) -> None:
    assert Speech(language).number(1234567.5, 1) == number
    assert Speech(language).percent(0.1234) == percent


def test_a_share_that_is_not_nothing_is_not_told_as_nothing() -> None:
    assert Speech().percent(0.0002) == "< 0.1%"
    assert Speech().percent(0) == "0.0%"
    assert Speech().percent(-0.05) == "-5.0%"
    assert Speech().percent(0.004, 0) == "< 1%"


def test_amounts_are_of_minor_units() -> None:
    assert Speech().money(123_456, "USD") == "$1,234.56"
    assert Speech().money(-150, "USD", is_rounded=True) == "-$2"
    assert Speech().money(1_234, "JPY", 0) == "¥1,234"
    assert Speech("cs").money(123_456, "CZK") == f"1{HARD}234,56{HARD}Kč"
    assert Speech("cs").money(123_456, "CZK", is_rounded=True) == f"1{HARD}235{HARD}Kč"
    assert Speech("fa").money(123_456, "EUR").endswith("۱٬۲۳۴٫۵۶")


@pytest.mark.parametrize(
    ("day", "found"),
    [
        (date(1979, 2, 11), (1357, 11, 22)),
        (date(2017, 3, 20), (1395, 12, 30)),  # the last day of a leap year
        (date(2018, 1, 1), (1396, 10, 11)),
        (date(2024, 3, 20), (1403, 1, 1)),
        (date(2025, 3, 21), (1404, 1, 1)),
    ],
)
def test_jalali_days_are_those_of_the_calendar_of_iran(day: date, found: tuple[int, int, int]) -> None:
    assert jalali(day) == found


def test_each_jalali_day_follows_the_one_before() -> None:
    days = [jalali(date(1990, 1, 1) + timedelta(days=number)) for number in range(20_000)]
    assert all(earlier < later for earlier, later in pairwise(days))
    assert {number for _, _, number in days} == set(range(1, 32))


def test_times_are_told_in_the_zone_with_its_name() -> None:
    moment = datetime(2018, 1, 1, 5, tzinfo=UTC)
    assert Speech("cs").instant(moment, PRAGUE) == "1. 1. 2018, 06:00 SEČ"
    assert Speech("fa").instant(moment, PRAGUE).startswith("۱۱ دی ۱۳۹۶، ۰۶:۰۰")


def test_month_ends_are_short() -> None:
    assert Speech().month_end(date(2017, 12, 31)) == "Dec"
    assert Speech("fa").month_end(date(2017, 12, 31)) == "۱۰ دی"


@pytest.mark.parametrize("language", LANGUAGES)
def test_plural_forms_have_their_count(language: str) -> None:
    one, many = "{count} order or refund", "{count} orders or refunds"
    assert Speech(language).number(5) in Speech(language).say_many(one, many, 5)
