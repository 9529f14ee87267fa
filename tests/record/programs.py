"""What the second processes of these tests do: `python programs.py FOLDER NAME`, or `... FOLDER NAME killed`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import intarsia
from tests.record.shop import Message, identify, order

CALLS = 12
SHARED, OWN = 15, 5
"""Messages of one call that every process sends, and that one process alone sends."""


def calls(name: str) -> list[list[Message]]:
    """What one process sends, call by call."""
    found = []
    for number in range(CALLS):
        line = {"sku": f"s{number}", "quantity": 1, "price": 10}
        shared = [order(f"o{number}-{item}", line, line, who=f"p{item}") for item in range(SHARED)]
        own = [identify(f"{name}{number}-{item}", f"{name}{item}", {"points": number}) for item in range(OWN)]
        found.append([*shared, *own])
    return found


def started(folder: Path, name: str) -> subprocess.Popen[str]:
    """A process that records, and has written its first line."""
    process = subprocess.Popen(
        [sys.executable, __file__, str(folder), name],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def main(folder: str, name: str) -> None:
    """Record all calls; the receipt of each is a line."""
    with intarsia.open(folder) as workspace:
        print("ready", flush=True)
        for messages in calls(name):
            print(json.dumps(workspace.record(messages).statuses), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
