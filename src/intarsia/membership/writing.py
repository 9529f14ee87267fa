"""Writing a run down: first what it found, then its changes, by the last of which it counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from intarsia.lake.lake import Lake
from intarsia.membership.ledger import APP, TABLE, ledger_rows
from intarsia.membership.runs import KeptRun, Look, Runs, SegmentState


@dataclass(frozen=True)
class Finding:
    """What a run looked at and found.

    states  how each segment stands, by id; recorded_at: when it is written down, milliseconds UTC
    """

    run_id: str
    look: Look
    states: Mapping[str, SegmentState]
    recorded_at: int


def write_run(lake: Lake, runs: Runs, found: Finding, tables: Sequence[pa.Table], last: KeptRun | None) -> KeptRun:
    """Put a run and its changes down after the last one; whoever does so holds the lock of evaluations.

    tables  the changes, as `changes_table` makes them, in the order in which they are written
    """
    count = sum(table.num_rows for table in tables)
    first = (lake.mark_of(TABLE, APP) or 0) + 1
    end = first + count - 1
    run = KeptRun(found.run_id, found.look, end, count, found.recorded_at, dict(found.states))
    runs.put(run, last)
    if count:
        rows = ledger_rows(tables, first_change_no=first, recorded_at=found.recorded_at, run_id=found.run_id)
        lake.append(TABLE, rows, app_id=APP, app_version=end)
    return run
