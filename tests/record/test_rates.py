"""The rates of a workspace: kept for good, filled on request, missed where they are needed (rule 29)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import intarsia
from intarsia.clock import to_instant
from intarsia.errors import UserError
from intarsia.workspace import Workspace
from tests.engine.shop import order, refund, said, track

DAY = {number: date(2024, 5, number) for number in range(1, 31)}


class Clock:
    """A clock that stands until it is set."""

    at = "2024-05-15T12:00:00Z"

    def __call__(self) -> int:
        return to_instant(self.at, ZoneInfo("UTC"))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ws(tmp_path: Path, clock: Clock) -> Iterator[Workspace]:
    with intarsia.create(tmp_path / "shop", clock=clock, timezone="Europe/Prague", currency="CZK", threads=1) as made:
        yield made


def known(ws: Workspace, currency: str = "EUR") -> dict[int, str]:
    """The rates that count, by the day of May."""
    return {found.day.day: str(found.rate) for found in ws.rates.all(currency)}


def give(ws: Workspace, *rates: tuple[int, str, str], fill: int = 0, source: str = "me") -> Any:
    """Take rates by the day of May."""
    given = [(DAY[day], currency, Decimal(rate)) for day, currency, rate in rates]
    return ws.rates.record(given, source=source, fill=fill)


# --- what is kept


def test_a_later_rate_replaces_one_from_then_on(ws: Workspace, clock: Clock) -> None:
    ws.record([order("ada", "2024-05-01", total=10, currency="EUR")])
    first = give(ws, (1, "EUR", "25"), (2, "EUR", "24"))
    assert (first.recorded, first.changed, first.unchanged) == (2, 0, 0)
    clock.at = "2024-05-16T12:00:00Z"
    second = give(ws, (1, "EUR", "26"), (2, "EUR", "24"))
    assert (second.recorded, second.changed, second.unchanged) == (1, 1, 1)
    assert known(ws) == {1: "26", 2: "24"}
    for known_at, total in (("2024-05-15T12:00:00Z", 250), ("2024-05-16T11:59:59Z", 250), (None, 260)):
        assert ws.segments.count(f"sum(order.total) = {total}", "2024-05-17", known_at).size == 1
    assert ws.segments.count("sum(order.total) is known", "2024-05-17", "2024-05-15T11:59:59Z").size == 0


def test_of_one_instant_the_last_given_counts(ws: Workspace) -> None:
    give(ws, (1, "EUR", "25"))
    give(ws, (1, "EUR", "27"))
    assert known(ws) == {1: "27"}


def test_a_rate_is_kept_with_fifteen_digits(ws: Workspace) -> None:
    give(ws, (1, "EUR", "25.1234567890123456789"), (1, "IRR", "0.0000219001"), (1, "XAU", "0.0000000000000000015"))
    assert {found.currency: found.to_json()["rate"] for found in ws.rates.all()} == {
        "EUR": "25.1234567890123",
        "IRR": "0.0000219001",
        "XAU": "0.000000000000000002",
    }


@pytest.mark.parametrize(
    ("currency", "rate", "code"),
    [
        ("EUR", "0", "record.bad-rate"),
        ("EUR", "-1", "record.bad-rate"),
        ("EUR", "NaN", "record.bad-rate"),
        ("EUR", "1000000000", "record.bad-rate"),
        ("EUR", "0.0000000000000000001", "record.bad-rate"),
        ("CZK", "1", "record.bad-rate"),
        ("eur", "1", "record.bad-currency"),
        ("EURO", "1", "record.bad-currency"),
    ],
)
def test_what_is_no_rate_is_refused_and_nothing_kept(ws: Workspace, currency: str, rate: str, code: str) -> None:
    with pytest.raises(UserError) as refused:
        give(ws, (1, "USD", "23"), (1, currency, rate))
    assert refused.value.code == code
    assert ws.rates.all() == []


# --- gaps


def test_short_gaps_are_filled_and_marked_so(ws: Workspace, clock: Clock) -> None:
    clock.at = "2024-05-08T12:00:00Z"
    taken = give(ws, (3, "EUR", "25"), (6, "EUR", "26"), fill=2, source="ECB")
    # The weekend of 4 and 5 May, and up to today.
    assert taken.filled == 4
    assert known(ws) == {3: "25", 4: "25", 5: "25", 6: "26", 7: "26", 8: "26"}
    sources = {found.day.day: found.source for found in ws.rates.all()}
    assert sources[4] == sources[5] == "ECB, filled from 2024-05-03"
    assert sources[6] == "ECB"


def test_a_gap_that_is_longer_is_left_as_it_is(ws: Workspace, clock: Clock) -> None:
    clock.at = "2024-05-15T12:00:00Z"
    assert give(ws, (3, "EUR", "25"), (7, "EUR", "26"), fill=2).filled == 0
    assert known(ws) == {3: "25", 7: "26"}


def test_a_gap_before_a_later_file_is_filled_and_a_late_rate_replaces_what_filled_it(
    ws: Workspace, clock: Clock
) -> None:
    clock.at = "2024-05-03T12:00:00Z"
    give(ws, (3, "EUR", "25"), fill=4)
    clock.at = "2024-05-06T12:00:00Z"
    assert give(ws, (6, "EUR", "26"), fill=4).filled == 2
    assert give(ws, (4, "EUR", "30"), fill=4).changed == 1
    assert known(ws) == {3: "25", 4: "30", 5: "25", 6: "26"}


# --- what is missing


def missing(found: Sequence[Any]) -> list[tuple[str, str, int, int]]:
    return [(one.currency, one.day.isoformat(), one.events, one.people) for one in found]


def test_missing_rates_are_told_by_currency_and_day(ws: Workspace) -> None:
    ws.record(
        [
            order("ada", "2024-05-01T12:00", total=10, currency="EUR"),
            order("ada", "2024-05-01T13:00", total=10, currency="EUR"),
            order("ben", "2024-05-01T23:59:59.999", total=10, currency="eur"),
            order("ben", "2024-05-02", order_id="2", total=10, currency="EUR"),
            refund("ben", "2024-05-04", order_id="2", total=1),
            order("cyd", "2024-05-03", total=10, currency="USD"),
            order("cyd", "2024-05-03", {"sku": "A", "price": 5, "quantity": 1}, currency="CHF"),
            track("dan", "Product Viewed", "2024-05-05", price=5, currency="gbp"),
            track("dan", "Product Viewed", "2024-05-05", price="dear", currency="PLN"),
            order("eve", "2024-05-03", total=10),
            order("eve", "2024-05-03", total=10, currency="czk"),
        ]
    )
    give(ws, (2, "EUR", "24"))
    assert missing(ws.rates.missing()) == [
        ("CHF", "2024-05-03", 1, 1),
        ("EUR", "2024-05-01", 3, 2),
        ("EUR", "2024-05-04", 1, 1),
        ("GBP", "2024-05-05", 1, 1),
        ("USD", "2024-05-03", 1, 1),
    ]


def test_a_count_says_which_rates_it_would_have_needed(ws: Workspace) -> None:
    ws.record(
        [
            order("ada", "2024-05-01", total=10, currency="EUR"),
            order("ben", "2024-05-02", total=10, currency="USD", coupon="A"),
            order("cyd", "2024-04-01", total=10, currency="EUR"),
            refund("cyd", "2024-05-03", total=10, currency="GBP"),
            said("dan", city="Brno"),
        ]
    )
    give(ws, (9, "EUR", "24"))

    def of(text: str) -> list[tuple[str, str, int, int]]:
        return missing(ws.segments.count(text, "2024-05-15T12:00").missing_rates)

    assert of("city = 'Brno' and count(order) = 0") == []
    assert of("sum(order.total, last 30 days) > 5") == [
        ("EUR", "2024-05-01", 1, 1),
        ("GBP", "2024-05-03", 1, 1),
        ("USD", "2024-05-02", 1, 1),
    ]
    assert of("max(order.total, last 30 days) > 5") == [("EUR", "2024-05-01", 1, 1), ("USD", "2024-05-02", 1, 1)]
    assert of("sum(order.gross where coupon is known) > 5") == [("USD", "2024-05-02", 1, 1)]
    # A sum asks its refunds too whether they are meant.
    assert of("sum(order.shipping where total > 5, on 2024-05-03) > 5") == [("GBP", "2024-05-03", 1, 1)]
    assert of("count(order where total > 5, on 2024-05-03) > 5") == []
    assert of("did order where (total > 5) in this month") == [("EUR", "2024-05-01", 1, 1), ("USD", "2024-05-02", 1, 1)]
    assert of("top 1 by trend(max(order.total), this month)") == [
        ("EUR", "2024-04-01", 1, 1),
        ("EUR", "2024-05-01", 1, 1),
        ("USD", "2024-05-02", 1, 1),
    ]
    assert of("max(order.total, today) > 1 EUR") == [("EUR", "2024-05-15", 0, 0)]


def test_a_count_looks_into_the_segments_that_it_names(ws: Workspace) -> None:
    ws.record([order("ada", "2024-05-01", total=10, currency="EUR")])
    ws.segments.add("rich", "sum(order.total) > 100")
    ws.segments.add("richer", "in segment 'rich' and did order")
    found = ws.segments.count("in segment 'richer'")
    assert missing(found.missing_rates) == [("EUR", "2024-05-01", 1, 1)]
    assert found.to_json()["missing_rates"] == [{"currency": "EUR", "day": "2024-05-01", "events": 1, "people": 1}]
