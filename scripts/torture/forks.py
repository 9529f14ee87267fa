"""Processes forked while a workspace is open: each use of it is refused, and the process that opened it goes on."""

from __future__ import annotations

import sqlite3
import sys
import timeit

import intarsia
from scripts.torture.scenario import Asked, Figures, Scenario, must, play
from tests.store.test_forks import USED, forked

CHECK_MICROSECONDS_MOST = 20.0


def run(asked: Asked) -> Figures:
    """Every way to use a workspace in a forked process, so many times."""
    for number in range(asked.count):
        for way in (*USED, "close", "nothing"):
            folder = asked.folder / f"{number} {way}"
            folder.mkdir()
            answer, after = forked(folder, way)
            must(answer == ("store.forked" if way in USED else "done"), f"{way}: {answer}")
            whole = {"status": 0, "spilled": 1, "counted": [1, 1], "put": ["{}"]}
            must(after == whole, f"{way}: the process that opened it has {after}")
            for file in ("journal.sqlite", "ws/store.sqlite"):
                connection = sqlite3.connect(folder / file)
                found = connection.execute("pragma integrity_check").fetchone()
                connection.close()
                must(found == ("ok",), f"{way}: {file} is {found}")
    with intarsia.create(asked.folder / "ws", timezone="Europe/Prague", currency="CZK") as workspace:
        check = workspace.store._guard.check_process
        microseconds = 1e6 * min(timeit.repeat(check, number=10_000, repeat=5)) / 10_000
    must(microseconds < CHECK_MICROSECONDS_MOST, f"the check takes {microseconds} microseconds")
    return {"ways": len(USED) + 2, "check_microseconds": round(microseconds, 2)}


SCENARIO = Scenario("S46", "forks", "times", 1, 5, run)

if __name__ == "__main__":
    sys.exit(play(SCENARIO))
