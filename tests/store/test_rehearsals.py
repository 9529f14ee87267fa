"""A rehearsal shows what a change would make of the store, and keeps nothing of it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from intarsia.store.store import Store

ADD = "insert into segment (segment_id, name, created_at) values ('s1', 'loyal', 1)"


def names(store: Store) -> list[str]:
    return [row["name"] for row in store.rows("select name from segment")]


def test_what_is_rehearsed_is_seen_inside_and_gone_after(tmp_path: Path) -> None:
    with Store(tmp_path / "store.sqlite") as store, Store(tmp_path / "store.sqlite") as other:
        with store.rehearsal() as connection:
            connection.execute(ADD)
            assert (names(store), names(other)) == (["loyal"], [])
        assert (names(store), names(other)) == ([], [])


def test_an_error_inside_comes_through_and_the_store_is_usable_after(tmp_path: Path) -> None:
    with Store(tmp_path / "store.sqlite") as store:
        with pytest.raises(sqlite3.IntegrityError), store.rehearsal() as connection:
            connection.executemany(ADD, [(), ()])
        assert names(store) == []
        with store.change() as connection:
            connection.execute(ADD)
        assert names(store) == ["loyal"]
