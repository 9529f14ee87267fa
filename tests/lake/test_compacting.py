"""Compaction makes few files of many, and never one row more or less."""

from __future__ import annotations

from pathlib import Path

import pytest
from deltalake import DeltaTable, write_deltalake

from intarsia.lake.faults import RowsChanged
from intarsia.lake.lake import Lake
from intarsia.lake.session import Session
from tests.lake.rows import events


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    lake = Lake.create(tmp_path / "lake")
    for version in range(1, 9):
        month = "2026-01" if version <= 5 else "2026-02"
        lake.append("events", events([version], month=month), app_id="load", app_version=version)
    return lake


def numbers(lake: Lake) -> list[int]:
    with Session(lake) as session:
        return [row["event_no"] for row in session.execute("SELECT event_no FROM events ORDER BY 1").to_pylist()]


def test_one_file_a_month_is_left_and_every_row_and_mark(lake: Lake) -> None:
    compaction = lake.compact("events")
    assert (compaction.files_before, compaction.files_after, compaction.row_count) == (8, 2, 8)
    assert numbers(lake) == list(range(1, 9))
    assert lake.mark_of("events", "load") == 8


def test_only_the_months_that_were_named_are_compacted(lake: Lake) -> None:
    assert lake.compact("events", months=["2026-01"]).files_after == 4
    assert lake.compact("events", months=["2026-02", "2026-03"]).files_after == 2
    assert numbers(lake) == list(range(1, 9))


def test_what_is_big_enough_is_left_alone(lake: Lake) -> None:
    assert lake.compact("events", target_bytes=1).files_after == 8


def test_a_table_without_months_and_an_empty_one_can_be_compacted(lake: Lake) -> None:
    assert lake.compact("profiles", months=["2026-01"]).row_count == 0


def test_replaced_files_stay_for_a_day_and_go_when_told(lake: Lake) -> None:
    before = lake.snapshot("events")
    lake.compact("events")
    assert lake.vacuum("events") == 0
    assert all(Path(name).exists() for name in before.files)
    assert lake.vacuum("events", hours=0) == 8
    assert not any(Path(name).exists() for name in before.files)
    assert numbers(lake) == list(range(1, 9))


def test_a_vacuum_finds_what_a_killed_writer_left_only_when_it_looks(lake: Lake) -> None:
    orphan = lake.path / "events" / "recorded_month=2026-01" / "part-00000-of-a-killed-writer.parquet"
    orphan.write_bytes(b"PAR1")
    assert lake.vacuum("events", hours=0) == 0
    assert lake.vacuum("events", hours=0, with_orphans=True) == 1
    assert not orphan.exists()
    assert numbers(lake) == list(range(1, 9))


def test_two_lakes_that_compact_in_turn_do_not_double_the_rows(lake: Lake) -> None:
    other = Lake(lake.path)
    other.snapshot("events")
    with other.writing():
        assert other.append("events", events([9]), app_id="load", app_version=9)
    lake.compact("events")
    assert other.compact("events").row_count == 9
    assert numbers(other) == list(range(1, 10))


def test_rows_that_a_stranger_doubled_are_put_back(lake: Lake) -> None:
    # The stranger compacts between our look at the table and our compaction: in the fsync of the last commit.
    strangers = iter((lake.path / "events",))

    def compact_behind_our_back(_: int) -> None:
        for folder in strangers:
            DeltaTable(folder).optimize.compact()

    ours = Lake(lake.path, sync=compact_behind_our_back)
    with pytest.raises(RowsChanged, match="made 16 rows of 8") as caught:
        ours.compact("events")
    assert caught.value.facts["version"] == 8
    assert numbers(lake) == list(range(1, 9))
    assert lake.mark_of("events", "load") == 8
    assert lake.compact("events").row_count == 8


def test_delta_itself_still_doubles_the_rows(tmp_path: Path) -> None:
    """Documents why our lock, our look before and our count after exist; if it fails, Delta has closed the hole."""
    for number in range(4):
        write_deltalake(tmp_path, events([number]), mode="append", partition_by="recorded_month")
    first, second = DeltaTable(tmp_path), DeltaTable(tmp_path)
    first.optimize.compact()
    second.optimize.compact()
    assert DeltaTable(tmp_path).count() == 8
