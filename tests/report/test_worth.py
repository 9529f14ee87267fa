from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import pytest

from intarsia import Workspace
from intarsia.report.reports import Report
from intarsia.report.worth import Worth
from tests.report.by_hand import Bought, bought
from tests.report.shop import AT, SEGMENTS, Shop, opened


def added(parts: Iterable[Bought]) -> tuple[int, int, int, int, int, int]:
    found = list(parts)
    buyers = sum(one.orders > 0 for one in found)
    return (
        buyers,
        *(sum(getattr(one, name) for one in found) for name in ("orders", "revenue", "costed", "cost", "unrated")),
    )


def measured(worth: Worth) -> tuple[int, int, int, int, int, int]:
    sums = worth.revenue_minor, worth.costed_minor, worth.cost_minor
    return worth.buyers, worth.orders, *sums, worth.unrated_sales


@pytest.mark.parametrize("name", SEGMENTS)
def test_a_segment_is_worth_what_plain_python_counts(
    name: str, shop: Shop, workspace: Workspace, report: Report
) -> None:
    by_hand = bought(shop.messages, AT)
    members = set(workspace.segments.members(name))
    row = next(row for row in report.rows if row.name == name)
    assert row.size == len(members)
    assert measured(row.worth) == added(by_hand[who] for who in members & by_hand.keys()), shop.seed
    rest = {who for who in by_hand if who is not None} - members
    assert measured(row.rest) == added(by_hand[who] for who in rest), shop.seed


def test_guests_are_in_the_total_and_in_no_segment(shop: Shop, report: Report) -> None:
    guests = bought(shop.messages, AT)[None]
    assert report.guests.orders == guests.orders > 0
    assert report.guests.revenue_minor == guests.revenue > 0
    assert report.guests.people == report.guests.buyers == 0


def test_members_rest_and_guests_are_everything(report: Report) -> None:
    for row in report.rows:
        together = row.worth + row.rest + report.guests
        assert together == report.total, row.name


def test_days_since_the_last_order_are_calendar_days(shop: Shop, report: Report) -> None:
    buyers = [one for who, one in bought(shop.messages, AT).items() if who is not None and one.last]
    # The shop's zone is an hour ahead of UTC in winter and two in summer.
    prague = [
        one.last + timedelta(hours=2 if 88 <= one.last.timetuple().tm_yday <= 298 else 1) for one in buyers if one.last
    ]
    days = [((AT + timedelta(hours=1)).date() - last.date()).days for last in prague]
    assert report.everyone.recency_days_sum == sum(days)
    assert report.everyone.recency_days == sum(days) / len(days)


def test_gross_profit_is_of_lines_with_a_cost_only_and_says_how_many(report: Report) -> None:
    worth = report.everyone
    assert worth.gross_profit_minor == worth.costed_minor - worth.cost_minor
    assert worth.cost_coverage is not None
    assert 0.5 < worth.cost_coverage < 0.9


def test_without_a_cost_there_is_no_gross_profit(tmp_path: Path) -> None:
    order = {"order_id": "o", "products": [{"sku": "a", "quantity": 1, "price": 10}]}
    message = {"type": "track", "event": "Order Completed", "messageId": "m", "userId": "ada", "properties": order}
    with opened(tmp_path / "plain", [{**message, "timestamp": "2026-02-01T10:00:00Z"}]) as workspace:
        worth = workspace.reports.segments().everyone
    assert worth.revenue_minor == 1_000
    assert worth.gross_profit_minor is None
    assert worth.cost_coverage is None


def test_an_empty_workspace_has_a_report_of_nothing(tmp_path: Path) -> None:
    with opened(tmp_path / "empty", []) as workspace:
        report = workspace.reports.segments()
    assert report.total.revenue_minor == 0
    assert report.rfm is None
    assert [row.size for row in report.rows] == [0] * len(SEGMENTS)
    assert report.share_of_revenue(report.everyone) is None
    assert report.rows[0].worth.revenue_per_head_minor is None


def test_the_overlap_counts_people_in_both(workspace: Workspace, report: Report) -> None:
    members = [set(workspace.segments.members(row.name)) for row in report.rows]
    assert report.overlap == [[len(one & other) for other in members] for one in members]


def test_the_window_is_that_of_the_last_365_days(tmp_path: Path) -> None:
    edge = AT - timedelta(days=365)
    messages = [
        {
            "type": "track",
            "event": "Order Completed",
            "messageId": str(number),
            "userId": "ada",
            "timestamp": moment.isoformat(timespec="milliseconds"),
            "properties": {"total": 10 ** (number + 1)},
        }
        for number, moment in enumerate((edge, edge - timedelta(milliseconds=1), AT, AT + timedelta(milliseconds=1)))
    ]
    with opened(tmp_path / "edge", messages) as workspace:
        report = workspace.reports.segments()
        inside = workspace.segments.count("sum(order.total, last 365 days) = 1010")
    assert report.everyone.revenue_minor == 101_000
    assert inside.size == 1
