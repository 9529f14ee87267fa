"""Numbers finer than six places are rounded, times finer than a millisecond cut; both are counted (rules 14, 16)."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from intarsia.clock import is_cut
from intarsia.record.values import Finer, keep
from intarsia.workspace import Workspace
from tests.record.shop import facts, identify, order, shop, track


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    return shop(tmp_path)


def counts(ws: Workspace, *messages: object) -> tuple[int, int]:
    receipt = ws.record(messages)  # type: ignore[arg-type]
    assert (receipt.to_json()["rounded"], receipt.to_json()["cut"]) == (receipt.rounded, receipt.cut)
    return receipt.rounded, receipt.cut


@pytest.mark.parametrize(
    ("value", "kept", "rounded"),
    [
        (0.0000005, "0.000000", 1),
        (0.0000015, "0.000002", 1),
        (0.1 + 0.2, "0.300000", 1),
        (Decimal("2.5000000"), "2.500000", 0),
        (0.3, "0.3", 0),
        (1e-7, "0.000000", 1),
        (12345678901234567890, "12345678901234567890", 0),
    ],
)
def test_a_number_is_rounded_half_to_even_and_counted_if_it_changes(
    value: float | Decimal, kept: str, rounded: int
) -> None:
    finer = Finer()
    assert str(keep(value, finer)) == kept
    assert finer.rounded == rounded


def test_every_rounded_number_counts_wherever_it_stands(ws: Workspace) -> None:
    traits = {"a": 1.0000001, "b": [1.0000002, {"c": Decimal("0.12345678")}], "d": "1.00000001", "e": 7}
    assert counts(ws, identify("m1", "ada", traits, context={"x": 0.00000001})) == (4, 0)
    [fact] = facts(ws)
    assert fact.properties["d"] == "1.00000001", "a text is kept as it came"


def test_lines_count_each_time_and_texts_count_where_a_number_is_kept(ws: Workspace) -> None:
    line = {"sku": "0.123456789", "quantity": "1.12345678", "price": 0.33333333, "weight": 2.00000001}
    assert counts(ws, order("m1", line, line, {"sku": "x", "price": "0.5000000000"}), order("m2", line)) == (9, 0)
    assert counts(ws, order("m3", total="9.999999999", shipping=1.00000001, tax="۱.۱۲۳۴۵۶۷")) == (3, 0)


def test_times_finer_than_a_millisecond_are_cut_and_counted(ws: Workspace) -> None:
    times = [
        *("2026-05-01T10:00:00.1234Z", "2026-05-01T10:00:00.123999+02:00", "2026-05-01T10:00:00.123000Z"),
        *("2026-05-01T10:00:00.123Z", "2026-05-01", datetime(2026, 5, 1, 10, 0, 0, 123456, UTC)),
    ]
    messages = [track(f"m{number}", "ada", "X", {}, timestamp=when) for number, when in enumerate(times)]
    assert counts(ws, *messages) == (0, 3)
    assert sorted(fact.occurred_at % 1000 for fact in facts(ws)) == [0, 123, 123, 123, 123, 123]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-05-01 10:00:00.0001", True),
        ("2026-05-01 10:00:00,1234567 +01:00", True),
        ("03.04.2024", False),
        ("03.04.2024 10:00:00.1235", True),
        (datetime(2026, 5, 1, 1, 1, 1, 1000, UTC), False),
    ],
)
def test_what_is_finer_is_told_from_dates_with_points(value: str | datetime, expected: bool) -> None:
    assert is_cut(value) is expected


def test_a_load_tells_what_it_rounded_and_cut(ws: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    path.write_text(
        "user_id,event,timestamp,price,seen\n"
        "1,X,2026-05-01T10:00:00.123456Z,0.12345678,2026-05-01T10:00:00.000001\n"
        "2,X,2026-05-01T10:00:00.123456Z,0.12345678,2026-05-01T10:00:00\n"
        "3,X,2026-05-01T10:00:00.123Z,0.5,2026-05-01T10:00:00\n",
        encoding="utf-8",
    )
    balance = ws.sources.load(path, "events").to_json()
    assert (balance["imported"], balance["rounded"], balance["cut"]) == (3, 2, 3)
    again = ws.sources.load(path, "events").to_json()
    assert (again["imported"], again["rounded"], again["cut"]) == (0, 2, 3)
