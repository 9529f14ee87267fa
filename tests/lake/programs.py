"""What the second processes of these tests do: `python programs.py write|read FOLDER`."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
from importlib.abc import MetaPathFinder
from pathlib import Path

from intarsia.lake.lake import Lake
from intarsia.lake.session import Session
from tests.lake.rows import events

ROWS = 50
"""Rows of one append of `write`."""
LIMIT = 100_000
"""Appends or reads after which a program ends by itself, if nobody ends it before."""


def started(what: str, folder: Path) -> subprocess.Popen[str]:
    """A process that does `what`, and has written its first line."""
    process = subprocess.Popen(
        [sys.executable, __file__, what, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def write(folder: Path) -> None:
    """Append without pause where the mark says that it was left, and compact every few appends."""
    lake = Lake(folder)
    first = (lake.mark_of("events", "writer") or 0) + 1
    tell("ready")
    for version in range(first, first + LIMIT):
        numbers = range((version - 1) * ROWS, version * ROWS)
        lake.append("events", events(numbers), app_id="writer", app_version=version)
        if version % 3 == 0:
            lake.compact("events")


def read(folder: Path) -> None:
    """Count without pause until the standard input ends, then print the counts."""
    lake = Lake(folder)
    counts = [counted(lake)]
    tell("ready")
    while not select.select([sys.stdin], [], [], 0)[0] and len(counts) < LIMIT:
        counts.append(counted(lake))
    tell(json.dumps(counts))


def counted(lake: Lake) -> tuple[int, int, int]:
    """Rows by the log, rows in the files, and different numbers in them, all of one state."""
    with Session(lake, threads=1) as session:
        answer = session.execute("SELECT count(*) AS n, count(DISTINCT event_no) AS unlike FROM events")
        [row] = answer.to_pylist()
        return session.snapshots["events"].row_count, row["n"], row["unlike"]


class WithoutPandas(MetaPathFinder):
    """Arrow imports pandas where it is installed, though nothing here needs it; that takes a second of each life."""

    def find_spec(self, name: str, *_: object) -> None:
        if name == "pandas":
            raise ModuleNotFoundError(name)


def tell(text: str) -> None:
    """One line to the parent."""
    print(text, flush=True)


if __name__ == "__main__":
    sys.meta_path.insert(0, WithoutPandas())
    {"write": write, "read": read}[sys.argv[1]](Path(sys.argv[2]))
