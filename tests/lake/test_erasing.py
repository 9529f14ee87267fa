"""Erasing takes people's rows, the files that held them and the log's past, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable, write_deltalake

from intarsia.lake.durable import LOG
from intarsia.lake.faults import SnapshotGone
from intarsia.lake.lake import Lake
from intarsia.lake.schemas import TABLES
from intarsia.lake.session import Session
from tests.lake.rows import events, profiles

CANARY = "zzCANARY"


def of(people: Sequence[int | None], first: int, text: str = "") -> pa.Table:
    """One event a person, numbered from `first`."""
    rows = events(range(first, first + len(people)), text=text)
    place = rows.schema.get_field_index("profile_no")
    return rows.set_column(place, rows.schema.field(place), pa.array(people, pa.int64()))


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """Eight commits: of the people 1 to 4 and of a guest; what is of person 2 holds the canary."""
    lake = Lake.create(tmp_path / "lake")
    for version in range(1, 5):
        first = version * 10
        lake.append("events", of([1, 3, 4, None], first), app_id="load", app_version=2 * version - 1)
        lake.append("events", of([2, 2], first + 5, CANARY), app_id="load", app_version=2 * version)
    lake.append("profiles", profiles([1, 3, 4]), app_id="load", app_version=1)
    lake.append("profiles", profiles([2], text=CANARY), app_id="load", app_version=2)
    return lake


def asked(lake: Lake, sql: str) -> list[Any]:
    with Session(lake, threads=1) as session:
        rows: list[Any] = session.execute(sql).to_pylist()
    return rows


def traces(folder: Path, text: str) -> list[str]:
    """The files in which a text is found, in their bytes or in what they hold once decoded."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and (text.encode() in path.read_bytes() or text in decoded(path)):
            found.append(path.name)
    return found


def decoded(path: Path) -> str:
    if path.suffix != ".parquet":
        return ""
    file = pq.ParquetFile(path)
    groups = [file.metadata.row_group(group) for group in range(file.metadata.num_row_groups)]
    columns = [group.column(index) for group in groups for index in range(group.num_columns)]
    least_and_greatest = [
        (c.statistics.min, c.statistics.max) for c in columns if c.statistics and c.statistics.has_min_max
    ]
    return str(file.read().to_pylist()) + str(least_and_greatest) + str(file.metadata.metadata)


def test_the_rows_of_the_erased_are_gone_and_all_others_are_there(lake: Lake) -> None:
    before = asked(lake, "SELECT * FROM events WHERE profile_no IS DISTINCT FROM 2 ORDER BY event_no")
    told = {part.table: part.rows for part in lake.erase([2])}
    assert (told["events"], told["profiles"], sum(told.values())) == (8, 1, 9)
    assert set(told) == {table.name for table in TABLES.values() if table.is_of_people}
    assert asked(lake, "SELECT * FROM events ORDER BY event_no") == before
    assert asked(lake, "SELECT profile_no FROM profiles ORDER BY 1") == [{"profile_no": n} for n in (1, 3, 4)]
    assert len(before) == 16


def test_no_byte_is_left_in_any_file(lake: Lake) -> None:
    lake.compact("events")
    (lake.path / "events" / "recorded_month=2026-01" / "part-of-a-killed-writer.parquet").write_bytes(CANARY.encode())
    (lake.path / "events" / LOG / "_commit_of_a_killed_writer.json.tmp").write_bytes(CANARY.encode())
    assert len(traces(lake.path, CANARY)) > 5
    lake.erase([2])
    assert traces(lake.path, CANARY) == []
    assert traces(lake.path, "profile_no = 2") == traces(lake.path, "profile_no in (2)") == []


def test_the_least_and_greatest_instants_of_the_erased_are_gone_from_the_log(tmp_path: Path) -> None:
    lake = Lake.create(tmp_path)
    lake.append("events", of([1], 1), app_id="load", app_version=1)
    lake.append("events", of([2], 86_400), app_id="load", app_version=2)
    lake.erase([2])
    log = "".join(path.read_text() for path in (tmp_path / "events" / LOG).glob("*.json"))
    checkpoints = [pq.read_table(path).to_pylist() for path in (tmp_path / "events" / LOG).glob("*.parquet")]
    assert "2026-01-06" not in log + str(checkpoints)
    assert len(checkpoints) == 1


