from __future__ import annotations

import random
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from intarsia.analysis.rfm_definition import CLASSES, TITLES, BadRfm, NoRfm, NothingToLearn
from tests.analysis.orders import AT, after, order, shop

# --- the second road: plain Python


def lower_quantile(values: list[int], share: float) -> int:
    """The least value that at least `share` of the values do not exceed: the inverse of the empirical distribution."""
    ordered = sorted(values)
    return next(value for place, value in enumerate(ordered, 1) if place >= share * len(ordered) - 1e-9)


def edges(values: list[int]) -> list[int]:
    return [lower_quantile(values, share) for share in (0.2, 0.4, 0.6, 0.8)]


def below(value: int, found: list[int]) -> int:
    return sum(edge < value for edge in found)


def random_orders(seed: int) -> list[dict[str, Any]]:
    dice = random.Random(seed)
    messages: list[dict[str, Any]] = []
    for person in range(60):
        # Most bought once and for a price of three, so that there are ties everywhere.
        for _ in range(dice.choice([1, 1, 1, 2, 3, 9])):
            day = date(2026, 3, 1) - timedelta(days=dice.choice([0, 1, 1, 7, 30, 30, 200, 364]))
            price = dice.choice([10, 10, 25, 99.99])
            messages.append(order(f"o{len(messages)}", f"p{person:02}", f"{day}T08:00:00Z", price))
    return messages


def by_hand(messages: list[dict[str, Any]]) -> dict[str, tuple[int, ...]]:
    """Recency, frequency, cents, and the three scores of each person."""
    mine: dict[str, list[tuple[int, int]]] = {}
    for message in messages:
        day = datetime.fromisoformat(message["timestamp"]).date()
        cents = round(message["properties"]["total"] * 100)
        mine.setdefault(message["userId"], []).append(((date(2026, 3, 1) - day).days, cents))
    values = {who: (min(d for d, _ in sales), len(sales), sum(c for _, c in sales)) for who, sales in mine.items()}
    recency, frequency, money = (edges([value[place] for value in values.values()]) for place in range(3))
    return {
        who: (r, f, m, 5 - below(r, recency), 1 + below(f, frequency), 1 + below(m, money))
        for who, (r, f, m) in values.items()
    }


@pytest.mark.parametrize("seed", range(5))
def test_scores_are_those_of_plain_python(seed: int, tmp_path: Path) -> None:
    messages = random_orders(seed)
    with shop(tmp_path / "shop", messages) as workspace:
        workspace.rfm.learn()
        found = workspace.rfm.score().table.to_pylist()
    columns = ("recency_days", "frequency", "monetary_minor", "r", "f", "m")
    assert {row["profile_id"]: tuple(row[name] for name in columns) for row in found} == by_hand(messages), seed


def test_the_order_of_rows_changes_nothing(tmp_path: Path) -> None:
    messages = random_orders(1)
    tables = []
    for name in ("straight", "shuffled"):
        with shop(tmp_path / name, messages) as workspace:
            workspace.rfm.learn()
            tables.append(workspace.rfm.score().table)
        random.Random(7).shuffle(messages)
    assert tables[0] == tables[1]


def test_equal_values_have_equal_scores_and_those_who_bought_once_the_least(tmp_path: Path) -> None:
    with shop(tmp_path / "shop", random_orders(2)) as workspace:
        workspace.rfm.learn()
        rows = workspace.rfm.score().table.to_pylist()
    for value, score in (("recency_days", "r"), ("frequency", "f"), ("monetary_minor", "m")):
        assert max(Counter(value for value, _ in {(row[value], row[score]) for row in rows}).values()) == 1
    assert {row["f"] for row in rows if row["frequency"] == 1} == {1}


def test_sizes_and_classes_count_everybody_once(tmp_path: Path) -> None:
    with shop(tmp_path / "shop", random_orders(3)) as workspace:
        workspace.rfm.learn()
        scores = workspace.rfm.score()
    assert [sum(sizes) for sizes in scores.sizes().values()] == [60, 60, 60]
    assert sum(scores.classes().values()) == sum(scores.cells().values()) == 60
    assert list(scores.classes()) == list(TITLES)


def test_the_ten_classes_cover_each_pair_of_scores_once() -> None:
    assert sorted(CLASSES) == [(r, f) for r in range(1, 6) for f in range(1, 6)]
    assert set(CLASSES.values()) == set(TITLES)
    assert (CLASSES[5, 5], CLASSES[1, 5], CLASSES[5, 1], CLASSES[3, 3]) == (
        "champions",
        "can't lose",
        "new",
        "need attention",
    )


# --- what counts


def test_a_refund_lowers_money_but_neither_frequency_nor_recency(tmp_path: Path) -> None:
    messages = [
        order("1", "ada", "2026-02-01T10:00:00Z", 100),
        after("Order Refunded", "1", "ada", "2026-02-20T10:00:00Z", total=30),
    ]
    with shop(tmp_path / "shop", messages) as workspace:
        workspace.rfm.learn()
        (row,) = workspace.rfm.score().table.to_pylist()
    assert (row["recency_days"], row["frequency"], row["monetary_minor"]) == (28, 1, 7_000)


def test_cancelled_orders_and_guests_do_not_count(tmp_path: Path) -> None:
    messages = [
        order("1", "ada", "2026-02-01T10:00:00Z", 100),
        order("2", "ada", "2026-02-02T10:00:00Z", 500),
        after("Order Cancelled", "2", "ada", "2026-02-03T10:00:00Z"),
        order("3", None, "2026-02-02T10:00:00Z", 900),
    ]
    with shop(tmp_path / "shop", messages) as workspace:
        workspace.rfm.learn()
        (row,) = workspace.rfm.score().table.to_pylist()
    assert (row["frequency"], row["monetary_minor"]) == (1, 10_000)


