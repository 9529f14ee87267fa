"""Windows by another clock and another calendar, by both back ends (rules 20 and 21)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.engine.shop import Shop, message, order, said, track

# At noon of 15 May in Prague, 10:00 UTC, it is 23:00 in Apia, midnight in Kiritimati, 23:00 of the 14th in Pago Pago.
ZONES: dict[str, dict[str, Any]] = {
    "prague": {},
    "apia": {"timezone": "Pacific/Apia"},
    "kiritimati": {"timezone": "Pacific/Kiritimati"},
    "pago": {"timezone": "Pacific/Pago_Pago"},
    "tehran": {"city": "تهران", "country": "IR"},
    "stated": {"timezone": "Pacific/Apia", "city": "Praha"},
    "wrong": {"timezone": "Praha", "city": "Auckland"},
    "number": {"timezone": 5},
}
YESTERDAY_IN_PRAGUE = "2024-05-14T21:30:00Z"  # in Tehran and farther east the 15th already
PEOPLE = [
    *(said(name, "2024-01-01", tier="gold", **traits) for name, traits in ZONES.items()),
    *(track(name, "Product Viewed", YESTERDAY_IN_PRAGUE, seen="2024-05-15T11:30:00Z") for name in ZONES),
    *(order(name, YESTERDAY_IN_PRAGUE, total=100, order_id=name) for name in ZONES),
]
EVERYBODY = set(ZONES)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return Shop(tmp_path_factory.mktemp("zones"), PEOPLE)


EAST = {"apia", "stated", "tehran", "wrong"}
"""Where 21:30 UTC of the 14th is the 15th already, and noon of the 15th in Prague is still the 15th."""
TODAY = {*EAST, "pago"}
"""Where both are on one day: in Pago Pago both are on the 14th, in Kiritimati on the 15th and the 16th."""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("did view in today in local time", TODAY),
        ("did view in today", set()),
        ("did view in yesterday in local time", {"kiritimati", "number", "prague"}),
        ("did view in last 1 day in local time", EVERYBODY),
        ("did view on 2024-05-15 in local time", {*EAST, "kiritimati"}),
        ("did view before 2024-05-15T09:30 in local time", EVERYBODY - {"apia", "stated", "kiritimati", "wrong"}),
        ("did view before 2024-05-15T09:30Z in local time", EVERYBODY),
        ("never view in today in local time", EVERYBODY - TODAY),
        ("count(view, today in local time) = 1", TODAY),
        ("sum(order.total, today in local time) = 100", TODAY),
        ("last(order.total, today in local time) = 100", TODAY),
        ("last(order) in today in local time", TODAY),
        ("first view in today in local time had (seen is known)", TODAY),
        ("did view where (seen in today in local time)", {"kiritimati", "number", "prague", "tehran", "wrong"}),
        ("did view where (seen in tomorrow in local time) in last 1 day", {"apia", "pago", "stated"}),
        ("top 3 by count(view, today in local time)", {"apia", "pago", "stated"}),
    ],
)
def test_the_day_is_the_persons_own(shop: Shop, text: str, expected: set[str]) -> None:
    assert shop.who(text) == expected


def test_dates_and_times_of_traits_go_by_the_persons_day(tmp_path: Path) -> None:
    zones = {"prague": None, "apia": "Pacific/Apia", "pago": "Pacific/Pago_Pago"}
    people = [
        *(said(f"{name}-{day}", "2024-01-01", timezone=zone, renewal=f"2024-05-{day}")
          for name, zone in zones.items() for day in (14, 15, 16)),
        *(said(f"{name}-at", "2024-01-01", timezone=zone, renewal="2024-05-15T10:30:00Z")
          for name, zone in zones.items()),
    ]  # fmt: skip
    shop = Shop(tmp_path, people)
    # At 13:00 in Prague it is midnight between the 15th and 16th in Apia, and the 15th has just begun in Pago Pago.
    at = "2024-05-15T13:00"
    assert shop.who("renewal in today in local time", at=at) == {"prague-15", "prague-at", "apia-16", "pago-15"}
    assert shop.who("renewal in today", at=at) == {*(f"{name}-15" for name in zones), *(f"{name}-at" for name in zones)}
    assert shop.who("renewal in yesterday in local time", at=at) == {
        "prague-14",
        "apia-15",
        "apia-at",
        "pago-14",
        "pago-at",
    }
    assert shop.who("renewal in last 6 hours in local time", at=at) == {
        "apia-16",
        "pago-15",
        *(f"{n}-at" for n in zones),
    }
    assert shop.who("renewal since 2024-05-16 in local time", at=at) == {"prague-16", "apia-16", "pago-16"}
    assert shop.who("renewal more than 1 day ago in local time", at=at) == {"apia-14"}


def test_the_zone_is_that_of_the_question_not_of_the_event(tmp_path: Path) -> None:
    shop = Shop(
        tmp_path,
        [
            said("ada", "2024-01-01", timezone="Pacific/Apia"),
            said("ada", "2024-05-15T11:00", timezone="Europe/Prague"),
            track("ada", "Product Viewed", YESTERDAY_IN_PRAGUE),
        ],
    )
    assert shop.who("did view in today in local time", at="2024-05-15T10:59:59") == {"ada"}
    assert shop.who("did view in today in local time", at="2024-05-15T11:00") == set()


def test_a_segment_in_local_time_may_be_named_by_another(shop: Shop) -> None:
    segments = {"new": "did view in today in local time", "old": "did view in yesterday in local time"}
    text = "in segment 'new' or in segment 'old' and did order in yesterday in local time"
    assert shop.who(text, segments=segments) == TODAY | {"kiritimati", "number", "prague"}


# --- calendars


def test_the_jalali_calendar_has_its_own_months(tmp_path: Path) -> None:
    # 15 May 2024 is 26 Ordibehesht 1403. Ordibehesht began on 20 April, Farvardin on 20 March, Esfand on 20 February.
    days = (
        "2024-02-19",
        "2024-02-20",
        "2024-03-19",
        "2024-03-20",
        "2024-04-13",
        "2024-04-14",
        "2024-04-19",
        "2024-04-20",
    )
    people = [message(day, "page", f"{day}T12:00", name="home") for day in days]
    people += [said(day, "2024-02-01", seen=day) for day in days]
    expected = {
        "in this month": days[7:],
        "in previous month": days[3:7],
        "in previous 2 months": days[1:7],
        "in this quarter": days[3:],
        "in previous quarter": days[:3],
        "in this year": days[3:],
        "in previous year": days[:3],
        "in last 1 month": days[5:],
        "more than 1 month ago": days[:5],
        "between 1 and 2 months ago": days[2:5],
        "in this week": (),
        "in last 25 days": days[7:],
    }
    plain, jalali = Shop(tmp_path / "g", people), Shop(tmp_path / "j", people, calendar="jalali")
    for window, found in expected.items():
        for value in ("did page", "seen"):
            assert plain.who(f"{value} {window} by jalali calendar") == set(found), window
            assert jalali.who(f"{value} {window}") == set(found), window
            gregorian = plain.who(f"{value} {window}")
            assert jalali.who(f"{value} {window} by gregorian calendar") == gregorian, window
    assert plain.who("did page in previous month") == set(days[4:])
