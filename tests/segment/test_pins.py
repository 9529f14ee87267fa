"""Pins and exclusions: who made them, why, until when, and what they do to answers and to the ledger."""

from __future__ import annotations

from pathlib import Path

import pytest

from intarsia.record.history import NoSuchProfile
from intarsia.segment.definitions import NoSuchSegment
from intarsia.segment.pins import ExpiresBefore, NoReason, NotPinned
from tests.membership.simulated import Simulation, segment, simulation


def test_a_pin_puts_people_in_and_an_exclusion_keeps_them_out(shop: Simulation) -> None:
    shop.define("recent", "did order in last 30 days")
    segments = shop.workspace.segments
    made = segments.pin("recent", ["eva", "ben", "eva"], reason="asked for it", author="iva")
    assert [(one.profile_id, one.author, one.is_exclusion) for one in made] == [
        ("eva", "iva", False),
        ("ben", "iva", False),
    ]
    segments.exclude("recent", ["ada", "ben"], reason="complained", until="2024-03-10")
    assert segments.members("recent") == ["eva"]
    assert segments.count("in segment 'recent'").size == 1
    # A date is its whole day.
    assert segments.members("recent", at="2024-03-10T23:59:59.999") == ["eva"]
    assert segments.members("recent", at="2024-03-11") == ["ada", "ben", "eva"]
    assert segments.members("recent", at="2024-02-29") == ["ada"]


def test_what_was_taken_back_stays_in_the_past(shop: Simulation) -> None:
    shop.define("recent", "did order in last 30 days")
    segments = shop.workspace.segments
    segments.pin("recent", ["eva"], reason="a")
    shop.now("2024-03-05")
    assert segments.unpin("recent", ["eva"]) == []
    shop.now("2024-03-09")
    assert segments.members("recent") == ["ada"]
    assert segments.members("in segment 'recent' at 2024-03-04") == ["ada", "eva"]
    assert segments.members("left segment 'recent' on 2024-03-05") == ["eva"]
    assert [one.to_json()["removed_at"] for one in segments.pins("recent")] == ["2024-03-04T23:00:00.000Z"]


def test_a_new_pin_takes_the_place_of_the_one_before(shop: Simulation) -> None:
    shop.define("x", "nobody")
    segments = shop.workspace.segments
    segments.pin("x", ["eva"], reason="for a while", until="2024-03-03")
    shop.now("2024-03-02")
    counting = segments.pin("x", ["eva"], reason="for good")
    assert [(one.reason, one.until) for one in counting] == [("for good", None)]
    assert segments.members("x", at="2024-04-01") == ["eva"]


def test_a_pin_that_cannot_be_is_refused_and_changes_nothing(shop: Simulation) -> None:
    shop.define("x", "nobody")
    segments = shop.workspace.segments
    with pytest.raises(NoSuchProfile):
        segments.pin("x", ["eva", "ghost"], reason="a")
    with pytest.raises(NoReason):
        segments.pin("x", ["eva"], reason=" ")
    with pytest.raises(ExpiresBefore):
        segments.exclude("x", ["eva"], reason="a", until="2024-02-29")
    with pytest.raises(NoSuchSegment):
        segments.pin("y", ["eva"], reason="a")
    segments.pin("x", ["ben"], reason="a")
    with pytest.raises(NotPinned):
        segments.unpin("x", ["ben", "eva"])
    assert segments.members("x") == ["ben"]


def test_why_tells_who_pinned_somebody_and_until_when(shop: Simulation) -> None:
    shop.define("recent", "did order in last 30 days")
    segments = shop.workspace.segments
    segments.pin("recent", ["eva"], reason="a friend", until="2024-04-01T00:00", author="iva")
    why = segments.why("recent", "eva")
    assert (why.text, why.holds) == ("in segment 'recent'", True)
    pinned = {
        "profile_id": "eva",
        "is_exclusion": False,
        "reason": "a friend",
        "author": "iva",
        "created_at": "2024-02-29T23:00:00.000Z",
        "until": "2024-03-31T22:00:00.000Z",
        "removed_at": None,
    }
    assert why.facts == {"pins": [pinned]}
    assert [(part.text, part.holds) for part in why.parts] == [("did order in last 30 days", False)]
    assert segments.why("in segment 'recent'", "eva").facts == {"segment": "recent", "pins": [pinned]}
    assert segments.why("recent", "ada").text == "did order in last 30 days"
    assert segments.show("recent").to_json()["pins"] == [pinned]


