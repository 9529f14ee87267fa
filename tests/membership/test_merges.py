"""Who becomes one person with somebody, or ceases to be, enters and leaves segments by that (the cause `merge`)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from intarsia.membership.memberships import Change
from tests.membership.simulated import Simulation, in_prague, simulation


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Simulation]:
    """Ada bought once in January, Ben twice in February; `many` are those with two orders, asked on 1 March."""
    with simulation(tmp_path / "w", "2024-01-01") as sim:
        sim.define("many", "count(order) >= 2")
        sim.define("buyers", "did order")
        sim.define("best", "top 1 by count(order)")
        sim.now("2024-01-10")
        sim.order("ada", "2024-01-10")
        sim.now("2024-02-20")
        sim.order("ben", "2024-02-10")
        sim.order("ben", "2024-02-20")
        sim.evaluate("2024-03-01")
        yield sim


def told(changes: list[Change]) -> list[tuple[str, bool, str]]:
    """Who entered (True) or left, and why."""
    return [(change.profile_id, change.entered, change.cause) for change in changes]


def merge(sim: Simulation, one: str, other: str, at: str) -> None:
    sim.now(at)
    sim.workspace.identity.merge(one, other, "they told us")


def test_who_is_merged_away_leaves_and_the_survivor_enters_by_the_merge(shop: Simulation) -> None:
    before = len(shop.history())
    assert shop.current("many") == ["ben"]
    merge(shop, "ada", "ben", "2024-03-05")
    shop.evaluate("2024-03-06")
    assert shop.current("many") == shop.current("buyers") == shop.current("best") == ["ada"]
    assert sorted(told(shop.history("many")[1:])) == [("ada", True, "merge"), ("ben", False, "merge")]
    assert told(shop.history("buyers")[2:]) == [("ben", False, "merge")]
    assert sorted(told(shop.history("best")[1:])) == [("ada", True, "merge"), ("ben", False, "merge")]
    assert len(shop.history()) == before + 5


def test_the_survivor_entered_when_the_facts_of_both_say_so(shop: Simulation) -> None:
    """Two orders since 10 February; Ben was never in by what is known now, so the size is 1 throughout."""
    merge(shop, "ada", "ben", "2024-03-05")
    shop.evaluate("2024-03-06")
    entered = next(change for change in shop.history("many") if change.profile_id == "ada")
    assert in_prague(entered.valid_at) == "2024-02-10T00:00:00.000+01:00"
    assert [size.size for size in shop.workspace.memberships.sizes("many")] == [1]


def test_an_unmerge_puts_both_back_by_the_same_cause(shop: Simulation) -> None:
    merge(shop, "ada", "ben", "2024-03-05")
    shop.evaluate("2024-03-06")
    shop.now("2024-03-07")
    shop.workspace.identity.unmerge("ben", "another Ben")
    shop.evaluate("2024-03-08")
    assert shop.current("many") == ["ben"]
    assert shop.current("buyers") == ["ada", "ben"]
    assert sorted(told(shop.history("many")[3:])) == [("ada", False, "merge"), ("ben", True, "merge")]
    assert told(shop.history("buyers")[3:]) == [("ben", True, "merge")]
    entered = shop.history("many")[-1] if shop.history("many")[-1].entered else shop.history("many")[-2]
    assert in_prague(entered.valid_at) == "2024-02-20T00:00:00.000+01:00"


def test_a_merge_between_two_evaluations_of_one_instant_is_seen(shop: Simulation) -> None:
    """The clock stands still: only the number of the decision tells that it came later."""
    shop.workspace.identity.merge("ada", "ben", "they told us")
    run = shop.evaluate()
    assert run.changes == 5
    assert {cause for _, _, cause in told(shop.history())[-5:]} == {"merge"}
    assert shop.evaluate().changes == 0


def test_what_only_data_made_keeps_its_cause_beside_a_merge(shop: Simulation) -> None:
    merge(shop, "ada", "ben", "2024-03-05")
    shop.order("cyd", "2024-03-05")
    shop.order("cyd", "2024-03-05")
    shop.evaluate("2024-03-06")
    found = set(told(shop.history("many")[1:]))
    assert found == {("ada", True, "merge"), ("ben", False, "merge"), ("cyd", True, "data")}


def test_who_is_joined_by_an_address_and_enters_by_a_new_order_enters_by_data(tmp_path: Path) -> None:
    with simulation(tmp_path / "w") as sim:
        sim.define("many", "count(order) >= 2")
        sim.say("ada", email="x@a.cz")
        sim.order("ada", "2024-01-01")
        sim.evaluate("2024-01-02")
        sim.say("ben", email="x@a.cz")
        sim.order("ben", "2024-01-02")
        sim.evaluate("2024-01-03")
        assert told(sim.history("many")) == [("ada", True, "data")], "of Ben nothing was known before"
        sim.say("cyd", email="y@a.cz")
        sim.order("cyd", "2024-01-03")
        sim.evaluate("2024-01-04")
        sim.say("cyd", email="x@a.cz")
        sim.evaluate("2024-01-05")
        assert sim.current("many") == ["ada"]


def test_the_history_of_an_old_id_is_the_persons(shop: Simulation) -> None:
    merge(shop, "ada", "ben", "2024-03-05")
    shop.evaluate("2024-03-06")
    assert told(shop.history("many", "ben")) == told(shop.history("many", "ada")) == told(shop.history("many"))
    assert shop.history(profile_id="nobody") == []


def test_a_segment_that_names_another_follows_the_merge(shop: Simulation) -> None:
    shop.define("chosen", "in segment 'many' and bucket('x') >= 0")
    shop.evaluate("2024-03-02")
    merge(shop, "ada", "ben", "2024-03-05")
    shop.evaluate("2024-03-06")
    assert shop.current("chosen") == ["ada"]
    assert sorted(told(shop.history("chosen")[1:])) == [("ada", True, "merge"), ("ben", False, "merge")]


def test_evaluating_again_changes_nothing(shop: Simulation) -> None:
    merge(shop, "ada", "ben", "2024-03-05")
    shop.evaluate("2024-03-06")
    assert shop.evaluate("2024-03-07").changes == 0
