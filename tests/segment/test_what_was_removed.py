"""Segments and areas that were removed: gone for everybody now, and there where a question looks back (rules 39-41)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from intarsia.errors import UserError
from intarsia.language.interpret import Crowd, Question
from intarsia.language.problems.checking import UnknownSegment
from intarsia.language.problems.places import UnknownArea
from intarsia.profile.derived import derive
from intarsia.record.history import people
from tests.membership.simulated import Simulation, segment


def by_both(shop: Simulation, rule: str, at: str | None = None, known_at: str | None = None) -> list[str]:
    """The members by SQL, after plain Python has said the same."""
    with shop.workspace.ask(at, known_at) as asking:
        found: list[str] = asking.members(rule)["profile_id"].to_pylist()
        numbers = asking.session.execute("select profile_no from lake.profiles")["profile_no"].to_pylist()
        crowd = Crowd(
            asking.evaluator.catalog,
            people(asking.session, numbers, asking.catalog.currency),
            Question(asking.as_of.at, asking.as_of.known_at),
            segments=asking.register.named(asking.catalog),
            derive=derive,
            joins=asking.evaluator.joins,
        )
        assert crowd.members(asking.checked(rule).tree) == frozenset(found), rule
    return found


@pytest.fixture
def removed(shop: Simulation) -> Simulation:
    """Ada and ben have bought, eva has not; `y` named `x` from 2 to 5 March, on 7 March `x` was removed."""
    shop.define("x", "did order")
    shop.now("2024-03-02")
    shop.define("y", "in segment 'x'")
    shop.now("2024-03-05")
    shop.workspace.segments.edit("y", "nobody")
    shop.now("2024-03-07")
    shop.workspace.segments.remove("x")
    shop.now("2024-03-08")
    return shop


def test_the_answer_stays_after_the_removal_and_after_the_name_is_given_anew(removed: Simulation) -> None:
    for _ in range(2):
        assert by_both(removed, "in segment 'y' at 2024-03-03") == ["ada", "ben"]
        assert by_both(removed, "in segment 'y'", known_at="2024-03-03") == ["ada", "ben"]
        assert removed.workspace.segments.members("y", known_at="2024-03-03") == ["ada", "ben"]
        assert by_both(removed, "in segment 'y'") == []
        if not any(found.name == "x" for found in removed.workspace.segments.all()):
            removed.define("x", "never order")
    removed.now("2024-03-09")
    assert by_both(removed, "in segment 'x'") == ["eva"]


def test_the_answer_stays_through_a_new_name_too(shop: Simulation) -> None:
    segments = shop.workspace.segments
    shop.define("x", "did order")
    shop.now("2024-03-02")
    shop.define("y", "in segment 'x'")
    shop.now("2024-03-03")
    segments.rename("x", "buyers")
    shop.now("2024-03-04")
    segments.edit("y", "nobody")
    segments.remove("buyers")
    shop.now("2024-03-05")
    shop.define("x", "never order")
    shop.define("buyers", "everyone")
    shop.now("2024-03-06")
    assert by_both(shop, "in segment 'y' at 2024-03-02") == ["ada", "ben"]
    assert by_both(shop, "in segment 'y' at 2024-03-03T12:00") == ["ada", "ben"]


def test_a_segment_that_names_a_removed_one_may_be_removed_as_well(removed: Simulation) -> None:
    removed.define("z", "in segment 'y' at 2024-03-03")
    removed.now("2024-03-09")
    removed.workspace.segments.edit("z", "nobody")
    removed.workspace.segments.remove("y")
    removed.now("2024-03-10")
    assert by_both(removed, "in segment 'z' at 2024-03-08T12:00") == ["ada", "ben"]


def test_a_removed_list_and_its_pins_are_there_for_the_past(shop: Simulation, tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_text("ada\n", encoding="utf-8")
    shop.workspace.lists.add("vip", path)
    shop.workspace.segments.pin("vip", ["eva"], reason="a friend")
    shop.now("2024-03-02")
    shop.define("y", "in segment 'vip'")
    shop.now("2024-03-03")
    shop.workspace.segments.edit("y", "nobody")
    shop.workspace.lists.remove("vip")
    path.write_text("ben\n", encoding="utf-8")
    shop.workspace.lists.add("vip", path)
    shop.now("2024-03-04")
    assert by_both(shop, "in segment 'y' at 2024-03-02T12:00") == ["ada", "eva"]
    assert shop.workspace.lists.ids("vip") == ["ben"]


def test_who_moved_while_it_was_there_has_moved(shop: Simulation) -> None:
    shop.now("2024-03-01T01:00")
    shop.define("recent", "did order in last 30 days")
    shop.define("y", "in segment 'recent'")
    shop.now("2024-03-10")
    shop.order("eva", "2024-03-04T00:00")
    shop.now("2024-03-30")
    shop.workspace.segments.edit("y", "nobody")
    shop.workspace.segments.remove("recent")
    shop.define("recent", "everyone")
    shop.now("2024-04-30")
    assert by_both(shop, "entered segment 'y'") == ["eva"]
    assert by_both(shop, "left segment 'y'") == ["ada"]


def test_why_somebody_was_in_is_told_of_the_past(removed: Simulation) -> None:
    why = removed.workspace.segments.why("y", "ada", known_at="2024-03-03")
    assert why.holds
    assert why.text.startswith("in segment 'x (removed ")


def test_nobody_may_name_it_any_more(removed: Simulation) -> None:
    segments = removed.workspace.segments
    [kept] = [name for name in _all_names(removed) if name.startswith("x (removed ")]
    for name in ("x", kept):
        for ask in (segments.count, lambda text: segments.add("new", text)):
            with pytest.raises(UnknownSegment):
                ask(f"in segment '{name}'")
    assert [found.name for found in segments.all()] == ["y"]
    assert not [found for found in segments.complete("in segment '") if "x" in found.text]


def _all_names(shop: Simulation) -> list[str]:
    return [row["name"] for row in shop.workspace.store.rows("select name from segment")]


def test_the_ledger_goes_on_without_it(shop: Simulation) -> None:
    shop.define("x", "did order")
    shop.define("y", "in segment 'x'")
    shop.evaluate()
    shop.now("2024-03-05")
    shop.workspace.segments.edit("y", "never order")
    shop.workspace.segments.remove("x")
    run = shop.evaluate("2024-03-06")
    assert {found.name: (found.entered, found.left, found.is_removed) for found in run.segments} == {
        "y": (1, 2, False),
        "x": (0, 2, True),
    }
    assert {change.segment for change in shop.history()} == {"x", "y"}
    assert segment(shop.evaluate("2024-03-07"), "y").size == 1


def test_the_ledger_of_a_past_before_a_new_name_is_worked_out(shop: Simulation) -> None:
    shop.define("x", "did order")
    shop.define("a", "in segment 'x'")
    shop.now("2024-03-05")
    shop.workspace.segments.rename("x", "zz")
    shop.now("2024-03-09")
    run = shop.evaluate(at="2024-03-02", known_at="2024-03-02")
    assert [(found.name, found.size, found.error) for found in run.segments] == [("zz", 2, None), ("a", 2, None)]


# --- instants that are hard to tell apart


def test_everything_in_one_millisecond_is_told_apart(shop: Simulation) -> None:
    segments = shop.workspace.segments
    shop.define("a", "did order")
    shop.define("b", "never order")
    shop.define("of a", "in segment 'a'")
    shop.define("of b", "in segment 'b'")
    for name, new_name in (("a", "for now"), ("b", "a"), ("for now", "b")):
        segments.rename(name, new_name)
    assert by_both(shop, "in segment 'of a'") == by_both(shop, "in segment 'b'") == ["ada", "ben"]
    assert by_both(shop, "in segment 'of b'") == by_both(shop, "in segment 'a'") == ["eva"]


def test_a_clock_that_was_set_back_between_two_segments_breaks_neither(shop: Simulation) -> None:
    shop.define("x", "did order")
    shop.now("2024-02-28")
    shop.define("y", "in segment 'x'")
    shop.now("2024-03-02")
    shop.workspace.segments.rename("x", "buyers")
    assert by_both(shop, "in segment 'y'") == ["ada", "ben"]
    assert by_both(shop, "in segment 'y' at 2024-03-01T12:00") == ["ada", "ben"]


# --- areas


def test_an_area_that_was_removed_is_there_for_the_past(shop: Simulation, tmp_path: Path) -> None:
    areas, segments = shop.workspace.areas, shop.workspace.segments
    shop.say("south", latitude=1, longitude=1)
    shop.say("north", latitude=51, longitude=1)
    areas.add("p", _square(tmp_path, 0))
    shop.now("2024-03-02")
    shop.define("y", "inside area 'p'")
    shop.now("2024-03-03")
    segments.edit("y", "nobody")
    areas.remove("p")
    shop.now("2024-03-04")
    assert by_both(shop, "in segment 'y' at 2024-03-02") == ["south"]
    assert by_both(shop, "left segment 'y'") == []
    assert segments.why("y", "south", known_at="2024-03-02").holds
    with pytest.raises(UserError, match="`p`"):
        segments.count("inside area 'p'")
    areas.add("q", _square(tmp_path, 0))
    with pytest.raises(UnknownArea):
        segments.count("inside area 'p'", known_at="2024-03-02")
    areas.add("p", _square(tmp_path, 50))
    assert by_both(shop, "in segment 'y' at 2024-03-02") == ["south"]
    assert segments.members("inside area 'p'") == ["north"]


def _square(folder: Path, south: int) -> Path:
    path = folder / "area.geojson"
    ring = [[0, south], [2, south], [2, south + 2], [0, south + 2], [0, south]]
    path.write_text(json.dumps({"type": "Polygon", "coordinates": [ring]}), encoding="utf-8")
    return path


# --- erasure


def test_who_is_erased_goes_from_definitions_that_were_removed_too(shop: Simulation) -> None:
    segments = shop.workspace.segments
    shop.define("x", "profile in ('ada', 'ben')")
    shop.workspace.segments.pin("x", ["ada"], reason="dear")
    shop.now("2024-03-02")
    segments.remove("x")
    shop.workspace.profiles.erase(["ada"], reason="asked")
    rows = shop.workspace.store.rows("select text from segment_version")
    assert [row["text"] for row in rows] == ["profile in ('(erased)', 'ben')"]
    assert shop.workspace.store.rows("select * from pin") == []
