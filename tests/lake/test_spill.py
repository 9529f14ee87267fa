"""What a session puts on the disk goes with it; what a killed one left is found, and never a running one's."""

from __future__ import annotations

from pathlib import Path

import pytest

from intarsia.lake.lake import Lake
from intarsia.lake.session import Session
from intarsia.lake.spill import FOLDER, Spill, sweep


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake.create(tmp_path / "lake")


def test_a_session_keeps_it_in_the_lake_and_takes_it_away(lake: Lake) -> None:
    with Session(lake, memory_limit="100MB", threads=1) as session:
        session.execute("SELECT count(*) FROM (SELECT range AS a FROM range(20000000) ORDER BY hash(range))")
        assert list((lake.path / FOLDER).glob("*/duckdb/*")) != []
    assert list((lake.path / FOLDER).iterdir()) == []


def test_only_that_of_killed_processes_is_swept(lake: Lake) -> None:
    killed = lake.path / FOLDER / "killed"
    (killed / "duckdb").mkdir(parents=True)
    (killed / ".lock").touch()
    (killed / "duckdb" / "spilled.tmp").write_text("ada")
    running = Spill(lake.path)
    assert sweep(lake.path) == 1
    assert [path.name for path in (lake.path / FOLDER).iterdir()] == [Path(running.path).parent.name]
    running.close()
    running.close()
    assert (sweep(lake.path), list((lake.path / FOLDER).iterdir())) == (0, [])
