"""A table's log outlives an erasure, so nothing personal may come into it."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq

from intarsia.lake.lake import Lake
from intarsia.lake.schemas import TABLES
from tests.lake.rows import events, profiles

FIRST, LAST = "!!CANARY", "zzCANARY"


def test_no_personal_column_has_statistics_in_the_log() -> None:
    for table in TABLES.values():
        personal = {column.name for column in table.columns if column.is_personal}
        assert personal.isdisjoint({*table.statistics, table.partition})


def test_the_least_and_greatest_personal_texts_are_not_found_in_the_log(tmp_path: Path) -> None:
    lake = Lake.create(tmp_path)
    for number, text in enumerate((FIRST, LAST) * 26, start=1):
        lake.append("events", events([number], text=text), app_id="load", app_version=number)
        lake.append("profiles", profiles([number], text=text), app_id="load", app_version=number)
    lake.compact("events")
    logs = [path for table in TABLES for path in (tmp_path / table / "_delta_log").iterdir() if path.is_file()]
    checkpoints = [path for path in logs if path.name.endswith(".parquet")]
    assert len(logs) > 100
    assert len(checkpoints) == 2
    assert [path.name for path in logs if b"CANARY" in path.read_bytes()] == []
    # A compressed file hides what it holds from a search of its bytes.
    assert [path.name for path in checkpoints if "CANARY" in str(pq.read_table(path).to_pylist())] == []


def test_the_canary_would_be_found_in_the_data(tmp_path: Path) -> None:
    lake = Lake.create(tmp_path)
    lake.append("profiles", profiles([1], text=FIRST), app_id="load", app_version=1)
    [name] = lake.snapshot("profiles").files
    assert FIRST in str(pq.read_table(name, partitioning=None).to_pylist())


def test_the_log_still_tells_numbers_and_instants_apart(tmp_path: Path) -> None:
    lake = Lake.create(tmp_path)
    lake.append("events", events(range(3, 9)), app_id="load", app_version=1)
    commit = (tmp_path / "events" / "_delta_log" / f"{1:020}.json").read_text()
    for name in ("event_no", "profile_no", "occurred_at", "recorded_at"):
        assert rf"\"{name}\":" in commit
    assert r"\"order_id\"" not in commit
