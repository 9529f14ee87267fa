"""`anniversary(birth_date)`, by both back ends: a date that comes back every year (rule 22)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from intarsia.clock import CalendarName, anniversary
from intarsia.engine.sql.anniversaries import celebrated
from intarsia.language.meaning.windows import DateInterval
from tests.engine.shop import Shop, order, said

BORN = {
    "today": "1990-05-15",
    "week": "1985-05-22",
    "after": "1985-05-23",
    "yesterday": "2000-05-14",
    "midnight": "1970-05-15T23:59:00-11:00",
    "folded": "۱۹۹۰-۰۵-۱۶",
    "leap": "2000-02-29",
    "february": "2001-02-28",
    "march": "2001-03-01",
    "now": "2024-05-15",
    "soon": "2024-05-20",
    "last": "2023-05-20",
    "ancient": "0001-05-20",
    "text": "20 May",
    "number": 19900520,
}
PEOPLE = [*(said(name, birth_date=value) for name, value in BORN.items()), order("stranger")]
WITH_A_DAY = set(BORN) - {"text", "number"}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return Shop(tmp_path_factory.mktemp("born"), PEOPLE)


@pytest.mark.parametrize(
    ("test", "at", "expected"),
    [
        ("in next 7 days", "2024-05-15", "today week midnight folded last ancient"),
        ("in last 1 day", "2024-05-15", "today yesterday midnight"),
        ("in today", "2024-05-15T23:59:59.999", "today midnight"),
        ("in today", "2025-05-15", "today midnight now"),
        ("on 2024-05-14", "2024-05-15", "yesterday"),
        ("on 1970-05-15", "2024-05-15", ""),
        ("on 1991-05-15", "2024-05-15", "today midnight"),
        ("between 2024-05-22 and 2024-05-23", "2024-05-15", "week after"),
        ("between 2024-05-16 and 2025-05-14", "2024-05-15", "week after yesterday folded leap february march last"
         " ancient"),
        ("between 1970-05-16 and 2100-05-14", "2024-05-15", "today week after yesterday midnight folded leap february"
         " march now soon last ancient"),
        ("between 0001-01-01 and 0002-05-20", "2024-05-15", "ancient"),
        ("in next month", "2024-01-31", "leap february"),
        ("in next month", "2025-01-31", "leap february"),
        ("on 2023-02-28", "2024-05-15", "leap february"),
        ("on 2024-02-28", "2024-05-15", "february"),
        ("on 2024-02-29", "2024-05-15", "leap"),
        ("on 2023-03-01", "2024-05-15", "march"),
        ("in next 24 hours", "2024-05-15T10:00", "folded"),
        ("in last 11 hours", "2024-05-15T10:00", "today midnight"),
        ("between 1 and 2 years ago", "2024-05-15", "today week after yesterday midnight folded leap february march"
         " ancient"),
        ("is known", "2024-05-15", " ".join(sorted(WITH_A_DAY))),
    ],
)  # fmt: skip
def test_the_day_comes_back_every_year(shop: Shop, test: str, at: str, expected: str) -> None:
    assert shop.who(f"anniversary(birth_date) {test}", at=at) == set(expected.split())


def test_whoever_has_no_day_has_no_anniversary(shop: Shop) -> None:
    assert shop.who("anniversary(birth_date) is unknown") == {"text", "number", "stranger"}
    assert shop.who("not anniversary(birth_date) in next 7 days") == {*BORN, "stranger"} - {
        *("today", "week", "midnight", "folded", "last", "ancient")
    }


def test_the_day_may_lie_inside_an_object_and_be_any_trait(tmp_path: Path) -> None:
    people = [said("ada", wedding={"day": "2010-05-20"}, contract_ends="2020-05-16"), said("ben", wedding="2010-05-20")]
    shop = Shop(tmp_path, people)
    assert shop.who("anniversary(wedding.day) in next 7 days") == {"ada"}
    assert shop.who("anniversary(contract_ends) in tomorrow") == {"ada"}


def test_by_the_jalali_calendar_it_is_the_day_of_that_calendar(tmp_path: Path) -> None:
    people = [
        said("leap", birth_date="2021-03-20"),  # 30 Esfand 1399
        said("eve", birth_date="1998-03-20"),  # 29 Esfand 1376
        said("nowruz", birth_date="1996-03-20"),  # 1 Farvardin 1375
        said("spring", birth_date="1990-03-21"),  # 1 Farvardin 1369
        said("may", birth_date="1989-05-15"),  # 25 Ordibehesht 1368, of which 2024 has the 14th of May
    ]
    shop = Shop(tmp_path / "g", people)
    jalali = Shop(tmp_path / "j", people, calendar="jalali")
    for ask, suffix in ((shop, " by jalali calendar"), (jalali, "")):
        # 29 Esfand 1402 is 19 March 2024, and 1403 begins on the 20th.
        assert ask.who(f"anniversary(birth_date) on 2024-03-19{suffix}") == {"leap", "eve"}
        assert ask.who(f"anniversary(birth_date) on 2024-03-20{suffix}") == {"nowruz", "spring"}
        # 30 Esfand 1403 is 20 March 2025.
        assert ask.who(f"anniversary(birth_date) on 2025-03-20{suffix}") == {"leap"}
        assert ask.who(f"anniversary(birth_date) in yesterday{suffix}", at="2024-05-15") == {"may"}
    assert shop.who("anniversary(birth_date) on 2024-03-20") == {"leap", "eve", "nowruz"}
    assert jalali.who("anniversary(birth_date) on 2024-03-20 by gregorian calendar") == {"leap", "eve", "nowruz"}
    assert jalali.who("age = 28", at="2024-03-20") == {"nowruz"}
    assert jalali.who("age = 27", at="2024-03-19") == {"nowruz"}
    assert shop.who("age = 27", at="2024-03-19") == {"nowruz"}
    assert jalali.who("age = 35", at="2024-05-14") == {"may"}
    assert shop.who("age = 34", at="2024-05-14") == {"may", "spring"}


def test_in_local_time_today_is_the_persons(tmp_path: Path) -> None:
    people = [
        said("prague", birth_date="1990-05-15"),
        said("apia", birth_date="1990-05-16", timezone="Pacific/Apia"),
        said("pago", birth_date="1990-05-14", timezone="Pacific/Pago_Pago"),
    ]
    shop = Shop(tmp_path, people)
    assert shop.who("anniversary(birth_date) in today in local time", at="2024-05-15T12:30") == {"prague", "pago"}
    assert shop.who("anniversary(birth_date) in today", at="2024-05-15T12:30") == {"prague"}
    assert shop.who("anniversary(birth_date) in today in local time", at="2024-05-15T13:00") == {"prague", "apia"}


@pytest.mark.parametrize("calendar", ["gregorian", "jalali"])
@pytest.mark.parametrize("length", [0, 1, 2, 31, 365, 366, 800])
def test_the_spans_of_days_are_those_that_have_an_anniversary_in_the_window(
    calendar: CalendarName, length: int
) -> None:
    for begin in (date(2023, 2, 27), date(2024, 2, 28), date(2025, 3, 20), date(2024, 5, 15)):
        window = DateInterval(begin, date.fromordinal(begin.toordinal() + length))
        spans = celebrated(window, calendar)
        for ordinal in range(date(2019, 1, 1).toordinal(), date(2027, 1, 1).toordinal()):
            day = date.fromordinal(ordinal)
            celebrations = (anniversary(day, years, calendar) for years in range(1, 9))
            expected = any(window.holds(found) for found in celebrations if found)
            assert any(first <= day < after for first, after in spans) is expected, (day, window)
