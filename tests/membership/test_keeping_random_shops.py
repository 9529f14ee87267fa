"""Random shops kept up by the keeper: whatever comes, by whichever way, the ledger is what a full evaluation finds."""

from __future__ import annotations

import random
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from intarsia.engine.live.changed import Change
from intarsia.errors import UserError
from intarsia.membership.keeping.keeper import Keeper
from tests.membership.simulated import Simulation, simulation
from tests.membership.test_random_shops import DAY, EDITS, HOUR, SEGMENTS, WHO, live
from tests.thorough import so_many

SHOPS = so_many(1, 60)
STEPS = so_many(4, 12)


class Sender(Simulation):
    """Says what would be recorded in a shop, and records nothing."""

    def __init__(self, shop: Simulation) -> None:
        self.__dict__.update(shop.__dict__)
        self.sent: list[dict[str, Any]] = []

    def record(self, *messages: dict[str, Any]) -> None:
        self.sent += messages


class Kept:
    """A shop, its keeper, and what its subscriber was told."""

    def __init__(self, shop: Simulation, dice: random.Random, now: int) -> None:
        self.shop, self.dice, self.now = shop, dice, now
        self.told: list[Change] = []
        self.met = Counter[str]()
        self.keeper: Keeper = shop.workspace.keeper([self.told.extend])

    def receive(self) -> None:
        """Messages as they come, some of them twice, some that are recorded already."""
        sender = Sender(self.shop)
        live(sender, self.dice, self.now)
        messages = [*sender.sent, *self.dice.sample(sender.sent, len(sender.sent) // 3)]
        self.shop.workspace.receive(messages)
        self.met["received"] += len(messages)

    def happen(self) -> None:
        """One thing that people, other programs or time may do."""
        ws, dice = self.shop.workspace, self.dice
        what = dice.choice(
            (
                "edit",
                "pin",
                "unpin",
                "load",
                "restart",
                "evaluate",
                "ask",
                "rename",
                "remove",
                "merge",
                "unmerge",
                "erase",
            )
        )
        names = [definition.name for definition in ws.segments.all()]
        who, name = dice.choice(WHO), dice.choice(names)
        self.met[what] += 1
        match what:
            case "edit":
                edited = dice.choice(sorted(EDITS.keys() & set(names)))
                ws.segments.edit(edited, EDITS[edited])
            case "pin":
                ws.segments.pin(name, [who], reason="asked", until=None)
            case "unpin":
                ws.segments.unpin(name, [who])
            case "load":
                live(self.shop, dice, self.now)
            case "restart":
                self.keeper.close()
                self.keeper = ws.keeper([self.told.extend])
            case "evaluate":
                ws.evaluate()
            case "ask":
                ws.segments.count("did order")
            case "rename" if name in ("month", "grown", "settled"):
                ws.segments.rename(name, f"{name} {self.met[what]}")
            case "remove" if name in ("both", "lost", "steady"):
                ws.segments.remove(name)
            case "merge" | "unmerge" | "erase":
                self._people(what, who)

    def _people(self, what: str, who: str) -> None:
        ws = self.shop.workspace
        known = ws.query("select profile_id from profiles")["profile_id"].to_pylist()
        other = self.dice.choice(WHO)
        if not {who, other} <= set(known) or who == other:
            return
        ids = [profile_id for profile_id, _ in ws.identity.show(who).profiles]
        if what == "merge" and other not in ids:
            ws.identity.merge(who, other, "the same")
        elif what == "unmerge" and len(ids) > 1:
            ws.identity.unmerge(who, "not the same")
        elif what == "erase" and self.met["erased"] < 1:
            self.met["erased"] += 1
            ws.profiles.erase([who], reason="asked to be forgotten")

    def go_on(self) -> None:
        """Let time go by and take what has come, now and then settling."""
        for _ in range(self.dice.randint(1, 4)):
            self.now += self.dice.choice((1, 1000, HOUR, 5 * HOUR, DAY, 3 * DAY))
            self.shop.now(self.now)
            if self.dice.random() < 0.7:
                self.receive()
            self.keeper.step(self.now)
        self.keeper.settle(self.now)

    def compare(self, told: str) -> None:
        ws = self.shop.workspace
        found = {name: sorted(self.shop.current(name)) for name in (one.name for one in ws.segments.all())}
        for name, members in found.items():
            expected = sorted(ws.segments.members(name))
            assert members == expected, f"{told}: {name}, {self.keeper.live.by_others.get(name)}"
        sizes = {name: int(self.keeper.live.members[name].sum()) for name in found}
        assert sizes == {name: len(members) for name, members in found.items()}, told
        assert not self.keeper.account.told, (told, self.keeper.account.told)


def test_the_ledger_is_kept_as_a_full_evaluation_finds_it(tmp_path: Path) -> None:
    met = Counter[str]()
    for seed in range(SHOPS):
        dice = random.Random(seed)
        with simulation(tmp_path / str(seed)) as shop:
            now = shop.workspace.now()
            known = {"city": "c", "renewal": "2024-03-01", "birth_date": "2006-03-31"}
            shop.record(*(shop.said(who, now - 60 * DAY, **known) for who in WHO[:6]))
            live(shop, dice, now)
            for name, text in SEGMENTS.items():
                shop.define(name, text)
            kept = Kept(shop, dice, now)
            for step in range(STEPS):
                kept.go_on()
                kept.compare(f"shop {seed}, step {step}")
                with suppress(UserError):
                    kept.happen()
            kept.keeper.close()
            before = len(shop.history())
            run = shop.workspace.evaluate()
            assert run.changes == 0, [(one.name, one.entered, one.left) for one in run.segments]
            assert len(shop.history()) == before
            met.update(kept.met)
            met.update(change.cause for change in kept.told)
            met.update(f"written: {change.cause}" for change in shop.history())
            assert _replayed(kept.told, kept.keeper) is not None
    print(dict(met))


def _replayed(told: list[Change], keeper: Keeper) -> dict[str, Any]:
    """Who is in by what the subscriber was told."""
    size = keeper.live.columns.size
    found: dict[str, Any] = {}
    for change in told:
        members = found.setdefault(change.segment, np.zeros(size, np.bool_))
        members[change.places] = change.entered
    return found
