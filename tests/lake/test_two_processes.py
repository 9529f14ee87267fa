"""Other processes read while one writes, and a writer may be killed at any time."""

from __future__ import annotations

import json
import random
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from intarsia.lake.lake import Lake
from intarsia.lake.session import Session
from tests.lake.programs import ROWS, started
from tests.lake.rows import events

APPENDS = 60
KILLS = 10
SEED = 20260105


def test_another_process_counts_rightly_while_this_one_appends_and_compacts(tmp_path: Path) -> None:
    lake = Lake.create(tmp_path / "lake")
    with started("read", lake.path) as reader:
        for version in range(1, APPENDS + 1):
            numbers = range((version - 1) * ROWS, version * ROWS)
            lake.append("events", events(numbers), app_id="load", app_version=version)
            if version % 4 == 0:
                lake.compact("events")
        output, _ = reader.communicate()
    counts = json.loads(output)
    assert reader.returncode == 0
    assert len(counts) >= 10
    assert [seen for seen in counts if len(set(seen)) > 1] == []
    totals = [count for count, _, _ in counts]
    assert totals == sorted(totals)
    assert [count for count in totals if count % ROWS] == []
    assert len(set(totals)) >= 5, "the reader saw the table grow"


@pytest.mark.slow
def test_after_every_kill_the_rows_are_those_of_the_mark(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    Lake.create(tmp_path / "lake")
    marks = [0]
    for kill in range(KILLS):
        with started("write", tmp_path / "lake") as writer:
            time.sleep(chance.uniform(0.0, 0.35))
            writer.kill()
        lake = Lake(tmp_path / "lake")
        mark = lake.mark_of("events", "writer") or 0
        marks.append(mark)
        assert state(lake) == (mark * ROWS, mark * ROWS, mark * ROWS - 1 if mark else None), f"seed {SEED}, kill {kill}"
        assert lake.check() == ()
        assert lake.snapshot("events").row_count == mark * ROWS
    assert marks == sorted(marks)
    assert marks[-1] > KILLS, "most lives wrote something"
    torn = [path for path in (tmp_path / "lake").rglob("*.parquet") if not is_parquet(path)]
    assert lake.compact("events").row_count == marks[-1] * ROWS
    assert lake.vacuum("events", hours=0, with_orphans=True) >= len(torn)
    assert state(lake)[0] == marks[-1] * ROWS


def state(lake: Lake) -> tuple[int, int, int | None]:
    """Rows, different numbers, and the greatest number."""
    with Session(lake) as session:
        [row] = session.execute(
            "SELECT count(*) AS n, count(DISTINCT event_no) AS unlike, max(event_no) AS last FROM events"
        ).to_pylist()
    return row["n"], row["unlike"], row["last"]


def is_parquet(path: Path) -> bool:
    try:
        pq.read_metadata(path)
    except (OSError, ValueError):
        return False
    return True
