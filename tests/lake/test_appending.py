"""What is appended is there once, in order, and durable."""

from __future__ import annotations

import errno
import os
import resource
import threading
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable

from intarsia.lake.delta import COMMIT_ATTEMPTS
from intarsia.lake.faults import DiskFailed, LakeBusy, LakeContended, NoLake, NoSuchTable
from intarsia.lake.lake import LOCK, Lake
from intarsia.lake.lock import WritingLock
from intarsia.lake.schemas import EVENTS
from intarsia.lake.session import Session
from tests.lake.rows import events, profiles


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake.create(tmp_path / "lake")


def test_what_was_appended_is_read_back_as_it_was(lake: Lake) -> None:
    rows = events(range(5))
    assert lake.append("events", rows, app_id="load", app_version=1)
    with Session(lake) as session:
        kept = session.execute("SELECT * FROM events ORDER BY event_no")
    assert kept.to_pylist() == rows.to_pylist()


def test_the_same_append_twice_is_in_once(lake: Lake) -> None:
    assert lake.append("events", events(range(5)), app_id="load", app_version=1)
    assert not lake.append("events", events(range(5)), app_id="load", app_version=1)
    assert lake.snapshot("events").row_count == 5
    assert lake.snapshot("events").version == 1


def test_a_mark_belongs_to_one_table_and_to_who_appended(lake: Lake) -> None:
    lake.append("events", events([1]), app_id="load-a", app_version=4)
    assert lake.append("events", events([2]), app_id="load-b", app_version=3)
    assert lake.append("profiles", profiles([1]), app_id="load-a", app_version=1)
    assert [lake.mark_of("events", app) for app in ("load-a", "load-b", "load-c")] == [4, 3, None]
    assert lake.mark_of("profiles", "load-a") == 1


def test_no_rows_move_the_mark_alone(lake: Lake) -> None:
    assert lake.append("events", events([]), app_id="load", app_version=9)
    assert lake.mark_of("events", "load") == 9
    assert lake.snapshot("events").files == ()


def test_files_lie_by_month_sorted_and_compressed(lake: Lake) -> None:
    lake.append("events", events([9, 2, 14, 7]), app_id="load", app_version=1)
    lake.append("events", events([30], month="2026-02"), app_id="load", app_version=2)
    months = {Path(name).parent.name: name for name in lake.snapshot("events").files}
    assert sorted(months) == ["recorded_month=2026-01", "recorded_month=2026-02"]
    with pq.ParquetFile(months["recorded_month=2026-01"]) as file:
        assert file.read(["profile_no", "event_no"]).to_pydict() == {
            "event_no": [7, 14, 2, 9],
            "profile_no": [0, 0, 2, 2],
        }
        assert {file.metadata.row_group(0).column(index).compression for index in range(5)} == {"ZSTD"}
        assert file.schema_arrow == EVENTS.arrow_schema().remove(EVENTS.arrow_schema().names.index("recorded_month"))


def test_a_snapshot_does_not_see_what_comes_later(lake: Lake) -> None:
    lake.append("events", events(range(5)), app_id="load", app_version=1)
    before = lake.snapshot("events")
    lake.append("events", events(range(5, 9)), app_id="load", app_version=2)
    assert (before.row_count, lake.snapshot("events").row_count) == (5, 9)
    assert sum(pq.read_metadata(name).num_rows for name in before.files) == 5


def test_an_append_syncs_data_commit_checkpoint_and_folders(tmp_path: Path) -> None:
    synced: set[int] = set()

    def note(descriptor: int) -> None:
        synced.add(os.fstat(descriptor).st_ino)

    lake = Lake.create(tmp_path / "lake", sync=note)
    folder = tmp_path / "lake" / "events"
    log = folder / "_delta_log"
    assert not_in(synced, tmp_path / "lake", folder, log, log / f"{0:020}.json") == []
    for version in range(1, 51):
        synced.clear()
        month = f"2026-{version % 12 + 1:02}"
        lake.append("events", events([version], month=month), app_id="load", app_version=version)
        newest = max((folder / f"recorded_month={month}").iterdir(), key=lambda path: path.stat().st_mtime_ns)
        assert not_in(synced, newest, newest.parent, log / f"{version:020}.json", log, folder) == [], version
        if checkpoints := list(log.glob(f"{version:020}.checkpoint*.parquet")):
            assert not_in(synced, *checkpoints, log / "_last_checkpoint") == []
    assert len(list(log.glob("*.checkpoint*.parquet"))) == 1


def test_the_last_commit_of_a_killed_writer_is_synced_before_another_is_put_on_it(tmp_path: Path) -> None:
    killed = Lake.create(tmp_path / "lake", sync=lambda _: None)
    killed.append("profiles", profiles([1]), app_id="load", app_version=1)
    synced: list[int] = []
    Lake(tmp_path / "lake", sync=lambda descriptor: synced.append(os.fstat(descriptor).st_ino)).append(
        "profiles", profiles([2]), app_id="load", app_version=2
    )
    log = tmp_path / "lake" / "profiles" / "_delta_log"
    commits = [(log / f"{version:020}.json").stat().st_ino for version in (1, 2)]
    assert [inode for inode in synced if inode in commits] == commits


def not_in(synced: set[int], *paths: Path) -> list[str]:
    return [path.name for path in paths if path.stat().st_ino not in synced]


