"""intarsia: the hundred kept up, from the journal to whoever is told, in a process that goes on running."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

import intarsia
from engine.clock import Spent, timed
from engine.data import CAMPAIGNS, CATEGORIES, SEED, TYPES
from engine.shape import AT
from engine.workspace import WORKSPACE
from intarsia.clock import to_iso
from intarsia.engine.live.changed import Change
from intarsia.membership.keeping.keeper import Keeper
from intarsia.workspace import Workspace

KEPT = "kept up"
"""The folder of the workspace that is kept up: a copy, for the peers are asked about the events of the first."""
BATCH = 1000
TIMES = {"tick": 200, "event": 200, "batch": 100}
"""How often each is measured."""
FIRST = 10
"""So many of each come before and are not counted: they map what they need, and work out calendars."""
STEP = 1000
"""From one to the next a second goes by."""
LATE, LATEST = 0.01, 10 * 86_400_000
"""Of the events so many happened longer ago than the second, up to so many milliseconds."""
BEGIN = int(datetime.fromisoformat(AT).timestamp()) * 1000

Milliseconds = tuple[float, float]
"""Of several runs the median, and what 99 of 100 do not exceed."""


def begin(folder: Path) -> dict[str, float]:
    """The first keeper of a workspace: it builds the columns, writes the ledger, and keeps what it knows; seconds."""
    kept = folder / KEPT
    shutil.rmtree(kept, ignore_errors=True)
    # Files of the tables are never written to again, and need no copy.
    ignored = shutil.ignore_patterns("cache", "lake")
    shutil.copytree(folder / WORKSPACE, kept, ignore=ignored)
    shutil.copytree(folder / WORKSPACE / "lake", kept / "lake", copy_function=os.link)
    with _opened(folder, [BEGIN]) as ws:
        begun = timed(ws.keeper)
        closed = timed(begun.answer.close)
    return {"cpu": begun.cpu, "wall": begun.wall, "keep_cpu": closed.cpu, "keep_wall": closed.wall}


def keep_up(folder: Path) -> dict[str, Any]:
    """Another keeper: how long it takes to begin, then milliseconds of CPU and by the clock by what happens.

    `changes` are how many enter or leave by it, on average; `megabytes` what of the process is resident in the end.
    """
    clock = [BEGIN + STEP]
    told: list[Change] = []
    with _opened(folder, clock) as ws:
        begun = timed(lambda: ws.keeper([told.extend]))
        keeper = begun.answer
        # What is there by now stays: nothing is gained from looking through it for what could be let go of.
        gc.collect()
        gc.freeze()
        feed = _Feed([one for one in keeper.live.columns.ids if one is not None])
        what = {"tick": 0, "event": 1, "batch": BATCH}
        found = {name: _measured(ws, clock, keeper, told, feed, count, TIMES[name]) for name, count in what.items()}
        settled = [timed(lambda: keeper.settle(clock[0])) for _ in range(3)]
        resident = _resident()
        keeper.abandon()
    return {
        **found,
        "begin": {"cpu": begun.cpu, "wall": begun.wall},
        "settle": [{"cpu": one.cpu, "wall": one.wall} for one in (settled[0], settled[-1])],
        "megabytes": resident,
    }


@contextmanager
def _opened(folder: Path, clock: Sequence[int]) -> Iterator[Workspace]:
    with intarsia.open(folder / KEPT, clock=lambda: clock[0]) as ws:
        yield ws


def _resident() -> float | None:
    """The megabytes of this process that are in memory, mapped files included; None where nobody says it."""
    said = Path("/proc/self/status")
    if not said.exists():
        return None
    [line] = [line for line in said.read_text().splitlines() if line.startswith("VmRSS:")]
    return int(line.split()[1]) / 1024


class _Feed:
    """Events by chance, of the types and in the shares of the data."""

    def __init__(self, ids: Sequence[str]) -> None:
        self._chance = np.random.default_rng(SEED)
        self._ids = ids
        self._number = 0

    def messages(self, count: int, at: int) -> list[dict[str, Any]]:
        """So many, of the second before an instant, a few of them late."""
        return [self._message(at) for _ in range(count)]

    def _message(self, at: int) -> dict[str, Any]:
        chance = self._chance
        what = str(chance.choice(list(TYPES), p=[one.share for one in TYPES.values()]))
        self._number += 1
        happened = at - int(chance.integers(LATEST if chance.random() < LATE else STEP))
        return {
            "type": "track",
            "messageId": f"new-{self._number}",
            "userId": self._ids[int(chance.integers(len(self._ids)))],
            "event": TYPES[what].name,
            "timestamp": to_iso(happened),
            "properties": self._properties(what),
        }

    def _properties(self, what: str) -> dict[str, Any]:
        def whole(below: int) -> int:
            return int(self._chance.integers(below))

        category = CATEGORIES[whole(len(CATEGORIES))]
        match what:
            case "view":
                return {"category": category}
            case "order":
                own = {"order_id": f"new-{self._number}", "total": whole(20_000) / 100}
                return {**own, "category": category, "discount_pct": 10}
            case "opened" | "clicked":
                return {"campaign_id": whole(CAMPAIGNS)}
            case "answered":
                return {"score": whole(11)}
            case _:
                return {"points": whole(100)}


def _measured(
    ws: Workspace, clock: list[int], keeper: Keeper, told: list[Change], feed: _Feed, count: int, times: int
) -> dict[str, Any]:
    """Time goes on by a second, and so many events are acknowledged if it is any; measured is from then to the last
    change that is told.
    """
    runs = list[Spent[bool]]()
    moved = 0
    for number in range(FIRST + times):
        clock[0] += STEP
        at = clock[0]
        if count:
            keeper.step(at)
            ws.receive(feed.messages(count, at))
        told.clear()
        runs.append(timed(partial(keeper.step, at)))
        moved += sum(len(change.places) for change in told) if number >= FIRST else 0
    counted = runs[FIRST:]
    return {
        "cpu": _spread([run.cpu for run in counted]),
        "wall": _spread([run.wall for run in counted]),
        "changes": moved / times,
    }


def _spread(seconds: Sequence[float]) -> Milliseconds:
    median, most = np.quantile(seconds, (0.5, 0.99))
    return 1000 * float(median), 1000 * float(most)
