"""A message is in the record exactly once, however often and in whatever order it comes."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from intarsia.workspace import Workspace
from tests.record.shop import RECORDED_AT, Message, facts, identify, order, rows, shop, state, track

SEED = 20260601


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    return shop(tmp_path)


def many() -> list[Message]:
    """Messages of all kinds of five people, an id each."""
    chance = random.Random(SEED)
    found: list[Message] = []
    for number in range(120):
        who = f"p{chance.randrange(5)}"
        when = f"2026-05-{chance.randrange(1, 29):02}T10:00:00"
        if number % 3 == 0:
            found.append(identify(f"m{number}", who, {"city": chance.choice("abc"), "age": number}, timestamp=when))
        elif number % 3 == 1:
            line = {"sku": f"s{number % 7}", "quantity": number % 4, "price": number / 4, "note": number % 2 or None}
            found.append(order(f"m{number}", line, line, who=who, coupon=chance.choice(["X", None])))
        else:
            found.append(track(f"m{number}", who, "Product Viewed", {"price": number / 8, "sku": "s1"}, timestamp=when))
    return found


def test_a_message_is_accepted_once_and_then_a_duplicate(ws: Workspace) -> None:
    message = identify("m1", "ada", {"city": "Praha"})
    assert ws.record([message]).statuses == ["accepted"]
    assert ws.record([message]).statuses == ["duplicate"]
    assert len(facts(ws)) == 1


def test_a_message_twice_in_one_call_is_in_once(ws: Workspace) -> None:
    message = order("m1", {"sku": "c-1", "quantity": 1, "price": 10})
    assert ws.record([message, dict(message)]).statuses == ["accepted", "duplicate"]
    assert len(facts(ws)) == 1


def test_other_content_under_a_known_id_is_a_conflict_and_the_first_stays(ws: Workspace) -> None:
    ws.record([identify("m1", "ada", {"city": "Praha"})])
    receipt = ws.record([identify("m1", "ada", {"city": "Brno"})])
    assert receipt.statuses == ["conflicting"]
    assert [fact.properties for fact in facts(ws)] == [{"city": "Praha"}]


@pytest.mark.parametrize(
    "other",
    [
        order("m1", {"sku": "c-1", "quantity": 1, "price": 10}, {"sku": "c-2", "quantity": 1, "price": 10}),
        order("m1", {"sku": "c-2", "quantity": 1, "price": 10}, {"sku": "c-1", "quantity": 1, "price": 10.01}),
        order(
            "m1", {"sku": "c-2", "quantity": 1, "price": 10, "size": "L"}, {"sku": "c-1", "quantity": 1, "price": 10}
        ),
        order("m1", {"sku": "c-2", "quantity": "one", "price": 10}, {"sku": "c-1", "quantity": 1, "price": 10}),
        {**order("m1"), "userId": "ben"},
    ],
    ids=["order of lines", "price", "one more property", "a text", "another person"],
)
def test_an_order_that_differs_anywhere_is_a_conflict(ws: Workspace, other: Message) -> None:
    lines = ({"sku": "c-2", "quantity": 1, "price": 10}, {"sku": "c-1", "quantity": 1, "price": 10})
    ws.record([order("m1", *lines)])
    assert ws.record([other]).statuses == ["conflicting"]
    assert ws.record([order("m1", *lines)]).statuses == ["duplicate"]


def test_the_same_content_written_otherwise_is_a_duplicate(ws: Workspace) -> None:
    ws.record([order("m1", {"sku": "c-1", "name": "Coat", "quantity": 1, "price": 10.50, "size": None}, total=10.5)])
    again = order("m1", {"price": "10.500", "quantity": 1.0, "product": "Coat", "sku": "c-1"}, total="10.50")
    assert ws.record([again]).statuses == ["duplicate"]


def test_an_undated_message_is_a_duplicate_whenever_it_comes_again(ws: Workspace) -> None:
    message = identify("m1", "ada", {"city": "Praha"})
    ws.record([message], "2026-06-01T12:00:00Z")
    assert ws.record([message], "2026-06-02T12:00:00Z").statuses == ["duplicate"]
    assert ws.record([{**message, "timestamp": "2026-06-01T12:00:00Z"}]).statuses == ["conflicting"]


def test_messages_without_ids_are_told_by_content_and_number(ws: Workspace) -> None:
    twice = [track(None, "ada", "Product Viewed", {"sku": "c-1"})] * 2
    other = track(None, "ada", "Product Viewed", {"sku": "c-2"})
    assert ws.record([*twice, other]).statuses == ["accepted"] * 3
    assert ws.record(twice).statuses == ["duplicate"] * 2
    assert ws.record([*twice, *twice[:1]]).statuses == ["duplicate", "duplicate", "accepted"]


def test_shuffled_and_repeated_messages_give_the_same_record(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    plain, mixed = shop(tmp_path / "plain"), shop(tmp_path / "mixed")
    plain.record(many(), RECORDED_AT)
    shuffled = [*many(), *many()[::3]]
    chance.shuffle(shuffled)
    statuses = mixed.record(shuffled, RECORDED_AT).statuses
    assert (statuses.count("accepted"), statuses.count("duplicate")) == (120, 40), f"seed {SEED}"
    assert state(mixed) == state(plain), f"seed {SEED}"


def test_messages_in_several_calls_give_the_same_record_as_in_one(tmp_path: Path) -> None:
    whole, parts = shop(tmp_path / "whole"), shop(tmp_path / "parts")
    whole.record(many(), RECORDED_AT)
    for begin in range(0, 120, 7):
        parts.record(many()[max(0, begin - 3) : begin + 7], RECORDED_AT)
    assert state(parts) == state(whole)


def test_a_call_of_which_half_is_known_adds_the_other_half_with_its_own_lines(tmp_path: Path) -> None:
    whole, halves = shop(tmp_path / "whole"), shop(tmp_path / "halves")
    whole.record(many(), RECORDED_AT)
    halves.record(many()[::2], RECORDED_AT)
    statuses = halves.record(many(), RECORDED_AT).statuses
    assert statuses == ["duplicate", "accepted"] * 60
    assert state(halves) == state(whole)


def test_event_numbers_grow_and_are_given_once(ws: Workspace) -> None:
    for begin in range(0, 120, 50):
        ws.record(many()[begin : begin + 50])
    [row] = rows(ws, "select count(distinct event_no) n, min(event_no) low, max(event_no) high from lake.events")
    assert row == {"n": 120, "low": 1, "high": 120}


def test_nothing_at_all_is_a_receipt_of_nothing(ws: Workspace) -> None:
    counts = dict.fromkeys(("accepted", "duplicate", "conflicting", "rejected", "rounded", "cut"), 0)
    assert ws.record([]).to_json() == {**counts, "reasons": {}}
