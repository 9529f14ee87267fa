"""What a keeper knows of the past beside the columns: the next one takes it up instead of reading the record again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from intarsia.engine.columns.known_texts import KnownTexts
from intarsia.errors import Phrase
from intarsia.membership.keeping import book, checking
from intarsia.membership.keeping.in_ledger import InLedger
from intarsia.membership.keeping.keeper import Keeper
from tests.membership.simulated import Simulation, simulation

PEOPLE = 40


class Kept(Simulation):
    """A shop of forty people who bought on the second of May, and what keeps its segments."""

    def __init__(self, shop: Simulation) -> None:
        self.__dict__.update(shop.__dict__)
        self.said_of_torn: list[Phrase] = []
        self.define("recent", "did order in last 30 days")
        self.define("twice", "count(order) >= 2")
        self.now("2026-05-03")
        self.bought_first = [self.bought(f"p{number:02}", "2026-05-02") for number in range(PEOPLE)]
        self.record(*self.bought_first)
        self.keeper = self.begin()

    def begin(self) -> Keeper:
        """Another keeper."""
        return self.workspace.keeper(log=self.said_of_torn.append)

    def go_on(self, at: str) -> None:
        """Take what has come as of an instant, and write it down."""
        self.now(at)
        self.keeper.step(self.workspace.now())
        for _ in range(2):  # what is found to be read anew is read the second time
            self.keeper.settle(self.workspace.now())

    def agrees(self) -> bool:
        """Whether SQL, the ledger and the keeper have the same members, and there are some."""
        ws, live = self.workspace, self.keeper.live
        for name in ("recent", "twice"):
            kept = sorted(str(live.columns.ids[place]) for place in np.flatnonzero(live.members[name]))
            if not kept == self.current(name) == ws.segments.members(name):
                return False
        return bool(self.current("recent"))


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Kept]:
    with simulation(tmp_path / "shop", "2026-05-01") as shop:
        kept = Kept(shop)
        yield kept
        kept.keeper.close()


@pytest.fixture
def nothing_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> Any:
        raise AssertionError("what was known is read again")

    monkeypatch.setattr(KnownTexts, "build", fail)
    monkeypatch.setattr(InLedger, "read", fail)


def test_the_next_keeper_takes_it_up(shop: Kept, request: pytest.FixtureRequest) -> None:
    shop.keeper.close()
    request.getfixturevalue("nothing_is_read_again")
    by_another = shop.bought("p01", "2026-05-03T08:00")
    shop.now("2026-05-04")
    shop.record(by_another)
    shop.keeper = shop.begin()
    assert shop.agrees()
    assert shop.current("twice") == ["p01"]
    assert not shop.said_of_torn


def test_messages_that_were_known_before_count_once(shop: Kept) -> None:
    shop.keeper.close()
    shop.keeper = shop.begin()
    shop.workspace.receive([*shop.bought_first, shop.bought("p02", "2026-05-04")])
    shop.go_on("2026-05-05")
    assert shop.keeper.account.taken == 1
    assert shop.current("twice") == ["p02"]
    assert shop.agrees()


def test_orders_that_were_known_before_are_changed_and_not_added(shop: Kept) -> None:
    shop.keeper.close()
    shop.keeper = shop.begin()
    [same] = [
        {**shop.bought("p03", "2026-05-04"), "properties": {"order_id": first["properties"]["order_id"], "total": 7}}
        for first in shop.bought_first[3:4]
    ]
    shop.workspace.receive([same])
    shop.now("2026-05-05")
    shop.keeper.step(shop.workspace.now())
    assert shop.keeper.live.unread == {shop.keeper.live.places["p03"]}
    shop.go_on("2026-05-05T00:01")
    assert shop.current("twice") == []
    assert shop.agrees()


def test_what_lies_ahead_is_known_to_the_next_one(shop: Kept) -> None:
    shop.record(shop.bought("p04", "2026-05-20"))
    shop.go_on("2026-05-04")
    shop.keeper.close()
    shop.keeper = shop.begin()
    shop.go_on("2026-05-19")
    assert shop.current("twice") == []
    shop.go_on("2026-05-21")
    assert shop.current("twice") == ["p04"]


@pytest.mark.parametrize("part", ["known-20-messages", "known-20-orders", "last-20-statements", "ledger"])
def test_what_is_damaged_is_worked_out_anew_with_a_message(shop: Kept, part: str) -> None:
    shop.keeper.close()
    [file] = (shop.workspace.path / "cache" / "columns").glob(f"{part}.*.npy")
    content = bytearray(file.read_bytes())
    content[-1] ^= 255
    file.write_bytes(content)
    shop.keeper = shop.begin()
    assert len(shop.said_of_torn) == 1
    shop.workspace.receive([*shop.bought_first, shop.bought("p05", "2026-05-04")])
    shop.go_on("2026-05-05")
    assert shop.current("twice") == ["p05"]
    assert shop.agrees()


def test_somebody_with_many_facts_is_checked_a_few_segments_at_a_time(
    shop: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.record(*(shop.bought("p00", "2026-05-03") for _ in range(9)))
    shop.go_on("2026-05-04")
    monkeypatch.setattr(checking, "FACTS_AT_ONCE", 5)
    live, standings, look = shop.keeper.live, shop.keeper._life._standings, checking.Round()
    live.members[standings[-1].definition.name][live.places["p00"]] = False
    with shop.workspace.ask() as asking:
        looks = [look.look(asking, live.columns, standings, live.members) for _ in range(12)]
        assert [one.finished for one in looks] == [0, 1, 5, 5, 5, 5, 5, 5, 5, 4, 0, 0]
    assert [[one.place for one in each.differences] for each in looks[:3]] == [[], [live.places["p00"]], []]
    assert [len(one.people) for one in looks] == [1, 1, 5, 5, 5, 5, 5, 5, 5, 4, 0, 1]
    live.unread.add(live.places["p00"])
    shop.go_on("2026-05-04T00:01")
    assert shop.agrees()


def test_of_whom_there_is_too_much_to_read_the_change_gets_the_instant_at_which_it_was_noticed(
    shop: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    def moved(who: str) -> str:
        return shop.last_change("twice", who)[1]

    monkeypatch.setattr(book, "DATED_FACTS", 3)
    newer, older = shop.bought("p06", "2026-05-04T10:00"), shop.bought("p06", "2026-05-04T09:00")
    several = [shop.bought("p07", f"2026-05-04T0{hour}:00") for hour in (7, 8, 9)]
    shop.workspace.receive([newer, older, *several])
    shop.go_on("2026-05-05")
    assert moved("p06") == "2026-05-04T09:00:00.000+02:00"
    assert moved("p07") == "2026-05-04T09:00:00.000+02:00"
    assert shop.agrees()


def test_more_texts_than_are_held_beside_the_others_are_sorted_in() -> None:
    texts = [f"m{number}" for number in range(1000)]
    known = KnownTexts.build([texts[:300], texts[200:500]])
    known.add(texts[400:])
    assert known.hashes.tolist() == KnownTexts.build([texts]).hashes.tolist()
