"""The views for analysts agree with what rules count."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import intarsia

NOW = 1_800_000_000_000
LATER = "2026-12-01T00:00:00Z"


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[intarsia.Workspace]:
    with intarsia.create(tmp_path / "shop", clock=lambda: NOW, timezone="Europe/Prague", currency="CZK") as made:
        yield made


def said(event: str, day: int, **properties: object) -> dict[str, Any]:
    time = f"2026-11-{day:02}T10:00:00Z"
    return {"type": "track", "userId": "ada", "event": event, "timestamp": time, "properties": properties}


def kinds(ws: intarsia.Workspace) -> list[tuple[str, int]]:
    answer = ws.query("SELECT kind, total_minor FROM purchases ORDER BY occurred_at, kind", at=LATER)
    return [(row["kind"], row["total_minor"]) for row in answer.to_pylist()]


def test_an_order_that_is_cancelled_stays_and_its_cancellation_takes_it_off(ws: intarsia.Workspace) -> None:
    ws.record([said("Order Completed", 1, order_id="A", total=100), said("Order Cancelled", 3, order_id="A")])
    assert kinds(ws) == [("order", 10_000), ("cancellation", -10_000)]


def test_a_refund_of_an_order_that_is_cancelled_is_taken_off_once(ws: intarsia.Workspace) -> None:
    ws.record(
        [
            said("Order Completed", 1, order_id="A", total=100),
            said("Order Refunded", 2, order_id="A", total=40),
            said("Order Cancelled", 3, order_id="A"),
        ]
    )
    assert sum(total for _, total in kinds(ws)) == 0


def test_lines_given_back_are_those_that_the_refund_names_or_all_of_a_whole_order(ws: intarsia.Workspace) -> None:
    coats = {"sku": "C-1", "category": "coats", "quantity": 3, "price": 100}
    ws.record(
        [
            *(said("Order Completed", 1, order_id=name, products=[coats]) for name in "ABC"),
            said("Order Refunded", 2, order_id="A", products=[{"sku": "C-1", "quantity": 1}]),
            said("Order Refunded", 2, order_id="B"),
            said("Order Refunded", 2, order_id="C", total=30),
        ]
    )
    columns = "order_id, category, quantity, total_minor"
    lines = ws.query(f"select {columns} from purchase_lines where kind = 'refund' order by order_id", at=LATER)
    assert [tuple(row.values()) for row in lines.to_pylist()] == [
        ("A", "coats", -1, -10_000),
        ("B", "coats", -3, -30_000),
    ]
    columns = "order_id, total_minor, lines_no = event_no as has_own"
    found = ws.query(f"select {columns} from purchases where kind = 'refund' order by order_id", at=LATER)
    assert [tuple(row.values()) for row in found.to_pylist()] == [
        ("A", -10_000, True),
        ("B", -30_000, False),
        ("C", -3_000, None),
    ]


@pytest.mark.parametrize("event", ["Order Completed", "Order Updated"])
def test_an_order_whose_own_status_does_not_count_is_no_purchase(ws: intarsia.Workspace, event: str) -> None:
    ws.record([said(event, 1, order_id="A", total=100, status="cancelled")])
    assert kinds(ws) == []
    assert ws.segments.count("did order", at=LATER).size == 0


def test_a_cancellation_of_an_order_that_nobody_knows_is_no_purchase(ws: intarsia.Workspace) -> None:
    ws.record([said("Order Cancelled", 3, order_id="A")])
    assert kinds(ws) == []


def test_the_purchases_of_a_person_add_up_to_what_a_rule_sums(ws: intarsia.Workspace) -> None:
    ws.record([said("Order Completed", 1, order_id="A", total=100), said("Order Refunded", 2, order_id="A", total=30)])
    assert sum(total for _, total in kinds(ws)) == 7_000
    assert ws.segments.members("sum(order.total) = 70", at=LATER) == ["ada"]
