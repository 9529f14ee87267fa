"""The store keeps what people decided: all of a change or nothing, for several processes at once."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from intarsia.store.store import SCHEMA_FILES, SCHEMA_VERSION, Store, StoreBusy, StoreFailed, StoreTooNew

ADD = "insert into segment (segment_id, name, created_at) values (?, ?, ?)"
PROGRAM = """
import sys
from pathlib import Path
from intarsia.store.store import Store
path, name, count = sys.argv[1:]
with Store(Path(path)) as store:
    for number in range(int(count)):
        with store.change() as connection:
            last = connection.execute("select coalesce(max(created_at), 0) from segment").fetchone()[0]
            sql = "insert into segment (segment_id, name, created_at) values (?, ?, ?)"
            connection.execute(sql, (f"{name}{number}", f"{name}{number}", last + 1))
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.sqlite"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store(path) as store:
        yield store


def names(store: Store) -> list[str]:
    return [row["name"] for row in store.rows("select name from segment order by name")]


def test_what_was_changed_is_there_for_the_next_who_opens_it(path: Path) -> None:
    with Store(path) as store, store.change() as connection:
        connection.execute(ADD, ("s1", "loyal", 1))
    with Store(path) as store:
        assert names(store) == ["loyal"]


def test_a_change_that_fails_changes_nothing(store: Store) -> None:
    def half() -> None:
        with store.change() as connection:
            connection.execute(ADD, ("s1", "loyal", 1))
            connection.execute(ADD, ("s2", "loyal", 2))

    with pytest.raises(sqlite3.IntegrityError):
        half()
    assert names(store) == []
    with store.change() as connection:
        connection.execute(ADD, ("s1", "loyal", 1))
    assert names(store) == ["loyal"]


def test_values_are_bound_and_never_read_as_sql(store: Store) -> None:
    name = "'; drop table segment; --"
    with store.change() as connection:
        connection.execute(ADD, ("s1", name, 1))
    assert [row["segment_id"] for row in store.rows("select * from segment where name = ?", name)] == ["s1"]
    assert store.row("select * from segment where name = ?", "other") is None
    found = store.row("select created_at from segment where name = ?", name)
    assert found is not None
    assert found["created_at"] == 1


def test_columns_take_only_their_types(store: Store) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="cannot store TEXT"), store.change() as connection:
        connection.execute(ADD, ("s1", "loyal", "yesterday"))


def test_versions_go_with_their_segment(store: Store) -> None:
    with store.change() as connection:
        connection.execute(ADD, ("s1", "loyal", 1))
        connection.execute("insert into segment_version values ('s1', 1, 'everyone', 1, 1)")
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"), store.change() as connection:
        connection.execute("insert into segment_version values ('s2', 1, 'everyone', 1, 1)")
    with store.change() as connection:
        connection.execute("delete from segment")
    assert store.rows("select * from segment_version") == []


def test_every_change_is_synced_and_what_is_deleted_is_overwritten(store: Store) -> None:
    settings = {name: store.rows(f"pragma {name}")[0][0] for name in ("journal_mode", "synchronous", "secure_delete")}
    assert settings == {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1}


def test_a_store_of_a_later_version_is_refused(path: Path) -> None:
    Store(path).close()
    connection = sqlite3.connect(path)
    connection.execute(f"pragma user_version = {SCHEMA_VERSION + 1}")
    connection.close()
    with pytest.raises(StoreTooNew) as caught:
        Store(path)
    assert "newer" in str(caught.value)


def test_a_store_of_an_earlier_version_keeps_what_it_holds(path: Path) -> None:
    connection = sqlite3.connect(path)
    for step in SCHEMA_FILES[:2]:
        connection.executescript(step.read_text(encoding="utf-8"))
    connection.execute(ADD, ("s1", "loyal", 1))
    connection.execute("insert into segment_version values ('s1', 1, 'everyone', 1, 1)")
    connection.execute("insert into short_name values ('shipped', 'Order Shipped')")
    connection.execute("pragma user_version = 2")
    connection.commit()
    connection.close()
    with Store(path) as store:
        assert names(store) == ["loyal"]
        assert [row["text"] for row in store.rows("select text from segment_version")] == ["everyone"]
        assert [tuple(row) for row in store.rows("select short, event from short_name")] == [
            ("shipped", "Order Shipped")
        ]
        assert store.rows("select * from segment where removed_at is not null") == []


