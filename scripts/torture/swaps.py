"""Files and folders removed, replaced or put behind a link while somebody writes: the next write stops."""

from __future__ import annotations

import json
import shutil
import subprocess  # nosec B404
import sys
import threading
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import intarsia
from intarsia.errors import IntarsiaError
from intarsia.store.journal import Entry, Journal
from scripts.torture.scenario import Asked, Figures, Scenario, must, play

NOTICED_SECONDS_MOST = 10.0
JOURNAL = "written-to.sqlite"
PAUSE_SECONDS = 0.02
CODES = {"store": "store.swapped", "journal": "store.swapped", "lake": "lake.swapped"}


# --- who writes


def write(folder: Path, what: str) -> None:
    """Write for ever: for each that was acknowledged a line, with when it was begun; then one with what went wrong."""
    with intarsia.open(folder) as workspace:
        journal = Journal(folder / JOURNAL)

        def record(number: int) -> None:
            workspace.record([{"type": "track", "messageId": f"m{number}", "userId": "ada", "event": "Seen"}])

        def put(number: int) -> None:
            journal.put([Entry(f"m{number}", "d", "{}")], 1)

        def add(number: int) -> None:
            workspace.segments.add(f"m{number}", "everyone")

        does: dict[str, Callable[[int], None]] = {"store": add, "journal": put, "lake": record}
        pause = threading.Event()
        for number in count():
            begun = time.monotonic()
            try:
                does[what](number)
            except IntarsiaError as error:
                print(json.dumps({"code": error.code, "at": time.monotonic()}), flush=True)
                return
            print(json.dumps({"id": f"m{number}", "begun": begun}), flush=True)
            pause.wait(PAUSE_SECONDS)


# --- what is done to them


def remove(path: Path) -> None:
    """Take it away; a copy stays beside it, to be looked into."""
    path.rename(path.with_name(f"{path.name}.old"))


def replace(path: Path) -> None:
    """Put a copy in its place, at one stroke where it is a file."""
    fresh = path.with_name(f"{path.name}.new")
    if path.is_dir():
        shutil.copytree(path, fresh)
        remove(path)
    else:
        shutil.copyfile(path, fresh)
    fresh.replace(path)


def link(path: Path) -> None:
    """Put a link to it in its place."""
    remove(path)
    path.symlink_to(path.with_name(f"{path.name}.old"))


SWAPS = (remove, replace, link)
PLACES = {
    "store": ("store.sqlite", "store.sqlite-wal"),
    "journal": (JOURNAL, f"{JOURNAL}-wal"),
    "lake": ("lake", "lake/events"),
}


def run(asked: Asked) -> Figures:
    """Every swap of every place, so many times; how soon it was noticed."""
    chance, noticed, acknowledged = Random(asked.seed), list[float](), 0  # nosec B311
    for number in range(asked.count):
        for what, places in PLACES.items():
            for place in places:
                for swap in SWAPS:
                    folder = asked.folder / f"{number} {what} {place.replace('/', ' ')} {swap.__name__}"
                    seconds, ids = _swapped(folder, what, place, swap, chance)
                    noticed.append(seconds)
                    acknowledged += ids
    return {"swaps": len(noticed), "noticed_seconds_max": round(max(noticed), 2), "acknowledged": acknowledged}


def _swapped(folder: Path, what: str, place: str, swap: Callable[[Path], None], chance: Random) -> tuple[float, int]:
    """One swap: after how many seconds it was noticed, and how many were acknowledged before."""
    intarsia.create(folder, timezone="Europe/Prague", currency="CZK").close()
    command = [sys.executable, "-m", "scripts.torture.swaps", "--write", str(folder), what]
    lines: list[dict[str, Any]] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # nosec B603
        assert process.stdout is not None
        lines += [json.loads(process.stdout.readline()) for _ in range(chance.randrange(2, 12))]
        swap(folder / place)
        done = time.monotonic()
        alarm = threading.Timer(3 * NOTICED_SECONDS_MOST, process.kill)
        alarm.start()
        lines += [json.loads(line) for line in process.stdout]
        alarm.cancel()
    told = f"{swap.__name__} of {place}"
    last = lines.pop()
    must(last.get("code") == CODES[what], f"{told}: the writer ended with {last}")
    must(last["at"] - done < NOTICED_SECONDS_MOST, f"{told}: noticed after {last['at'] - done:.1f} s")
    late = [line for line in lines if line["begun"] > done]
    must(not late, f"{told}: acknowledged afterwards: {late}")
    return max(0.0, last["at"] - done), len(lines)


SCENARIO = Scenario("S47", "swaps", "times", 1, 10, run)

if __name__ == "__main__":
    if sys.argv[1:2] == ["--write"]:
        write(Path(sys.argv[2]), sys.argv[3])
    else:
        sys.exit(play(SCENARIO))
