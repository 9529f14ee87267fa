"""What a segment is worth, and RFM, where amounts are in several currencies (rule 29)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import intarsia
from intarsia import Workspace
from tests.engine.shop import order, refund

AT = datetime(2024, 5, 15, tzinfo=UTC)
LINES = (
    {"sku": "A", "category": "coats", "quantity": 1, "price": 0.01, "unit_cost": 0.01},
    {"sku": "B", "category": "coats", "quantity": 3, "price": 10, "unit_cost": 5},
)


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[Workspace]:
    messages = [
        order("ada", "2024-05-01", *LINES, order_id="1", currency="EUR"),
        refund("ada", "2024-05-02", *LINES[1:], order_id="1", currency="EUR"),
        order("ada", "2024-05-01", order_id="2", total=100),
        order("ben", "2024-05-01", order_id="3", total=1000, currency="JPY"),
        order("cyd", "2024-05-01", order_id="4", total=10, currency="USD"),
    ]
    with intarsia.create(tmp_path / "shop", timezone="Europe/Prague", currency="CZK", threads=1) as made:
        made.record(messages, "2024-05-10")
        made.segments.add("All", "did order")
        made.rates.record([(date(2024, 5, 1), "EUR", "25.5"), (date(2024, 5, 2), "EUR", "24")], source="me")
        made.rates.record([(date(2024, 5, 1), "JPY", "0.15")], source="me")
        yield made


def test_amounts_are_converted_by_order_and_by_line(ws: Workspace) -> None:
    worth = ws.reports.segments(AT).total
    # 30.01 EUR at 25.5 are 765.255, rounded half to even 765.26; less 30 EUR at 24; 100; 1000 yen at 0.15.
    assert worth.revenue_minor == 76526 - 72000 + 10000 + 15000
    # The lines: 0.26 and 765, less 720; they cost 0.26 and 382.50, less 360.
    assert worth.costed_minor == 26 + 76500 - 72000
    assert worth.cost_minor == 26 + 38250 - 36000
    assert (worth.buyers, worth.orders, worth.unrated_sales) == (3, 4, 1)


def test_rfm_counts_converted_amounts_and_leaves_out_who_has_one_without_a_rate(ws: Workspace) -> None:
    ws.rfm.learn(at=AT)
    scores = ws.rfm.score(AT)
    found = dict(zip(scores.table["profile_id"].to_pylist(), scores.table["monetary_minor"].to_pylist(), strict=True))
    assert found == {"ada": 76526 - 72000 + 10000, "ben": 15000}
    assert scores.unrated_count == 1


def test_revenue_is_the_sum_that_the_language_counts(ws: Workspace) -> None:
    assert ws.segments.count("sum(order.total) = 145.26", AT).size == 1
    assert ws.segments.count("sum(order.lines.total) = 45.26", AT).size == 1
