"""How the worker of a workspace gets on, as it says itself from time to time."""

from __future__ import annotations

import json
from dataclasses import dataclass

from intarsia.lake.faults import LakeBusy
from intarsia.lake.lake import Lake
from intarsia.lake.lock import WritingLock
from intarsia.store.store import Store

LOCK = ".working.lock"


@dataclass(frozen=True)
class Working:
    """How a worker gets on.

    runs         whether it does so now; process: the number that the operating system gave it
    started_at, seen_at  when it began and when it last said something; at: as of when who is in is known
    taken        messages; changes: of people who entered or left; checked: people who were worked out once more
    differences  where the check found another answer, as sentences
    trouble      what keeps it from writing things down; None: nothing
    """

    runs: bool
    process: int
    started_at: int
    seen_at: int
    at: int
    taken: int
    changes: int
    checked: int
    differences: tuple[str, ...]
    trouble: str | None


def working(lake: Lake, store: Store) -> Working | None:
    """How the worker of a workspace gets on, or how the last one did; None: there never was one."""
    row = store.row("select * from worker")
    if row is None:
        return None
    said = {name: row[name] for name in row.keys() if name not in ("one", "differences")}  # noqa: SIM118 - a row is no dict
    return Working(runs=_runs(lake), differences=tuple(json.loads(row["differences"])), **said)


def _runs(lake: Lake) -> bool:
    try:
        with WritingLock(lake.path / LOCK, 0).held():
            return False
    except LakeBusy:
        return True
