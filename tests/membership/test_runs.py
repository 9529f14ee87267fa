"""Evaluating again, at once, backwards, after a crash: the ledger has each change once."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from intarsia.lake.faults import LakeBusy
from intarsia.lake.lock import WritingLock
from intarsia.membership.evaluate import LOCK, Ahead, Backwards
from intarsia.workspace import open_workspace
from tests.membership.simulated import Simulation, instant


def written(shop: Simulation) -> tuple[int, list[tuple[Any, ...]]]:
    """The state of the ledger's table, and what the store keeps of runs."""
    rows = shop.workspace.store.rows("select * from run join run_segment using (run_id) order by run_id, segment_id")
    return shop.workspace.lake.snapshot("memberships").version, [tuple(row) for row in rows]


def test_a_second_evaluation_of_the_same_writes_nothing(shop: Simulation) -> None:
    shop.order("ada", "2024-01-01T00:00")
    shop.define("buyers", "did order")
    first = shop.evaluate(at="2024-01-01")
    before = written(shop)
    shop.now("2024-01-05")
    second = shop.evaluate(at="2024-01-01")
    assert (second.run_id, second.changes, written(shop)) == (first.run_id, 0, before)
    assert [(found.name, found.size) for found in second.segments] == [("buyers", 1)]


def test_an_evaluation_without_changes_leaves_the_lake_alone_and_is_remembered(shop: Simulation) -> None:
    shop.order("ada", "2024-01-01T00:00")
    shop.define("buyers", "did order")
    shop.evaluate()
    version, _ = written(shop)
    for day in range(2, 9):
        assert shop.evaluate(f"2024-01-{day:02}").changes == 0
    last = shop.workspace.memberships.last_run()
    assert last is not None
    assert last.look.at == instant("2024-01-08")
    assert shop.workspace.lake.snapshot("memberships").version == version
    assert shop.workspace.store.rows("select count(*) as n from run")[0]["n"] == 3


def test_how_segments_stood_after_runs_of_long_ago_is_let_go_of(shop: Simulation) -> None:
    shop.define("gone", "count(order) >= 1")
    shop.define("buyers", "did order")
    for day in range(1, 8):
        shop.order(f"p{day}", f"2024-01-{day:02}T00:00")
        shop.evaluate(f"2024-01-{day:02}")
        if day == 3:
            shop.workspace.segments.remove("gone")
    store = shop.workspace.store
    assert store.row("select count(*) as n from run")["n"] == 7  # type: ignore[index]
    kept = [tuple(row) for row in store.rows("select name, size from run_segment order by name, size")]
    assert kept == [("buyers", 6), ("buyers", 7), ("gone", 2), ("gone", 3)]
    assert {change.segment for change in shop.history()} == {"buyers", "gone"}


def test_an_empty_workspace_can_be_evaluated(shop: Simulation) -> None:
    run = shop.evaluate()
    assert (run.segments, run.changes, shop.history()) == ((), 0, [])
    assert run.to_json()["segments"] == []


def test_the_ledger_does_not_go_backwards(shop: Simulation) -> None:
    shop.define("buyers", "did order")
    shop.now("2024-02-01")
    shop.evaluate(at="2024-01-01", known_at="2024-01-01")
    with pytest.raises(Backwards, match=re.escape("2023-12-30T23:00:00.000Z")):
        shop.evaluate(at="2023-12-31")
    with pytest.raises(Backwards) as caught:
        shop.evaluate(at="2024-01-02", known_at="2023-12-31")
    assert caught.value.code == "membership.backwards"
    assert shop.evaluate(at="2024-01-01", known_at="2024-01-01").changes == 0


def test_the_ledger_does_not_go_ahead_of_the_present(shop: Simulation) -> None:
    shop.define("buyers", "did order")
    shop.now("2024-01-10")
    for question in ({"at": "2034-01-10"}, {"at": "2024-01-10", "known_at": "2034-01-10"}):
        with pytest.raises(Ahead) as caught:
            shop.evaluate(**question)
        assert (caught.value.code, caught.value.exit_status) == ("membership.ahead", 2)
    assert shop.evaluate(at="2024-01-10").as_of.at == instant("2024-01-10")


def test_a_clock_that_is_set_back_forgets_nothing(shop: Simulation) -> None:
    shop.define("buyers", "did order")
    shop.now("2024-01-10")
    shop.order("ada", "2024-01-01T00:00")
    shop.evaluate(at="2024-01-10")
    shop.now("2024-01-09")
    assert shop.evaluate(at="2024-01-10").changes == 0


def test_changes_are_numbered_without_gaps(shop: Simulation) -> None:
    for who in ("ada", "ben", "eva"):
        shop.order(who, "2024-01-01T00:00")
    shop.define("buyers", "did order")
    shop.define("recent", "did order in last 30 days")
    shop.evaluate()
    shop.evaluate("2024-03-01")
    assert [change.change_no for change in shop.history()] == list(range(1, 10))
    assert shop.workspace.lake.mark_of("memberships", "memberships") == 9


def test_a_run_that_was_cut_off_before_its_changes_has_never_been(shop: Simulation) -> None:
    shop.order("ada", "2024-01-01T00:00")
    shop.define("recent", "did order in last 30 days")
    shop.evaluate()
    shop.workspace.store.rows("insert into run values ('cut off', ?, ?, 9, 7, 6, 0, 0)", *[instant("2024-09-01")] * 2)
    last = shop.workspace.memberships.last_run()
    assert last is not None
    assert last.run_id != "cut off"
    shop.evaluate("2024-03-01")
    assert shop.last_change("recent", "ada") == (False, "2024-01-31T00:00:00.001+01:00", "time")
    assert shop.workspace.store.row("select * from run where run_id = 'cut off'") is None


def test_a_run_cut_off_by_a_full_disk_is_made_again(shop: Simulation, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.order("ada", "2024-01-01T00:00")
    shop.define("buyers", "did order")

    def full(*_: object, **__: object) -> bool:
        raise OSError("no space left")

    with monkeypatch.context() as patched:
        patched.setattr(shop.workspace.lake, "append", full)
        with pytest.raises(OSError, match="no space"):
            shop.evaluate()
    assert shop.workspace.memberships.last_run() is None
    assert shop.evaluate().changes == 1
    assert shop.last_change("buyers", "ada")[2] == "definition"


def test_two_evaluations_do_not_run_at_once(shop: Simulation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("intarsia.membership.evaluate.WAIT_SECONDS", 0.05)
    with WritingLock(shop.workspace.lake.path / LOCK, 0).held(), pytest.raises(LakeBusy):
        shop.evaluate()


def test_recording_does_not_wait_for_an_evaluation(shop: Simulation) -> None:
    with WritingLock(shop.workspace.lake.path / LOCK, 0).held():
        shop.order("ada", "2024-01-01T00:00")
    assert shop.workspace.segments.count("did order").size == 1


def test_another_process_goes_on_where_this_one_was(shop: Simulation, tmp_path: Path) -> None:
    shop.order("ada", "2024-01-01T00:00")
    shop.define("recent", "did order in last 30 days")
    shop.evaluate()
    with open_workspace(tmp_path / "shop", clock=lambda: instant("2024-06-01")) as other:
        assert other.evaluate().changes == 1
        assert other.memberships.current("recent") == []