def test_the_window_has_both_its_edges_inside(tmp_path: Path) -> None:
    messages = [
        order("1", "ada", "2025-03-01T09:00:00.000Z", 1),
        order("2", "ada", "2025-03-01T08:59:59.999Z", 10),
        order("3", "ada", "2026-03-01T09:00:00.000Z", 100),
        order("4", "ada", "2026-03-01T09:00:00.001Z", 1000),
        order("5", "ben", "2025-02-28T09:00:00Z", 1),
    ]
    with shop(tmp_path / "shop", messages) as workspace:
        workspace.rfm.learn()
        rows = workspace.rfm.score().table.to_pylist()
        in_rules = workspace.segments.members("sum(order.total, last 365 days) = 101")
    assert [(row["profile_id"], row["monetary_minor"]) for row in rows] == [("ada", 10_100)]
    assert in_rules == ["ada"]


def test_days_are_those_of_the_workspaces_calendar(tmp_path: Path) -> None:
    # In Tokyo this order is of 28 February, an hour and a half before the day of the question, 1 March.
    messages = [order("1", "ada", "2026-02-28T14:30:00Z", 1), order("2", "ben", "2026-02-28T15:30:00Z", 1)]
    with shop(tmp_path / "shop", messages, timezone="Asia/Tokyo") as workspace:
        workspace.rfm.learn()
        found = workspace.rfm.score().table.select(["profile_id", "recency_days"]).to_pylist()
    assert found == [{"profile_id": "ada", "recency_days": 1}, {"profile_id": "ben", "recency_days": 0}]


def test_days_with_an_order_may_be_counted_instead_of_orders(tmp_path: Path) -> None:
    moments = ("2026-02-01T10:00:00Z", "2026-02-01T20:00:00Z", "2026-02-02T10:00:00Z")
    messages = [order(str(number), "ada", moment, 1) for number, moment in enumerate(moments)]
    with shop(tmp_path / "shop", messages) as workspace:
        workspace.rfm.learn(counting="days")
        by_days = workspace.rfm.score().table["frequency"].to_pylist()
        workspace.rfm.learn(counting="orders")
        by_orders = workspace.rfm.score().table["frequency"].to_pylist()
    assert (by_days, by_orders) == ([2], [3])


def test_who_paid_in_a_currency_without_a_rate_is_left_out_and_counted(tmp_path: Path) -> None:
    messages = [
        order("1", "ada", "2026-02-01T10:00:00Z", 1),
        order("2", "ben", "2026-02-01T10:00:00Z", 1, currency="USD"),
    ]
    with shop(tmp_path / "shop", messages) as workspace:
        workspace.rfm.learn()
        scores = workspace.rfm.score()
    assert scores.table["profile_id"].to_pylist() == ["ada"]
    assert scores.unrated_count == 1


# --- definitions


def test_edges_stay_as_they_were_learned(tmp_path: Path) -> None:
    messages = random_orders(4)
    with shop(tmp_path / "shop", messages) as workspace:
        learned = workspace.rfm.learn()
        rich = [order(f"n{number}", f"q{number}", "2026-02-28T10:00:00Z", 10_000) for number in range(60)]
        workspace.record(rich, AT)
        assert workspace.rfm.definition() == learned
        assert workspace.rfm.score().sizes()["m"][4] >= 60
        again = workspace.rfm.learn()
        assert (again.version, again.monetary_edges[3]) == (2, 1_000_000)
        assert workspace.rfm.versions() == [learned, again]


def test_edges_of_ones_own_are_put_in_force(tmp_path: Path) -> None:
    with shop(tmp_path / "shop", [order("1", "ada", "2026-02-01T10:00:00Z", 100)]) as workspace:
        made = workspace.rfm.fix(
            recency_days=(7, 30, 90, 180), frequency=(1, 2, 5, 10), monetary_minor=(1_000, 5_000, 10_000, 50_000)
        )
        (row,) = workspace.rfm.score().table.to_pylist()
    assert made.version == 1
    assert (row["r"], row["f"], row["m"], row["name"]) == (4, 1, 3, "promising")


def test_without_a_definition_nothing_is_scored(tmp_path: Path) -> None:
    with shop(tmp_path / "shop", []) as workspace:
        with pytest.raises(NoRfm):
            workspace.rfm.score()
        with pytest.raises(NothingToLearn) as raised:
            workspace.rfm.learn()
    assert "365 days before 2026-03-01T09:00:00.000Z" in raised.value.message()


@pytest.mark.parametrize(
    "wrong",
    [{"window_days": 0}, {"counting": "weeks"}],
)
def test_a_definition_that_makes_no_sense_is_refused(wrong: dict[str, Any], tmp_path: Path) -> None:
    with shop(tmp_path / "shop", []) as workspace, pytest.raises(BadRfm):
        workspace.rfm.learn(**wrong)


def test_falling_edges_are_refused(tmp_path: Path) -> None:
    with shop(tmp_path / "shop", []) as workspace, pytest.raises(BadRfm) as raised:
        workspace.rfm.fix(recency_days=(7, 3, 90, 180), frequency=(1, 2, 3, 4), monetary_minor=(1, 2, 3, 4))
    assert "7, 3, 90, 180" in raised.value.message()
