"""A record that is written in many small steps stays quick to read."""

from __future__ import annotations

from pathlib import Path

import intarsia
from intarsia.lake.lake import FILES_MOST


def test_many_small_calls_do_not_leave_many_files(tmp_path: Path) -> None:
    with intarsia.create(tmp_path / "shop", clock=lambda: 1_800_000_000_000) as ws:
        for number in range(FILES_MOST + 2):
            ws.record([{"type": "identify", "messageId": str(number), "userId": f"person {number}", "traits": {}}])
        files = len(ws.lake.snapshot("events").files)
        assert files < FILES_MOST // 2
        assert ws.segments.count("everyone").size == FILES_MOST + 2
