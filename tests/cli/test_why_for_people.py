"""`segment why`: how far somebody is from a rank, unknown values, and times on the workspace's own clock."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import intarsia
from intarsia.cli.explaining import Telling
from tests.cli.running import AT, run

REFUND = {
    "type": "track",
    "messageId": "r1",
    "userId": "ada",
    "timestamp": "2026-09-16T08:00:00Z",
    "event": "Order Refunded",
    "properties": {"order_id": "A-1", "total": 300},
}


def facts(definition: str, person: str) -> str:
    """The line of facts below the first condition."""
    lines = run("segment", "why", definition, person, *AT).answer.splitlines()
    return lines[2].strip() if len(lines) > 2 else ""


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize(
    ("definition", "person", "holds", "ranked", "edge"),
    [
        ("top 1 by sum(order.total)", "ben", False, 2, "1800"),
        ("top 1 by sum(order.total)", "ada", True, 2, "1800"),
        ("top 2 by sum(order.total)", "ben", True, 2, "450"),
        ("top 50% by sum(order.total)", "cyd", False, 2, "1800"),
        ("bottom 1 by sum(order.total)", "ada", False, 2, "450"),
        ("top 9 by sum(order.total) among (country = 'PL')", "ada", False, 1, "450"),
        ("top 1 by last(order)", "ben", False, 2, "2026-09-14T10:00:00.000Z"),
        ("top 1 by age", "ben", False, 0, None),
    ],
)
def test_who_is_out_of_a_rank_sees_how_far(
    definition: str, person: str, holds: bool, ranked: int, edge: str | None
) -> None:
    found = run("segment", "why", definition, person, *AT, "--json").json()
    assert (found["holds"], found["facts"]["ranked"], found["facts"]["edge"]) == (holds, ranked, edge)


def test_of_several_at_the_edge_of_a_rank_one_is_taken(shop: Path) -> None:
    with intarsia.open(shop) as ws:
        same = {"type": "track", "event": "Order Completed", "timestamp": "2026-09-01T10:00:00Z"}
        ws.record([
            {**same, "messageId": f"s{person}", "userId": person, "properties": {"total": 450}}
            for person in ("aba", "zoe")
        ])  # fmt: skip
    for person, holds in (("aba", True), ("ben", False), ("zoe", False)):
        found = run("segment", "why", "top 2 by sum(order.total)", person, *AT, "--json").json()
        assert (found["holds"], found["facts"]["ranked"], found["facts"]["edge"]) == (holds, 4, "450")


def test_a_refund_is_shown_by_its_own_name(shop: Path) -> None:
    with intarsia.open(shop) as ws:
        ws.record([REFUND], "2026-09-20")
    found = run("segment", "why", "sum(order.total) > 5", "ada", *AT, "--json").json()
    [refund] = found["facts"]["refunds"]
    assert (refund["id"], refund["name"]) == ("r1", "Order Refunded")
    assert "refunds: Order Refunded 2026-09-16 10:00 (value: 300)" in facts("sum(order.total) > 5", "ada")


@pytest.mark.usefixtures("shop")
def test_what_is_unknown_is_told_as_unknown() -> None:
    assert facts("age > 3", "ben") == "trait: age; value: unknown"
    assert facts("avg(order.total) > 3", "cyd") == "value: unknown; event count: 0"
    assert facts("near (50, 14) within 9 km", "cyd") == "latitude: unknown; longitude: unknown; metres: unknown"
    assert facts("last order had (total > 3)", "cyd") == "event: none"


@pytest.mark.usefixtures("shop")
def test_a_trend_keeps_its_labels() -> None:
    said = facts("trend(sum(order.total), last 6 months) > 0", "ben")
    assert said == (
        "value: -1; now: (value: 0; window: 2026-04-01 00:00 to 2026-10-01 00:00; event count: 0); "
        "before: (value: 450; window: 2025-10-01 to 2026-03-31; event count: 1; "
        "events: Order Completed 2025-11-20 11:00)"
    )


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize(
    ("definition", "told"),
    [
        ("did order in last 1 month", "window: 2026-09-01 00:00 to 2026-10-01 00:00"),
        ("did order in previous month", "window: 2026-09-01 to 2026-09-30"),
        ("did order since 2026-01-01", "window: from 2026-01-01 00:00 on"),
        ("did order before 2026-01-01", "window: to before 2026-01-01 00:00"),
        ("did order between 30 and 90 days ago", "window: 2026-07-03 to 2026-08-31"),
        ("last(order) in last 36 hours", "test: 2026-09-29 12:00 to 2026-10-01 00:00"),
    ],
)
def test_windows_are_told_on_the_workspace_clock_as_people_read_them(definition: str, told: str) -> None:
    said = facts(definition, "ada")
    assert told in said.split("; ")
    assert "Z" not in said


@pytest.mark.usefixtures("shop")
def test_json_keeps_instants_in_utc() -> None:
    found = run("segment", "why", "did order in last 1 month", "ada", *AT, "--json").json()
    assert found["facts"]["window_end"] == "2026-09-30T22:00:00.001Z"
    assert found["facts"]["events"][0]["occurred_at"] == "2026-09-14T10:00:00.000Z"


def test_a_time_is_told_as_exactly_as_it_is() -> None:
    telling = Telling(ZoneInfo("Europe/Prague"))
    assert telling.instant("2026-01-31T23:30:00.000Z") == "2026-02-01 00:30"
    assert telling.instant("2026-01-31T23:30:07.000Z") == "2026-02-01 00:30:07"
    assert telling.instant("2026-01-31T23:30:07.250Z") == "2026-02-01 00:30:07.250"
    assert Telling(UTC).span(None, None) == "ever"


def test_a_text_that_looks_like_an_instant_stays_as_it_came() -> None:
    telling = Telling(ZoneInfo("Europe/Prague"))
    text = "2026-01-31T23:30:00.000Z"
    assert telling.facts({"trait": "note", "value": text}) == f"trait: note; value: {text}"
    assert telling.facts({"value": text}) == "value: 2026-02-01 00:30"


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize(
    ("definition", "person", "change", "then"),
    [
        (
            "did order in last 1 month",
            "ada",
            "never order in last 1 month: no `order in last 1 month` would have to be left; by itself on "
            "2026-10-14 12:00:00.001",
            "leaves on 2026-10-14 12:00:00.001 if nothing happens",
        ),
        (
            "never order in last 1 month",
            "ada",
            "never order in last 1 month: no `order in last 1 month` would have to be left; by itself on "
            "2026-10-14 12:00:00.001",
            "enters on 2026-10-14 12:00:00.001 if nothing happens",
        ),
        (
            "count(order) >= 4",
            "ben",
            "count(order) >= 4: 3 more of `order` (has 1, needs 4)",
            "stays out unless something happens",
        ),
        ("did order", "ben", "never order: no `order` would have to be left", "stays in unless something happens"),
        (
            "age > 200",
            "ada",
            "age > 200: `age` cannot be changed",
            "stays so until 2056-10-01 00:00 at least; what comes then was not worked out",
        ),
    ],
)
def test_what_would_flip_the_answer_and_when_it_comes_by_itself(
    definition: str, person: str, change: str, then: str
) -> None:
    lines = run("segment", "why", definition, person, *AT).answer.splitlines()
    assert [line.strip() for line in lines[-2:]] == [change, then]


@pytest.mark.usefixtures("shop")
def test_changes_are_in_the_json_too() -> None:
    found = run("segment", "why", "did order in last 1 month", "ada", *AT, "--json").json()
    assert found["ahead"] == {"changes_at": "2026-10-14T10:00:00.001Z", "same_before": None, "reason": None}
    [step] = found["nearest"].pop("steps")
    assert found["nearest"] == {"would_be": False, "is_tried": True, "is_possible": True}
    assert step == {
        "text": "never order in last 1 month",
        "says": "no `order in last 1 month` would have to be left",
        "can_change": True,
        "turns_at": "2026-10-14T10:00:00.001Z",
    }


def test_a_pin_that_expires_is_when_somebody_leaves(shop: Path) -> None:
    with intarsia.open(shop) as ws:
        ws.segments.add("quiet", "never order")
        ws.segments.pin("quiet", ["ben"], reason="asked for it", until="2099-01-31")
        why = ws.segments.why("quiet", "ben")
        assert why.holds
        assert why.ahead.to_json()["changes_at"] == "2099-01-31T23:00:00.000Z"
        assert [str(step.says) for step in why.nearest.steps] == ["the pin into `quiet` would have to be taken back"]


def test_a_rank_in_a_segment_that_is_named_is_gone_into(shop: Path) -> None:
    with intarsia.open(shop) as ws:
        ws.segments.add("best", "top 1 by sum(order.total)")
        why = ws.segments.why("in segment 'best' and did order", "ben")
        assert [step.text for step in why.nearest.steps] == ["top 1 by sum(order.total)"]
        assert (why.nearest.is_tried, why.ahead.reason) == (False, "others")
        assert ws.segments.why("in segment 'best' and country = 'nowhere'", "ben").ahead.to_json()["reason"] is None