def test_what_is_left_is_said_with_its_files_and_bytes(lake: Lake) -> None:
    there = {path: path.stat().st_size for path in lake.path.rglob("*") if path.is_file()}
    told = lake.erase([2])
    gone = [size for path, size in there.items() if not path.exists()]
    assert sum(part.files for part in told) >= len(gone)
    assert sum(part.bytes for part in told) >= sum(gone) > 0


def test_marks_survive_and_writing_goes_on(lake: Lake) -> None:
    lake.erase([2])
    assert lake.mark_of("events", "load") == 8
    assert not lake.append("events", of([1], 90), app_id="load", app_version=8)
    assert lake.append("events", of([1], 90), app_id="load", app_version=9)
    for version in range(10, 70):
        lake.append("events", of([1], 100 + version), app_id="load", app_version=version)
    assert Lake(lake.path).snapshot("events").row_count == 77
    assert (lake.check(), lake.mark_of("events", "load")) == ((), 69)


def test_delta_and_another_lake_that_was_open_go_on_with_the_new_state(lake: Lake) -> None:
    other, handle = Lake(lake.path), DeltaTable(lake.path / "events")
    other.snapshot("events")
    lake.erase([2])
    assert other.snapshot("events").row_count == DeltaTable(lake.path / "events").count() == 16
    handle.update_incremental()
    assert handle.count() == 16
    other.append("events", of([3], 95), app_id="load", app_version=9)
    assert lake.snapshot("events").row_count == 17
    assert DeltaTable(lake.path / "events").schema() == handle.schema()


def test_a_question_that_runs_is_told_and_gets_no_wrong_number(lake: Lake) -> None:
    with Session(lake) as running, Session(lake) as not_begun:
        assert running.execute("SELECT count(*) AS n FROM events").to_pylist() == [{"n": 24}]
        lake.erase([2])
        with pytest.raises(SnapshotGone):
            running.execute("SELECT sum(event_no), max(props) FROM events")
        assert not_begun.execute("SELECT count(*) AS n FROM events").to_pylist() == [{"n": 16}]


def test_everybody_may_be_erased_and_the_table_is_empty(lake: Lake) -> None:
    lake.erase([1, 2, 3, 4])
    assert asked(lake, "SELECT count(*) AS n, count(profile_no) AS p FROM events") == [{"n": 4, "p": 0}]
    assert asked(lake, "SELECT count(*) AS n FROM profiles") == [{"n": 0}]
    assert lake.append("profiles", profiles([5]), app_id="load", app_version=3)


def test_erasing_again_or_somebody_without_rows_changes_no_row(lake: Lake) -> None:
    lake.erase([2])
    assert {part.rows for part in lake.erase([2, 99])} == {0}
    assert asked(lake, "SELECT count(*) AS n FROM events") == [{"n": 16}]


def test_many_people_at_once(lake: Lake) -> None:
    assert sum(part.rows for part in lake.erase(range(2, 5_000))) == 4 * (2 + 1 + 1) + 3
    assert asked(lake, "SELECT DISTINCT profile_no FROM events ORDER BY 1") == [{"profile_no": 1}, {"profile_no": None}]


def test_a_commit_of_a_stranger_in_between_is_noticed_and_the_erasure_repeated(lake: Lake) -> None:
    strangers = iter((lake.path / "events",))

    def compact_behind_our_back(_: int) -> None:
        for folder in strangers:
            DeltaTable(folder).optimize.compact()

    assert sum(part.rows for part in Lake(lake.path, sync=compact_behind_our_back).erase([2])) == 9
    assert asked(lake, "SELECT count(*) AS n FROM events") == [{"n": 16}]


def test_a_torn_last_commit_after_an_erasure_is_not_repaired_by_losing_the_table(lake: Lake) -> None:
    lake.erase([2])
    [commit] = (lake.path / "events" / LOG).glob("*.json")
    commit.write_bytes(b"")
    assert [(damage.what, damage.is_repairable) for damage in lake.check()] == [("commit", False)]
    commit.unlink()
    assert Lake(lake.path).snapshot("events").row_count == 16


def test_a_table_written_by_delta_with_its_own_settings_keeps_them(lake: Lake) -> None:
    before = DeltaTable(lake.path / "events").metadata().configuration
    lake.erase([2])
    assert DeltaTable(lake.path / "events").metadata().configuration == before
    write_deltalake(lake.path / "events", of([1], 99), mode="append")
    assert lake.snapshot("events").row_count == 17
