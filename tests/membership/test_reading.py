"""Reading the ledger: members, history and sizes, beside a count by hand."""

from __future__ import annotations

import json

import pytest

from intarsia.membership.ledger import Timeline, timeline, was_in
from intarsia.segment.definitions import NoSuchSegment
from tests.membership.simulated import Simulation


@pytest.fixture
def told(shop: Simulation) -> Simulation:
    """Ada and علی bought at once, ben later; ada's window has gone by."""
    shop.order("ada", "2024-01-01T00:00")
    shop.order("علی", "2024-01-01T00:00")
    shop.define("recent", "did order in last 30 days")
    shop.define("buyers", "did order")
    shop.evaluate()
    shop.now("2024-02-10")
    shop.order("علی", "2024-01-20T00:00")
    shop.order("ben", "2024-02-05T00:00")
    shop.evaluate()
    return shop


def test_current_members_come_in_the_order_of_their_ids_bytes(told: Simulation) -> None:
    assert told.current("recent") == ["ben", "علی"]
    assert told.current("buyers") == ["ada", "ben", "علی"]


def test_history_tells_who_when_and_why(told: Simulation) -> None:
    changes = [(change.segment, change.profile_id, change.entered, change.cause) for change in told.history()]
    assert sorted(changes) == [
        ("buyers", "ada", True, "definition"),
        ("buyers", "ben", True, "data"),
        ("buyers", "علی", True, "definition"),
        ("recent", "ada", False, "time"),
        ("recent", "ada", True, "definition"),
        ("recent", "ben", True, "data"),
        ("recent", "علی", True, "definition"),
    ]


def test_history_of_one_person_or_segment_is_a_part_of_the_whole(told: Simulation) -> None:
    whole = told.history()
    assert told.history("recent") == [change for change in whole if change.segment == "recent"]
    assert told.history(profile_id="ada") == [change for change in whole if change.profile_id == "ada"]
    assert len(told.history("recent", "ada")) == 2
    assert told.history(profile_id="nobody") == []


def test_a_change_in_json_has_iso_instants(told: Simulation) -> None:
    shown = json.loads(json.dumps(told.history("recent", "ada")[-1].to_json()))
    assert shown["valid_at"] == "2024-01-30T23:00:00.001Z"
    assert shown["recorded_at"] == "2024-02-09T23:00:00.000Z"
    assert shown["run_id"] == told.history()[-1].run_id


def test_sizes_change_when_people_did_and_not_when_runs_were_made(told: Simulation) -> None:
    sizes = [(size.to_json()["at"], size.size) for size in told.workspace.memberships.sizes("recent")]
    assert sizes == [
        ("2023-12-31T23:00:00.000Z", 2),
        ("2024-01-30T23:00:00.001Z", 1),
        ("2024-02-04T23:00:00.000Z", 2),
    ]


def test_a_segment_without_members_has_no_sizes(shop: Simulation) -> None:
    shop.define("buyers", "did order")
    shop.evaluate()
    assert shop.workspace.memberships.sizes("buyers") == []
    assert shop.current("buyers") == []


def test_a_name_that_nobody_has_is_refused_with_the_nearest(told: Simulation) -> None:
    for read in (told.current, told.history, told.workspace.memberships.sizes):
        with pytest.raises(NoSuchSegment) as caught:
            read("recents")
        assert caught.value.hint() == "the nearest is `recent`"


def test_the_last_run_says_as_of_when_the_ledger_is(told: Simulation) -> None:
    last = told.workspace.memberships.last_run()
    assert last is not None
    assert last.to_json()["at"] == "2024-02-09T23:00:00.000Z"
    assert {state.name: state.size for state in last.states.values()} == {"recent": 2, "buyers": 3}


def test_before_the_first_run_there_is_nothing_to_read(shop: Simulation) -> None:
    shop.define("buyers", "did order")
    assert shop.workspace.memberships.last_run() is None
    assert (shop.current("buyers"), shop.history()) == ([], [])


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ([(5, True), (9, False)], [(5, True), (9, False)]),
        ([(5, True), (9, False), (3, True)], [(3, True)]),
        ([(5, True), (9, False), (7, True)], [(5, True), (7, True)]),
        ([(5, True), (5, False)], [(5, False)]),
        ([], []),
    ],
)
def test_a_later_change_overrules_what_was_written_of_its_instant_and_after(changes: Timeline, said: Timeline) -> None:
    assert timeline(changes) == said


def test_somebody_is_in_from_the_instant_of_entry_up_to_that_of_leaving() -> None:
    said = [(5, True), (9, False)]
    assert [was_in(said, at) for at in (4, 5, 8, 9)] == [False, True, True, False]
