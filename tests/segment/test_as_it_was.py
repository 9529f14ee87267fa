"""Segments of a workspace as they were: versions, former names, moves; and the ledger of rules that ask for them."""

from __future__ import annotations

import pytest

from intarsia.language.interpret import SegmentLoop
from intarsia.language.problems.checking import SegmentInvalid, SegmentNotYetThere
from intarsia.segment.definitions import Definitions
from tests.membership.simulated import Simulation


def test_a_question_of_the_past_has_the_definitions_of_the_past(shop: Simulation) -> None:
    shop.define("x", "did order")
    shop.now("2024-03-05")
    shop.workspace.segments.edit("x", "never order")
    shop.now("2024-03-09")
    segments = shop.workspace.segments
    assert segments.members("x") == ["eva"]
    assert segments.members("x", known_at="2024-03-04") == ["ada", "ben"]
    assert segments.members("in segment 'x' at 2024-03-04") == ["ada", "ben"]
    assert segments.members("in segment 'x' at 2024-03-05") == ["eva"]
    with pytest.raises(SegmentNotYetThere):
        segments.members("in segment 'x' at 2024-02-29")


def test_a_name_that_changed_means_what_it_meant(shop: Simulation) -> None:
    shop.define("a", "did order")
    shop.define("b", "not in segment 'a'")
    shop.now("2024-03-05")
    segments = shop.workspace.segments
    segments.rename("a", "buyers")
    shop.now("2024-03-06")
    segments.add("a", "everyone")
    shop.now("2024-03-07")
    assert segments.members("b") == ["eva"]
    assert segments.members("in segment 'b' at 2024-03-02") == ["eva"]
    assert segments.members("b", known_at="2024-03-02") == ["eva"]


def test_who_entered_since_the_segment_was_put_down(shop: Simulation) -> None:
    shop.now("2024-03-01T01:00")
    shop.define("recent", "did order in last 30 days")
    shop.now("2024-03-10")
    shop.order("eva", "2024-03-04T00:00")
    shop.now("2024-03-30")
    segments = shop.workspace.segments
    # Of the order of 4 March we learn on the 10th; ada, who was in when the segment was made, leaves on the 21st.
    assert segments.members("entered segment 'recent'") == ["eva"]
    assert segments.members("entered segment 'recent' on 2024-03-10") == ["eva"]
    assert segments.members("left segment 'recent' in last 30 days") == ["ada"]
    why = segments.why("left segment 'recent' in last 30 days", "ada")
    assert why.facts["left_at"] == ["2024-03-21T09:00:00.001Z"]


def test_an_edit_that_closes_a_ring_through_the_past_is_refused(shop: Simulation) -> None:
    segments = shop.workspace.segments
    shop.define("a", "did order")
    shop.define("b", "entered segment 'a' in last 7 days")
    shop.define("c", "in segment 'b' at 2024-03-01")
    for text in ("in segment 'c'", "left segment 'c'", "top 1 by count(order) among (in segment 'b' at 2024-03-01)"):
        with pytest.raises(SegmentLoop):
            segments.edit("a", text)


def test_a_segment_that_is_invalid_is_refused_by_those_that_name_it(shop: Simulation) -> None:
    shop.define("x", "did order")
    shop.define("y", "not in segment 'x'")
    Definitions(shop.workspace.store).edit("x", "shoe_size > 40", at=shop.workspace.now())
    with pytest.raises(SegmentInvalid, match="`x` is invalid: no trait is called `shoe_size`"):
        shop.workspace.segments.count("y")


# --- the ledger of rules that ask for the past


def test_who_entered_another_enters_with_it_and_leaves_when_the_window_has_gone_by(shop: Simulation) -> None:
    shop.define("recent", "did order in last 30 days")
    shop.define("new", "entered segment 'recent' in last 7 days")
    shop.evaluate()
    shop.now("2024-03-05")
    shop.order("eva", "2024-03-04T08:00")
    shop.evaluate("2024-03-06")
    # She became a member when we learned of her order.
    assert shop.last_change("new", "eva") == (True, "2024-03-05T00:00:00.000+01:00", "data")
    shop.evaluate("2024-04-20")
    assert shop.last_change("new", "eva") == (False, "2024-03-12T00:00:00.001+01:00", "time")


def test_who_was_in_is_dated_too(shop: Simulation) -> None:
    shop.define("recent", "did order in last 30 days")
    shop.now("2024-03-02")
    shop.define("lost", "in segment 'recent' at 2024-03-01 and never order in last 30 days")
    shop.evaluate()
    shop.evaluate("2024-04-20")
    assert shop.last_change("lost", "ada") == (True, "2024-03-21T10:00:00.001+01:00", "time")


def test_an_edit_of_the_one_that_is_asked_about_the_past_changes_no_meaning(shop: Simulation) -> None:
    shop.define("recent", "did order in last 30 days")
    shop.define("was", "in segment 'recent' at 2024-03-01T00:00")
    shop.evaluate()
    shop.now("2024-03-05")
    shop.workspace.segments.edit("recent", "never order")
    assert [change.segment for change in shop.history()[2:]] == []
    run = shop.evaluate("2024-03-06")
    assert {found.name: (found.entered, found.left) for found in run.segments} == {"recent": (1, 1), "was": (0, 0)}
    assert shop.current("was") == ["ada"]
