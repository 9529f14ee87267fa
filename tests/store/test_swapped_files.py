"""A file that is removed or replaced while it is open is noticed by the next who writes: nothing is acknowledged."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from intarsia.store.guard import StoreSwapped
from intarsia.store.journal import Entry, Journal
from intarsia.store.store import Store

ADD = "insert into segment (segment_id, name, created_at) values (?, ?, 1)"


def removed(path: Path) -> None:
    path.unlink()


def replaced(path: Path) -> None:
    fresh = path.with_name("fresh")
    shutil.copyfile(path, fresh)
    fresh.replace(path)


def moved_behind_a_link(path: Path) -> None:
    path.rename(path.with_name("moved"))
    path.symlink_to(path.with_name("moved"))


def folder_replaced(path: Path) -> None:
    path.parent.rename(path.parent.with_name("old"))
    shutil.copytree(path.parent.with_name("old"), path.parent)


SWAPS: dict[str, tuple[str, Callable[[Path], None]]] = {
    "removed": ("", removed),
    "replaced": ("", replaced),
    "moved behind a link": ("", moved_behind_a_link),
    "its folder replaced": ("", folder_replaced),
    "its log removed": ("-wal", removed),
    "its log replaced": ("-wal", replaced),
    "its shared memory removed": ("-shm", removed),
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "folder").mkdir()
    return tmp_path / "folder" / "file.sqlite"


def swap(path: Path, how: str) -> None:
    ending, does = SWAPS[how]
    does(path.with_name(f"{path.name}{ending}"))


def add(store: Store, name: str) -> None:
    with store.change() as connection:
        connection.execute(ADD, (name, name))


@pytest.mark.parametrize("how", SWAPS)
def test_nothing_more_is_changed_in_a_store_that_is_not_at_its_path(path: Path, how: str) -> None:
    with Store(path) as store:
        add(store, "before")
        swap(path, how)
        for attempt in ("one", "two"):
            with pytest.raises(StoreSwapped, match="was removed or replaced"):
                add(store, attempt)
        with pytest.raises(StoreSwapped):
            store.purge()
        assert [row["name"] for row in store.rows("select name from segment")] == ["before"]


@pytest.mark.parametrize("how", SWAPS)
def test_nothing_more_is_acknowledged_by_a_journal_that_is_not_at_its_path(path: Path, how: str) -> None:
    with closing(Journal(path)) as journal:
        journal.put([Entry("m1", "d", "{}")], 1)
        swap(path, how)
        with pytest.raises(StoreSwapped):
            journal.put([Entry("m2", "d", "{}")], 1)
        with pytest.raises(StoreSwapped):
            journal.set_mark("record", 1)
        with pytest.raises(StoreSwapped):
            journal.forget(1, 10)
        with pytest.raises(StoreSwapped):
            journal.purge()
        assert journal.last == 1


@pytest.mark.parametrize("how", SWAPS)
def test_a_swap_in_the_midst_of_a_change_is_told_too(path: Path, how: str) -> None:
    def changed(store: Store) -> None:
        with store.change() as connection:
            connection.execute(ADD, ("late", "late"))
            swap(path, how)

    with Store(path) as store, pytest.raises(StoreSwapped):
        changed(store)


def test_a_store_behind_a_link_is_noticed_when_the_link_leads_elsewhere(path: Path) -> None:
    real, link = path, path.with_name("link.sqlite")
    link.symlink_to(real)
    with Store(link) as store:
        add(store, "before")
        Store(path.with_name("other.sqlite")).close()
        link.unlink()
        link.symlink_to(path.with_name("other.sqlite"))
        with pytest.raises(StoreSwapped):
            add(store, "after")


def test_who_changes_folder_or_moves_nothing_goes_on(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(path.parent)
    with Store(Path(path.name)) as store, Store(path) as other:
        monkeypatch.chdir("/")
        for number in range(3):
            add(store, f"one {number}")
            add(other, f"other {number}")
        store.purge()
        add(other, "after the purge")
        add(store, "and after that")
        assert len(store.rows("select * from segment")) == 8
