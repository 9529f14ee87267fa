"""The record tells which words it holds, of what kind they are, and how many values do not fit."""

from __future__ import annotations

from pathlib import Path

import pytest

from intarsia.language.catalog import Kind
from intarsia.record.words import Word
from intarsia.workspace import Workspace
from tests.record.shop import identify, order, recorded, shop, track


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    return shop(tmp_path)


def word(ws: Workspace, scope: str, event: str, *path: str) -> Word:
    """One word of the record."""
    [found] = [one for one in ws.words() if (one.scope, one.event, one.path) == (scope, event, path)]
    return found


def test_a_new_trait_appears_with_the_kind_of_most_of_its_values(ws: Workspace) -> None:
    values = [1, 2.5, "n/a", 3, None]
    ws.record([identify(f"m{number}", "ada", {"points": value}) for number, value in enumerate(values)])
    found = word(ws, "trait", "", "points")
    assert (found.kind, found.seen, found.unfit, found.unfit_example) == (Kind.NUMBER, 4, 1, "n/a")


def test_later_values_are_counted_by_the_first_kind(ws: Workspace) -> None:
    ws.record([identify("m1", "ada", {"points": 1})])
    ws.record([identify("m2", "ada", {"points": "many"}), identify("m3", "ada", {"points": "12"})])
    found = word(ws, "trait", "", "points")
    assert (found.kind, found.seen, found.unfit, found.unfit_example) == (Kind.NUMBER, 3, 1, "many")


def test_a_value_that_does_not_fit_is_kept_as_it_came(ws: Workspace) -> None:
    assert recorded(ws, order("m1", {"quantity": "a dozen", "price": 3})).lines == (
        {"quantity": "a dozen", "price": 3},
    )
    found = word(ws, "line", "Order Completed", "quantity")
    assert (found.kind, found.seen, found.unfit, found.unfit_example) == (Kind.NUMBER, 1, 1, "a dozen")


def test_truths_and_numbers_are_counted_apart(ws: Workspace) -> None:
    lines = [{"flag": value} for value in (True, 1, False, True, 0, True)]
    ws.record([order("m1", *lines)])
    found = word(ws, "line", "Order Completed", "flag")
    assert (found.kind, found.seen, found.unfit) == (Kind.BOOLEAN, 6, 2)


def test_an_event_is_a_word_and_so_are_its_properties_down_to_four_levels(ws: Workspace) -> None:
    ws.record(
        [track("m1", "ada", "Quiz Ended", {"a": {"b": {"c": {"d": {"e": 1}}}}}), track("m2", "ada", "Quiz Ended", {})]
    )
    assert word(ws, "event", "Quiz Ended").seen == 2
    assert sorted(one.path for one in ws.words() if one.event == "Quiz Ended") == [
        (),
        ("a",),
        ("a", "b"),
        ("a", "b", "c"),
        ("a", "b", "c", "d"),
    ]


def test_lines_of_orders_and_of_refunds_are_words_of_their_own(ws: Workspace) -> None:
    line = {"sku": "c-1", "size": 42}
    ws.record([order("m1", line, line), track("r1", "ada", "Order Refunded", {"products": [line]})])
    assert word(ws, "line", "Order Completed", "size").seen == 2
    assert word(ws, "line", "Order Refunded", "size").seen == 1


def test_what_is_not_accepted_teaches_nothing(ws: Workspace) -> None:
    message = order("m1", {"sku": "c-1", "size": 42})
    ws.record([message, message])
    ws.record([message, order("m1", {"sku": "c-1", "length": 9}), identify("m2", "ada", {"x": 1}, timestamp="soon")])
    assert word(ws, "line", "Order Completed", "size").seen == 1
    assert {one.path for one in ws.words()}.isdisjoint({("length",), ("x",)})


def test_a_word_can_be_named_in_a_rule_at_once(ws: Workspace) -> None:
    ws.record([identify("m1", "ada", {"shoe_size": 42}), identify("m2", "ben", {"shoe_size": 38})])
    assert ws.segments.members("shoe_size > 40") == ["ada"]
