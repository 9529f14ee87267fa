"""What needs no machine code does not load what makes it: a fifth of a second of every command."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import intarsia

_ASKED = """
import sys
import intarsia

with intarsia.open(sys.argv[1]) as ws:
    ws.segments.count("buyers")
    ws.segments.why("buyers", "ada")
    ws.segments.all()
    ws.evaluate()
    ws.memberships.current("buyers")
    ws.status()
    ws.query("select count(*) from events")
    print(sorted({"numba", "django", "altair"} & set(sys.modules)))
    ws.segments.preview("did order")
    print("numba" in sys.modules)
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    order = {
        "type": "track",
        "messageId": "m1",
        "userId": "ada",
        "event": "Order Completed",
        "properties": {"order_id": "1", "total": 5},
    }
    with intarsia.create(tmp_path / "shop") as ws:
        ws.record([order])
        ws.segments.add("buyers", "did order")
        return ws.path


def test_questions_in_sql_load_no_compiler(shop: Path) -> None:
    command = [sys.executable, "-c", _ASKED, str(shop)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["[]", "True"]


def test_a_command_loads_no_pandas(shop: Path) -> None:
    command = [sys.executable, "-X", "importtime", "-m", "intarsia", "-w", str(shop), "segment", "count", "buyers"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if line.startswith("import time:")}
    assert done.stdout == "1\n"
    assert "pyarrow" in loaded
    assert not {name for name in loaded if name.startswith("pandas.")}
