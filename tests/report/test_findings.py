from __future__ import annotations

from pathlib import Path

from intarsia.report.findings import findings
from intarsia.report.words import Words
from tests.report.shop import opened


def order(number: int, who: str, total: int, when: str = "2026-02-10T10:00:00Z") -> dict[str, object]:
    kind = {"type": "track", "event": "Order Completed", "messageId": f"m{number}", "userId": who, "timestamp": when}
    return {**kind, "properties": {"total": total}}


def test_the_finding_names_shares_of_customers_and_of_revenue(tmp_path: Path) -> None:
    messages = [order(number, f"p{number}", 400 if number < 5 else 100) for number in range(20)]
    segments = {"Rich": "sum(order.total) >= 400", "Poor": "sum(order.total) < 400"}
    with opened(tmp_path / "rich", messages, segments) as workspace:
        found = findings(Words.of(workspace.reports.segments()))
    assert found[0].sentence == "“Rich” are 25% of customers and bring 57% of revenue."
    assert found[0].figure == "57%"
    assert found[0].row is not None
    assert found[0].row.name == "Rich"


def test_a_segment_that_grew_is_told_with_its_sizes(tmp_path: Path) -> None:
    old = "2025-06-01T10:00:00Z"
    messages = [order(number, f"p{number}", 500 if number < 5 else 100, old) for number in range(20)]
    messages += [order(100 + number, f"p{number}", 1) for number in range(14, 20)]
    messages += [order(200 + number, f"p{number}", 1, "2025-09-01T10:00:00Z") for number in range(10, 14)]
    segments = {"Rich": "max(order.total) >= 500", "Richest": "max(order.total) >= 500", "Again": "count(order) >= 2"}
    with opened(tmp_path / "grown", messages, segments) as workspace:
        found = findings(Words.of(workspace.reports.segments()))
    assert found[-1].sentence == "“Again” grew from 4 people on Nov 30, 2025 to 10."
    assert found[-1].figure == "+150%"


def test_of_one_segment_one_thing_is_told(tmp_path: Path) -> None:
    messages = [order(number, f"p{number}", 400 if number < 5 else 100) for number in range(20)]
    with opened(tmp_path / "rich", messages, {"Rich": "sum(order.total) >= 400"}) as workspace:
        found = findings(Words.of(workspace.reports.segments()))
    assert [item.row.name for item in found if item.row] == ["Rich"]


def test_of_an_empty_workspace_nothing_is_found(tmp_path: Path) -> None:
    with opened(tmp_path / "empty", []) as workspace:
        assert findings(Words.of(workspace.reports.segments())) == []