def test_the_ledger_has_the_instant_of_a_pin_and_of_its_end(shop: Simulation) -> None:
    shop.define("recent", "did order in last 30 days")
    shop.evaluate()
    shop.now("2024-03-02T10:00")
    shop.workspace.segments.pin("recent", ["eva"], reason="a", until="2024-03-08T00:00")
    shop.workspace.segments.exclude("recent", ["ada"], reason="b")
    shop.evaluate("2024-03-04")
    assert shop.last_change("recent", "eva") == (True, "2024-03-02T10:00:00.000+01:00", "manual")
    assert shop.last_change("recent", "ada") == (False, "2024-03-02T10:00:00.000+01:00", "manual")
    shop.workspace.segments.unpin("recent", ["ada"])
    shop.evaluate("2024-03-10")
    assert shop.last_change("recent", "eva") == (False, "2024-03-08T00:00:00.000+01:00", "manual")
    assert shop.last_change("recent", "ada") == (True, "2024-03-04T00:00:00.000+01:00", "manual")
    shop.evaluate("2024-06-01")
    assert shop.last_change("recent", "ada") == (False, "2024-03-21T10:00:00.001+01:00", "time")


def test_a_pin_that_changes_nothing_is_no_cause(shop: Simulation) -> None:
    shop.define("buyers", "did order")
    shop.evaluate()
    shop.workspace.segments.pin("buyers", ["ada"], reason="a")
    assert shop.evaluate("2024-03-02").changes == 0
    shop.order("eva", "2024-03-02T00:00")
    shop.evaluate("2024-03-03")
    assert shop.last_change("buyers", "eva") == (True, "2024-03-02T00:00:00.000+01:00", "data")


def test_who_is_pinned_before_the_first_evaluation_is_in_since_the_pin(shop: Simulation) -> None:
    shop.define("buyers", "did order")
    shop.now("2024-03-02")
    shop.workspace.segments.pin("buyers", ["eva", "ada"], reason="a")
    shop.evaluate("2024-03-05")
    assert shop.last_change("buyers", "eva") == (True, "2024-03-02T00:00:00.000+01:00", "manual")
    assert shop.last_change("buyers", "ada") == (True, "2024-03-01T00:00:00.000+01:00", "definition")


def test_a_pin_moves_people_in_a_rank_and_in_segments_that_name_theirs(shop: Simulation) -> None:
    shop.define("best", "top 1 by sum(order.total)")
    shop.define("best_czechs", "in segment 'best' and city = 'Brno'")
    shop.evaluate()
    assert shop.current("best") == ["ben"]
    shop.now("2024-03-03")
    shop.workspace.segments.pin("best", ["eva"], reason="a")
    run = segment(shop.evaluate("2024-03-05"), "best")
    assert (run.entered, run.dated_by_run) == (1, 0)
    assert shop.last_change("best", "eva") == (True, "2024-03-03T00:00:00.000+01:00", "manual")
    assert shop.last_change("best_czechs", "eva") == (True, "2024-03-03T00:00:00.000+01:00", "manual")


def test_in_a_workspace_of_past_years_a_pin_counts_from_its_present_on(tmp_path: Path) -> None:
    with simulation(tmp_path / "old", "2024-03-01", as_of="2020-01-01") as old:
        old.order("ada", "2019-12-24T00:00")
        old.say("eva", "2019-12-24", city="Brno")
        old.define("buyers", "did order")
        old.workspace.segments.pin("buyers", ["eva"], reason="a")
        assert old.workspace.segments.members("buyers") == ["ada", "eva"]
        old.workspace.segments.unpin("buyers", ["eva"])
        assert old.workspace.segments.members("buyers") == ["ada"]