def test_a_reader_sees_the_state_before_an_unfinished_change(path: Path, store: Store) -> None:
    with Store(path) as reader, store.change() as connection:
        connection.execute(ADD, ("s1", "loyal", 1))
        assert names(reader) == []


@pytest.mark.slow
def test_a_writer_that_does_not_end_is_reported(path: Path, store: Store) -> None:
    with Store(path) as other, store.change(), pytest.raises(StoreBusy) as caught, other.change():
        pass
    assert caught.value.again
    with Store(path) as other, other.change() as connection:
        connection.execute(ADD, ("s1", "loyal", 1))


def test_a_second_writer_waits_for_the_first(path: Path, store: Store) -> None:
    def write() -> None:
        with Store(path) as other, other.change() as connection:
            connection.execute(ADD, ("s2", "second", 2))

    waiting = threading.Thread(target=write)
    with store.change() as connection:
        waiting.start()
        waiting.join(0.2)
        assert waiting.is_alive()
        connection.execute(ADD, ("s1", "first", 1))
    waiting.join()
    assert names(store) == ["first", "second"]


def test_processes_that_change_at_once_lose_nothing(path: Path, store: Store) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    started = [
        subprocess.Popen([sys.executable, "-c", PROGRAM, str(path), name, "40"], env=environment) for name in "ab"
    ]
    assert [process.wait() for process in started] == [0, 0]
    numbers = [row["created_at"] for row in store.rows("select created_at from segment order by 1")]
    assert numbers == list(range(1, 81)), "each saw what the others had written before"


def test_two_processes_may_open_a_new_store_at_once(tmp_path: Path) -> None:
    opened: list[int] = []

    def open_one() -> None:
        with Store(tmp_path / "new.sqlite") as store:
            opened.append(len(store.rows("select * from segment")))

    threads = [threading.Thread(target=open_one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert opened == [0] * 8


def test_a_file_that_is_no_store_is_told_as_damage(path: Path) -> None:
    path.write_bytes(b"Dear Ada, this is a letter and no database" * 100)
    with pytest.raises(StoreFailed, match="not a database"):
        Store(path)


def test_a_store_that_cannot_be_written_is_not_said_to_be_busy(path: Path) -> None:
    with Store(path) as store:
        store._connection.execute("pragma query_only = on")
        with pytest.raises(StoreFailed, match="readonly"), store.change() as connection:
            connection.execute(ADD, ("1", "a", 1))


def test_a_purge_leaves_no_byte_of_what_was_deleted(path: Path, store: Store) -> None:
    with store.change() as connection:
        connection.executemany(ADD, [(f"s{number:05}-canary", f"n{number:05}-canary", 1) for number in range(5_000)])
    with store.change() as connection:
        connection.execute("delete from segment where segment_id > 's00000-canary'")
    store.purge()
    found = [file.name for file in path.parent.iterdir() if b"-canary" in file.read_bytes()]
    left = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert (found, left.count(b"s0000"), names(store)) == ([path.name], 2, ["n00000-canary"])
    assert path.with_name(f"{path.name}-wal").stat().st_size == 0


def test_a_purge_waits_for_nobody_who_reads_for_ever(path: Path, store: Store) -> None:
    with sqlite3.connect(path) as other:
        other.execute("begin")
        other.execute("select * from segment").fetchall()
        with store.change() as connection:
            connection.execute(ADD, ("s1", "loyal", 1))
        with pytest.raises(StoreBusy):
            store.purge()
    other.close()
    store.purge()