def test_a_disk_that_fails_after_the_commit_does_not_double_the_rows(tmp_path: Path) -> None:
    is_full = False

    def sync(descriptor: int) -> None:
        if is_full:
            raise OSError(errno.ENOSPC, "No space left on device")
        os.fsync(descriptor)

    lake = Lake.create(tmp_path / "lake", sync=sync)
    lake.append("events", events([1]), app_id="load", app_version=1)
    is_full = True
    with pytest.raises(DiskFailed, match="No space left"):
        lake.append("events", events([2]), app_id="load", app_version=2)
    is_full = False
    assert lake.append("events", events([2]), app_id="load", app_version=2) is False
    assert lake.snapshot("events").row_count == 2


def test_a_disk_that_takes_no_more_is_told_and_nothing_is_in(tmp_path: Path) -> None:
    lake = Lake.create(tmp_path / "lake")
    lake.append("events", events([1]), app_id="load", app_version=1)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (16_000, hard))
    try:
        with pytest.raises(DiskFailed, match="File too large") as caught:
            lake.append("events", events(range(2, 2_000)), app_id="load", app_version=2)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert caught.value.again
    assert (lake.mark_of("events", "load"), lake.snapshot("events").row_count, lake.check()) == (1, 1, ())
    assert lake.append("events", events(range(2, 2_000)), app_id="load", app_version=2)
    assert lake.snapshot("events").row_count == 1_999


def test_a_commit_refused_because_of_a_stranger_is_tried_again(tmp_path: Path) -> None:
    Lake.create(tmp_path / "lake").append("events", events([1, 2]), app_id="load", app_version=1)
    strangers = iter(("event_no = 1",))

    def delete_behind_our_back(_: int) -> None:
        for condition in strangers:
            DeltaTable(tmp_path / "lake" / "events").delete(condition)

    lake = Lake(tmp_path / "lake", sync=delete_behind_our_back)
    assert lake.append("events", events([3]), app_id="load", app_version=2)
    assert lake.snapshot("events").row_count == 2


def test_a_stranger_who_never_stops_is_given_up_on(tmp_path: Path) -> None:
    folder = tmp_path / "lake" / "events"
    Lake.create(tmp_path / "lake").append("events", events(range(100)), app_id="load", app_version=1)
    victims = iter(range(100))

    def delete_behind_our_back(descriptor: int) -> None:
        if os.fstat(descriptor).st_ino == folder.stat().st_ino:
            DeltaTable(folder).delete(f"event_no = {next(victims)}")

    lake = Lake(tmp_path / "lake", sync=delete_behind_our_back)
    with pytest.raises(LakeContended) as caught:
        lake.append("events", events([200]), app_id="load", app_version=2)
    assert caught.value.again
    assert next(victims) == COMMIT_ATTEMPTS
    assert Lake(tmp_path / "lake").mark_of("events", "load") == 1


def test_a_second_writer_waits_and_is_then_told(tmp_path: Path) -> None:
    lake = Lake.create(tmp_path / "lake")
    impatient = Lake(tmp_path / "lake", wait_seconds=0.1)
    with lake.writing():
        with pytest.raises(LakeBusy) as caught:
            impatient.append("events", events([1]), app_id="load", app_version=1)
        assert impatient.snapshot("events").row_count == 0
    assert caught.value.again
    assert impatient.append("events", events([1]), app_id="load", app_version=1)


def test_a_second_thread_waits_and_is_then_told(tmp_path: Path) -> None:
    lock = WritingLock(tmp_path / LOCK, wait_seconds=0.1)
    told: list[LakeBusy] = []

    def write() -> None:
        try:
            with lock.held():
                pass
        except LakeBusy as error:
            told.append(error)

    with lock.held(), lock.held():
        thread = threading.Thread(target=write)
        thread.start()
        thread.join()
    assert len(told) == 1
    write()
    assert len(told) == 1


def test_who_holds_the_lock_may_append_within(lake: Lake) -> None:
    with lake.writing():
        mark = lake.mark_of("events", "load") or 0
        assert lake.append("events", events([1]), app_id="load", app_version=mark + 1)
    assert lake.mark_of("events", "load") == 1


def test_a_folder_without_tables_is_no_lake(tmp_path: Path) -> None:
    with pytest.raises(NoLake, match="profiles"):
        Lake(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_making_a_lake_again_keeps_what_is_there(lake: Lake) -> None:
    lake.append("events", events([1]), app_id="load", app_version=1)
    assert Lake.create(lake.path).snapshot("events").row_count == 1


def test_a_creation_that_was_cut_off_is_finished_by_the_next(tmp_path: Path) -> None:
    (tmp_path / "lake" / "events" / "_delta_log").mkdir(parents=True)
    with pytest.raises(NoLake):
        Lake(tmp_path / "lake")
    assert Lake.create(tmp_path / "lake").snapshot("events").row_count == 0


def test_an_unknown_table_is_named(lake: Lake) -> None:
    with pytest.raises(NoSuchTable, match="`orders`") as caught:
        lake.snapshot("orders")
    assert caught.value.hint() == "the tables are profiles, events, identities, memberships"


def test_a_folder_may_have_any_name(tmp_path: Path) -> None:
    lake = Lake.create(tmp_path / "Anna's % données فروش")
    lake.append("events", events([1]), app_id="load", app_version=1)
    with Session(lake) as session:
        assert session.execute("SELECT event_no FROM events").to_pydict() == {"event_no": [1]}
