"""Entering and leaving because a segment is new, says something else, or is gone."""

from __future__ import annotations

from intarsia.language import parse
from intarsia.membership.meaning import meaning
from tests.membership.simulated import Simulation, segment


def test_the_first_members_are_in_since_the_segment_was_defined(shop: Simulation) -> None:
    shop.order("ada", "2023-12-24T00:00")
    shop.now("2024-01-02")
    shop.define("buyers", "did order")
    shop.evaluate("2024-01-05")
    assert shop.last_change("buyers", "ada") == (True, "2024-01-02T00:00:00.000+01:00", "definition")


def test_of_a_past_instant_they_are_in_since_that_instant(shop: Simulation) -> None:
    shop.order("ada", "2022-12-24T00:00")
    shop.define("buyers", "did order")
    shop.evaluate(at="2023-06-01")
    assert shop.last_change("buyers", "ada") == (True, "2023-06-01T00:00:00.000+02:00", "definition")


def test_a_ledger_of_the_past_can_be_made_step_by_step(shop: Simulation) -> None:
    shop.order("ada", "2022-12-24T00:00")
    shop.define("recent", "did order in last 30 days")
    for month in ("2022-12-01", "2023-01-01", "2023-02-01"):
        shop.evaluate(at=month)
    assert [(change.entered, change.cause) for change in shop.history("recent")] == [(True, "time"), (False, "time")]
    assert shop.last_change("recent", "ada") == (False, "2023-01-23T00:00:00.001+01:00", "time")


def test_an_edit_lets_people_in_and_out_when_it_was_made(shop: Simulation) -> None:
    shop.order("ada", "2024-01-01T00:00", total=10)
    shop.order("ben", "2024-01-01T00:00", total=500)
    shop.define("rich", "sum(order.total) < 100")
    shop.evaluate()
    shop.now("2024-01-05")
    shop.workspace.segments.edit("rich", "sum(order.total) > 100")
    run = segment(shop.evaluate("2024-01-09"), "rich")
    assert (run.version, run.size, run.entered, run.left) == (2, 1, 1, 1)
    assert shop.last_change("rich", "ada") == (False, "2024-01-05T00:00:00.000+01:00", "definition")
    assert shop.last_change("rich", "ben") == (True, "2024-01-05T00:00:00.000+01:00", "definition")
    assert {change.definition_version for change in shop.history("rich") if change.recorded_at} == {1, 2}


def test_an_edit_of_blanks_and_comments_changes_no_meaning(shop: Simulation) -> None:
    shop.order("ada", "2024-01-01T00:00")
    shop.define("recent", "did order in last 30 days")
    shop.evaluate()
    shop.now("2024-01-05")
    shop.workspace.segments.edit("recent", "did  order in last 30 days -- one month")
    shop.evaluate("2024-03-01")
    assert shop.last_change("recent", "ada") == (False, "2024-01-31T00:00:00.001+01:00", "time")
    assert shop.history("recent")[-1].definition_version == 2


def test_a_new_name_changes_no_meaning_for_those_that_use_it(shop: Simulation) -> None:
    shop.order("ada", "2024-01-01T00:00")
    shop.define("recent", "did order in last 30 days")
    shop.define("child", "in segment 'recent'")
    shop.evaluate()
    shop.now("2024-01-05")
    shop.workspace.segments.rename("recent", "fresh")
    shop.evaluate("2024-03-01")
    assert shop.last_change("fresh", "ada") == (False, "2024-01-31T00:00:00.001+01:00", "time")
    assert shop.last_change("child", "ada") == (False, "2024-01-31T00:00:00.001+01:00", "time")
    assert {change.segment for change in shop.history()} == {"fresh", "child"}


def test_an_edit_is_the_cause_for_those_too_who_name_the_segment(shop: Simulation) -> None:
    shop.order("ada", "2024-01-01T00:00")
    shop.define("parent", "did order")
    shop.define("child", "not in segment 'parent'")
    shop.evaluate()
    shop.now("2024-01-05")
    shop.workspace.segments.edit("parent", "never order")
    shop.evaluate("2024-01-09")
    assert shop.last_change("child", "ada") == (True, "2024-01-05T00:00:00.000+01:00", "definition")


def test_everybody_leaves_a_segment_that_is_removed(shop: Simulation) -> None:
    shop.order("ada", "2024-01-01T00:00")
    shop.define("buyers", "did order")
    shop.evaluate()
    shop.now("2024-01-05")
    shop.workspace.segments.remove("buyers")
    found = segment(shop.evaluate("2024-01-09"), "buyers")
    assert (found.is_removed, found.size, found.left) == (True, 0, 1)
    change = shop.history()[-1]
    assert (change.segment, change.entered, change.cause) == ("buyers", False, "definition")
    assert change.valid_at == change.recorded_at
    assert shop.evaluate("2024-01-10").segments == ()


def test_a_segment_of_a_removed_ones_name_begins_anew(shop: Simulation) -> None:
    shop.order("ada", "2024-01-01T00:00")
    shop.define("buyers", "did order")
    shop.evaluate()
    shop.workspace.segments.remove("buyers")
    shop.now("2024-01-05")
    shop.define("buyers", "did order")
    run = shop.evaluate("2024-01-09")
    assert [(found.name, found.entered, found.left) for found in run.segments] == [("buyers", 1, 0), ("buyers", 0, 1)]
    assert shop.current("buyers") == ["ada"]
    assert len(shop.history("buyers")) == 1


def test_a_meaning_is_the_trees_with_what_names_stand_for() -> None:
    def said(text: str, **named: str) -> str:
        return meaning(parse(text), named)

    assert said("never order") == said("not (did order)")
    assert said("never order") != said("did order")
    assert said("in segment 'a'", a="1") == said("in segment 'b'", b="1")
    assert said("in segment 'a'", a="1") != said("in segment 'a'", a="2")
    nested = "top 10% by count(order) among (not in segment 'a' or city = 'a')"
    assert said(nested, a="1") == said(nested.replace("segment 'a'", "segment 'b'"), b="1")
