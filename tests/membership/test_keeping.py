"""The keeper: who leaves when, what subscribers and the ledger are told of it, and how it finds its own mistakes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import intarsia
from intarsia.clock import to_iso
from intarsia.engine.live.changed import Change
from intarsia.lake.faults import LakeBusy
from intarsia.membership.keeping.keeper import Keeper
from intarsia.segment.definitions import Definitions
from tests.membership.simulated import Simulation, in_prague, instant, simulation

DAY = 86_400_000


class Kept(Simulation):
    """A shop in simulated time, with a keeper and what it told."""

    def __init__(self, shop: Simulation) -> None:
        self.__dict__.update(shop.__dict__)
        self.told: list[Change] = []
        self.keeper: Keeper

    def begin(self) -> None:
        """Begin to keep the segments that there are."""
        self.keeper = self.workspace.keeper([self.told.extend])

    def receive(self, *messages: dict[str, Any]) -> None:
        """Take messages into the journal, now."""
        assert self.workspace.receive(messages).count("accepted") == len(messages)

    def step(self, at: str | int) -> list[tuple[str, str, bool, str]]:
        """Let it be an instant; who enters or leaves what, and why."""
        self.now(at)
        self.told.clear()
        self.keeper.step(self.workspace.now())
        ids = self.keeper.live.columns.ids
        return sorted(
            (change.segment, str(ids[place]), entered, change.cause)
            for change in self.told
            for place, entered in zip(change.places.tolist(), change.entered.tolist(), strict=True)
        )

    def settle(self) -> None:
        """Write everything down, now."""
        self.keeper.settle(self.workspace.now())


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Kept]:
    with simulation(tmp_path / "shop", "2026-05-01") as shop:
        kept = Kept(shop)
        kept.define("recent", "did order in last 30 days")
        kept.define("quiet", "not in segment 'recent' and did order")
        kept.begin()
        yield kept
        kept.keeper.close()


def order(number: int, who: str, at: str | int, **properties: Any) -> dict[str, Any]:
    when = to_iso(instant(at) if isinstance(at, str) else at)
    properties = {"order_id": f"A{number}", "total": 100, **properties}
    return {
        "type": "track",
        "messageId": f"o{number}",
        "userId": who,
        "event": "Order Completed",
        "timestamp": when,
        "properties": properties,
    }


def test_somebody_leaves_at_the_instant_without_any_event(shop: Kept) -> None:
    bought = instant("2026-05-02T10:20:30") + 456
    shop.now(bought + 2000)
    shop.receive(order(1, "ada", bought))
    assert ("recent", "ada", True, "data") in shop.step(bought + 2000)
    leaving = instant("2026-06-01T10:20:30") + 456
    seconds = range(leaving - 3500, leaving + 1000, 1000)
    found = {second: shop.step(second) for second in seconds}
    [noticed] = [second for second, changes in found.items() if changes]
    assert leaving < noticed + 1 <= leaving + 1000
    assert found[noticed] == [("quiet", "ada", True, "time"), ("recent", "ada", False, "time")]
    shop.settle()
    assert shop.last_change("recent", "ada") == (False, in_prague(leaving + 1), "time")
    assert shop.last_change("quiet", "ada")[0]
    assert [(change.entered, change.valid_at) for change in shop.history("recent")] == [
        (True, bought),
        (False, leaving + 1),
    ]


def test_who_enters_and_leaves_between_two_writings_is_in_the_ledger(shop: Kept) -> None:
    shop.define("brief", "did order in last 2 hours")
    shop.settle()
    shop.now("2026-05-03T12:00:02")
    shop.receive(order(1, "ada", "2026-05-03T12:00"))
    shop.step("2026-05-03T12:00:02")
    shop.step("2026-05-03T15:00")
    assert shop.history("brief") == []
    shop.settle()
    assert [(change.entered, change.cause) for change in shop.history("brief")] == [(True, "data"), (False, "time")]
    assert shop.current("brief") == []


def test_a_late_fact_counts_from_when_it_was_true(shop: Kept) -> None:
    shop.now("2026-05-20")
    shop.receive(order(1, "ada", "2026-05-04T08:00"))
    shop.step("2026-05-20")
    shop.settle()
    assert shop.last_change("recent", "ada") == (True, "2026-05-04T08:00:00.000+02:00", "data")


def test_a_message_counts_once_by_whichever_way_it_comes(shop: Kept) -> None:
    shop.define("twice", "count(order) >= 2")
    first, second = (order(number, "ada", f"2026-05-0{number}") for number in (1, 2))
    shop.now("2026-05-03")
    shop.record(first)
    shop.settle()
    assert shop.workspace.receive([first, first]).count("accepted") == 1
    assert shop.step("2026-05-04") == []
    shop.workspace.receive([second, first])
    assert shop.step("2026-05-05") == [("twice", "ada", True, "data")]
    shop.settle()
    assert shop.workspace.segments.members("twice") == ["ada"]


def test_people_who_become_one_move_for_that(shop: Kept) -> None:
    shop.define("twice", "count(order) >= 2")
    shop.settle()
    shop.now("2026-05-03")
    shop.receive(order(1, "ada", "2026-05-01T01:00"), order(2, "ben", "2026-05-02"))
    shop.step("2026-05-03")
    shop.settle()
    shop.now("2026-05-04")
    shop.workspace.identity.merge("ada", "ben", "the same")
    shop.settle()
    assert shop.current("twice") == shop.current("recent") == ["ada"]
    assert {change.cause for change in shop.history("twice")} == {"merge"}
    assert {change.cause for change in shop.history("recent", "ben")} >= {"merge"}


def test_a_pin_and_its_end_are_somebodys_doing(shop: Kept) -> None:
    shop.now("2026-05-03")
    shop.receive(order(1, "ada", "2026-05-02"), {**order(2, "ben", "2026-05-02"), "event": "Seen"})
    shop.step("2026-05-03")
    shop.settle()
    shop.workspace.segments.pin("recent", ["ben"], reason="a friend", until="2026-05-05T12:00")
    shop.now("2026-05-04")
    shop.settle()
    assert shop.current("recent") == ["ada", "ben"]
    shop.step("2026-05-05T12:00:01")
    shop.settle()
    assert shop.last_change("recent", "ben") == (False, "2026-05-05T12:00:00.000+02:00", "manual")


def test_an_edited_definition_counts_from_then_and_the_others_stay(shop: Kept) -> None:
    shop.now("2026-05-03")
    shop.receive(order(1, "ada", "2026-05-02", total=5))
    shop.step("2026-05-03")
    shop.settle()
    before = len(shop.history("quiet"))
    shop.now("2026-05-04T07:00")
    shop.workspace.segments.edit("recent", "did order where (total > 10) in last 30 days")
    shop.now("2026-05-04T08:00")
    shop.settle()
    assert shop.last_change("recent", "ada") == (False, "2026-05-04T07:00:00.000+02:00", "definition")
    assert shop.last_change("quiet", "ada") == (True, "2026-05-04T07:00:00.000+02:00", "definition")
    assert len(shop.history("quiet")) == before + 1


def test_what_is_invalid_keeps_its_members_and_the_others_go_on(shop: Kept) -> None:
    shop.record({"type": "identify", "messageId": "i", "userId": "ada", "traits": {"tier": 3}})
    shop.now("2026-05-03")
    shop.define("high", "tier > 2")
    shop.settle()
    assert shop.current("high") == ["ada"]
    shop.now("2026-05-04")
    with intarsia.open(shop.workspace.path, clock=shop.workspace.now) as other:
        Definitions(other.store).edit("high", "shoe_size > 40", at=other.now())
    shop.receive(order(1, "ada", "2026-05-03"))
    shop.settle()
    assert shop.current("high") == ["ada"]
    assert shop.keeper.live.invalid.keys() == {"high"}
    assert shop.current("recent") == ["ada"]
    stale = {segment.name: segment.is_stale for segment in shop.workspace.status().segments}
    assert stale == {"high": True, "recent": False, "quiet": False}


def test_it_finds_its_own_mistakes_tells_them_and_mends_them(shop: Kept) -> None:
    shop.now("2026-05-03")
    shop.receive(*(order(number, f"p{number}", "2026-05-02") for number in range(30)))
    shop.step("2026-05-03")
    shop.settle()
    live = shop.keeper.live
    wrong = live.places["p7"]
    live.members["recent"][wrong] = False
    shop.step("2026-05-03T00:01")
    shop.settle()
    assert shop.keeper.is_pressing
    shop.settle()
    assert [told for told in shop.keeper.account.told if told == "p7 in `recent`"]
    assert live.members["recent"][wrong]
    assert shop.current("recent") == shop.workspace.segments.members("recent")


def test_after_a_day_of_sleep_everything_is_as_if_it_had_been_awake(shop: Kept) -> None:
    shop.now("2026-05-03")
    shop.receive(*(order(number, f"p{number}", f"2026-04-{number + 10}") for number in range(20)))
    shop.step("2026-05-03")
    shop.settle()
    shop.now("2026-05-25")
    shop.settle()
    assert shop.current("recent") == shop.workspace.segments.members("recent")
    left = {change.profile_id: change.valid_at for change in shop.history("recent") if not change.entered}
    assert left == {
        f"p{number}": instant(f"2026-04-{number + 10}") + 30 * DAY + 1
        for number in range(20)
        if instant(f"2026-04-{number + 10}") + 30 * DAY < instant("2026-05-25")
    }


def test_the_next_keeper_goes_on_where_the_last_one_stopped(shop: Kept) -> None:
    shop.now("2026-05-03")
    shop.receive(*(order(number, f"p{number}", "2026-05-02") for number in range(30)))
    shop.keeper.close()
    shop.receive(order(99, "zoe", "2026-05-02"))
    shop.now("2026-05-04")
    shop.begin()
    assert shop.current("recent") == shop.workspace.segments.members("recent")
    assert len(shop.current("recent")) == 31
    assert np.count_nonzero(shop.keeper.live.members["recent"]) == 31


def test_whoever_came_last_is_there_for_the_next_keeper(shop: Kept) -> None:
    shop.record(order(1, "ada", "2026-05-01"))
    shop.settle()
    shop.now("2026-05-02")
    shop.receive(order(2, "new", "2026-05-01"))
    shop.step("2026-05-03")
    shop.keeper.close()
    shop.begin()
    assert shop.current("recent") == ["ada", "new"]
    with shop.workspace.previews() as previews:
        assert previews.size("did order") == 2


def test_nothing_of_the_erased_is_left_among_what_was_worked_out(shop: Kept) -> None:
    folder = shop.workspace.path / "cache"

    def holds(canary: bytes) -> bool:
        return any(canary in path.read_bytes() for path in folder.rglob("*") if path.is_file())

    shop.define("of a city", "city != 'Brno'")
    shop.record({"type": "identify", "messageId": "i1", "userId": "ada", "traits": {"city": "zzCANARY"}})
    shop.record({"type": "identify", "messageId": "i2", "userId": "ben", "traits": {"city": "Praha"}})
    shop.settle()
    shop.keeper.keep()
    assert holds(b"zzCANARY")
    shop.workspace.profiles.erase(["ada"], reason="asked")
    assert not holds(b"zzCANARY")
    shop.keeper.keep()
    assert not holds(b"zzCANARY")
    shop.now("2026-05-04")
    shop.settle()
    shop.keeper.close()
    assert not holds(b"zzCANARY")
    assert holds(b"Praha")
    assert shop.current("of a city") == ["ben"]
    shop.begin()


def test_a_message_that_comes_again_after_the_journal_has_forgotten_it_counts_once(shop: Kept) -> None:
    shop.workspace.declare_word("Seen", scope="event")
    shop.define("twice", "count(Seen) >= 2")
    seen = {"type": "track", "messageId": "s", "userId": "ada", "event": "Seen"}
    shop.receive(seen)
    shop.step("2026-05-03")
    shop.settle()
    shop.now("2026-05-06")
    shop.workspace.journal.forget(10, shop.workspace.now())
    shop.receive(seen)
    assert not [change for change in shop.step("2026-05-06T01:00") if change[0] == "twice"]
    shop.settle()
    assert shop.current("twice") == shop.workspace.segments.members("twice") == []


def test_what_the_record_has_from_somebody_else_is_taken_back(shop: Kept) -> None:
    shop.receive(order(7, "ada", "2026-05-01"))
    shop.record(order(7, "ben", "2026-05-01"))
    shop.step("2026-05-02")
    shop.settle()
    shop.now("2026-05-03")
    shop.settle()
    assert shop.current("recent") == shop.workspace.segments.members("recent") == ["ben"]


def test_who_moved_while_nobody_kept_them_up_moved_by_time_at_their_instant(shop: Kept) -> None:
    shop.receive(*(order(number, f"p{number}", 1777600000000 + number) for number in range(400)))
    shop.step("2026-05-02")
    shop.keeper.close()
    shop.now("2026-07-01")
    shop.begin()
    left = [change for change in shop.history("recent") if not change.entered]
    assert len(left) == 400
    assert {change.cause for change in left} == {"time"}
    assert {change.valid_at for change in left} == {1777600000001 + number + 30 * DAY for number in range(400)}


def test_a_definition_becomes_valid_by_a_consent_that_is_declared(shop: Kept) -> None:
    with intarsia.open(shop.workspace.path, clock=shop.workspace.now) as other:
        other.segments.add("all", "everyone")
        Definitions(other.store).edit("all", "not consent email for marketing is given", at=other.now())
    shop.record(order(1, "ada", "2026-05-01"))
    shop.settle()
    assert "all" in shop.keeper.live.invalid
    shop.workspace.consents.declare("email", "marketing")
    shop.now("2026-05-03")
    shop.settle()
    assert shop.current("all") == ["ada"]


def test_a_life_that_cannot_begin_now_begins_later(shop: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    ws = shop.workspace
    shop.record(order(1, "ada", "2026-05-01"), order(2, "ben", "2026-05-01"))
    shop.settle()
    ws.profiles.erase(["ben"], reason="asked")
    ask = ws._asked
    shop.now("2026-05-04")
    monkeypatch.setattr(type(ws.lake), "writing", lambda _: _fails())
    with pytest.raises(LakeBusy):
        shop.settle()
    monkeypatch.undo()
    assert ws._asked == ask
    shop.receive(order(3, "cyd", "2026-05-03"))
    shop.step("2026-05-05")
    shop.settle()
    assert shop.current("recent") == ["ada", "cyd"]


def _fails() -> Any:
    raise LakeBusy(path="lake", seconds=1)
