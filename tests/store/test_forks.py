"""A process that was forked is told that what was opened before is not its own; nothing is written or closed by it."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PROGRAM = """
import json, os, sys, warnings
from pathlib import Path
import intarsia
from intarsia.errors import IntarsiaError
from intarsia.store.journal import Entry, Journal

warnings.simplefilter("ignore")  # that a process with threads forks is what is tried here
folder, asked = Path(sys.argv[1]), sys.argv[2]
workspace = intarsia.create(folder / "ws", timezone="Europe/Prague", currency="CZK")
message = {"type": "track", "messageId": "m1", "userId": "ada", "event": "Seen"}
workspace.record([message])
journal, session = Journal(folder / "journal.sqlite"), workspace.session()
session.execute("select count(*) from events")
branch = session.branch()
ways = {
    "rows": lambda: workspace.store.rows("select * from segment"),
    "add": lambda: workspace.segments.add("all", "everyone"),
    "rehearse": lambda: workspace.store.rehearsal().__enter__(),
    "put": lambda: journal.put([Entry("m2", "d", "{}")], 1),
    "after": lambda: journal.after(0),
    "ask": lambda: session.execute("select 1"),
    "ask a branch": lambda: branch.execute("select 1"),
    "query": lambda: session.query("select 1"),
    "branch": lambda: session.branch(),
    "count": lambda: workspace.segments.count("everyone"),
    "record": lambda: workspace.record([{**message, "messageId": "m3"}]),
    "open anew": lambda: intarsia.open(folder / "ws").segments.count("everyone"),
    "close": lambda: (session.close(), branch.close(), journal.close(), workspace.close()),
    "nothing": lambda: None,
}
child = os.fork()
if not child:
    try:
        found = ways[asked]()
        answer = "done"
    except IntarsiaError as error:
        answer = error.code
    print(json.dumps(answer), flush=True)
    sys.exit(0)
_, status = os.waitpid(child, 0)
spilled = len(list((folder / "ws" / "lake" / ".spill").iterdir()))
journal.put([Entry("m4", "d", "{}")], 1)
workspace.record([{**message, "messageId": "m5"}])
workspace.segments.add("known", "everyone")
print(json.dumps({
    "status": status,
    "spilled": spilled,
    "counted": [session.execute("select count(*) from events")[0][0].as_py(), workspace.segments.count("known").size],
    "put": [body for batch in journal.after(0) for body in batch.bodies],
}))
"""


def forked(folder: Path, asked: str) -> tuple[str, dict[str, Any]]:
    """What the forked process was answered, and how it is afterwards with the one that opened the workspace."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", PROGRAM, str(folder), asked]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    answer, after = map(json.loads, done.stdout.splitlines())
    return answer, after


USED = (
    "rows",
    "add",
    "rehearse",
    "put",
    "after",
    "ask",
    "ask a branch",
    "query",
    "branch",
    "count",
    "record",
    "open anew",
)


@pytest.mark.slow
@pytest.mark.parametrize("asked", [*USED, "close", "nothing"])
def test_a_forked_process_is_told_and_the_other_goes_on(tmp_path: Path, asked: str) -> None:
    answer, after = forked(tmp_path, asked)
    assert answer == ("store.forked" if asked in USED else "done")
    # The folder of spilled rows is of the process that made it, and Python of the other ends without a fault.
    assert after == {"status": 0, "spilled": 1, "counted": [1, 1], "put": ["{}"]}
    connection = sqlite3.connect(tmp_path / "ws" / "store.sqlite")
    assert connection.execute("pragma integrity_check").fetchone() == ("ok",)
    connection.close()
