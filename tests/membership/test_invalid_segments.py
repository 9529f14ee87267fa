"""A segment that cannot be evaluated keeps its members, is loud about it, and goes on when it is mended (rule 41)."""

from __future__ import annotations

import pytest

from intarsia.segment.definitions import Definitions
from tests.membership.simulated import Simulation, segment


def spoil(shop: Simulation, name: str, text: str) -> None:
    """Put in a definition that the check would refuse: what it names has gone since."""
    definitions = Definitions(shop.workspace.store)
    definitions.edit(name, text, at=shop.workspace.now())


@pytest.fixture
def broken(shop: Simulation) -> Simulation:
    shop.order("ada", "2024-01-01T00:00")
    shop.define("recent", "did order in last 30 days")
    shop.define("child", "in segment 'recent'")
    shop.define("well", "did order in last 30 days")
    shop.evaluate()
    spoil(shop, "recent", "shoe_size > 40")
    return shop


def test_its_members_stay_while_time_goes_on(broken: Simulation) -> None:
    run = broken.evaluate("2024-06-01")
    assert [(found.name, found.size) for found in run.broken] == [("recent", 1), ("child", 1)]
    assert broken.current("recent") == broken.current("child") == ["ada"]
    assert broken.current("well") == []


def test_the_run_says_what_is_wrong_with_it_and_with_those_that_name_it(broken: Simulation) -> None:
    run = broken.evaluate("2024-06-01")
    errors = {found.name: found.to_json()["error"] for found in run.segments}
    assert errors["recent"]["code"] == "language.unknown-trait"  # type: ignore[index]
    assert errors["child"]["code"] == "membership.parent-invalid"  # type: ignore[index]
    assert errors["well"] is None


def test_mended_it_goes_on_from_where_it_stood(broken: Simulation) -> None:
    broken.evaluate("2024-01-20")
    broken.now("2024-01-25")
    spoil(broken, "recent", "did order in last 30 days")
    broken.evaluate("2024-06-01")
    assert broken.last_change("recent", "ada") == (False, "2024-01-31T00:00:00.001+01:00", "time")
    assert broken.last_change("child", "ada") == (False, "2024-01-31T00:00:00.001+01:00", "time")
    assert broken.workspace.memberships.history("recent")[-1].definition_version == 3


def test_news_while_it_was_invalid_is_news_when_it_is_mended(broken: Simulation) -> None:
    broken.now("2024-01-20")
    broken.order("ben", "2024-01-15T00:00")
    broken.evaluate()
    spoil(broken, "recent", "did order in last 30 days")
    broken.evaluate("2024-01-21")
    assert broken.last_change("recent", "ben") == (True, "2024-01-15T00:00:00.000+01:00", "data")


def test_one_that_never_worked_has_nobody_and_no_past(shop: Simulation) -> None:
    shop.order("ada", "2024-01-01T00:00")
    shop.define("new", "did order")
    spoil(shop, "new", "shoe_size > 40")
    assert segment(shop.evaluate(), "new").size == 0
    spoil(shop, "new", "did order")
    shop.now("2024-01-05")
    shop.evaluate()
    assert shop.last_change("new", "ada") == (True, "2024-01-01T00:00:00.000+01:00", "definition")


def test_segments_in_a_ring_are_shown_and_frozen(shop: Simulation) -> None:
    shop.order("ada", "2024-01-01T00:00")
    shop.define("a", "did order")
    shop.define("b", "in segment 'a'")
    shop.define("c", "in segment 'b'")
    shop.evaluate()
    spoil(shop, "a", "in segment 'b'")
    run = shop.evaluate("2024-01-05")
    codes = {found.name: found.error.code for found in run.broken if found.error}
    assert set(codes) == {"a", "b", "c"}
    assert "language.segment-loop" in codes.values()
    assert shop.current("a") == shop.current("c") == ["ada"]
