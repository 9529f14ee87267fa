"""Sessions over one state share a database, and are otherwise as if each had its own."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from intarsia.handles import ForkedConnection
from intarsia.lake.faults import SnapshotGone
from intarsia.lake.lake import Lake
from intarsia.lake.sessions import Sessions
from intarsia.lake.spill import FOLDER
from tests.lake.rows import events
from tests.lake.test_session import count, counted_by_threads


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    lake = Lake.create(tmp_path / "lake")
    lake.append("events", events(range(10)), app_id="load", app_version=1)
    return lake


@pytest.fixture
def sessions(lake: Lake) -> Sessions:
    return Sessions(lake, memory_limit="1GB", threads=1)


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One entry a database that was begun."""
    found, connect = list[int](), duckdb.connect

    def noted(*values: object, **named: object) -> duckdb.DuckDBPyConnection:
        found.append(len(found))
        return connect(*values, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(duckdb, "connect", noted)
    return found


def add_one(lake: Lake) -> None:
    lake.append("events", events([99]), app_id="load", app_version=2)


def test_while_nothing_is_written_one_database_serves_all(lake: Lake, sessions: Sessions, begun: list[int]) -> None:
    for _ in range(3):
        with sessions.open() as session:
            assert count(session) == 10
    assert len(begun) == 1
    add_one(lake)
    with sessions.open() as session, sessions.open() as another:
        assert (count(session), count(another)) == (11, 11)
    assert len(begun) == 2


def test_a_session_stays_with_its_state_while_others_take_a_newer_one(lake: Lake, sessions: Sessions) -> None:
    with sessions.open() as before:
        add_one(lake)
        with sessions.open() as after:
            assert (count(before), count(after)) == (10, 11)
        assert count(before) == 10


def test_what_is_made_in_one_the_others_do_not_see(sessions: Sessions) -> None:
    with sessions.open() as one, sessions.open() as other:
        one.register("asked", pa.table({"n": [1, 2]}))
        one.execute("create temp table made as from asked")
        other.register("asked", pa.table({"n": [1, 2, 3]}))
        assert (count(one, "asked"), count(one, "made"), count(other, "asked")) == (2, 2, 3)
        with pytest.raises(duckdb.CatalogException):
            count(other, "made")
        with one.branch() as branch:
            assert count(branch, "asked") == 2


def test_one_that_has_its_own_database_may_change_views(sessions: Sessions) -> None:
    with sessions.open() as shared, sessions.alone() as alone:
        alone.execute("alter view lake.events rename to every_event")
        alone.execute("create view lake.events as from lake.every_event limit 3")
        assert (count(alone), count(shared)) == (3, 10)
        with sessions.open() as later:
            assert count(later) == 10


def test_if_the_files_go_before_the_first_answer_the_present_state_is_taken(lake: Lake, sessions: Sessions) -> None:
    with sessions.open() as asked, sessions.open() as not_asked:
        assert count(asked, "profiles") == 0
        not_asked.register("extra", pa.table({"n": [1]}))
        add_one(lake)
        lake.compact("events")
        lake.vacuum("events", hours=0)
        assert (count(not_asked), count(not_asked, "extra")) == (11, 1)
        with pytest.raises(SnapshotGone):
            count(asked)


def test_of_a_former_database_nothing_is_left_once_its_sessions_are_closed(lake: Lake, sessions: Sessions) -> None:
    def folders() -> int:
        return len(list((lake.path / FOLDER).iterdir()))

    session = sessions.open()
    add_one(lake)
    with sessions.open():
        assert folders() == 2
    session.close()
    session.close()
    assert folders() == 1
    sessions.let_go()
    assert folders() == 0
    with sessions.open() as again:
        assert count(again) == 11


def test_threads_share_it_too(sessions: Sessions, begun: list[int]) -> None:
    assert counted_by_threads(sessions.open, 10) == [10] * 40
    assert len(begun) == 1


def test_a_forked_process_is_told_and_the_first_one_goes_on(sessions: Sessions) -> None:
    with sessions.open() as session:
        assert count(session) == 10
    child = os.fork()
    if not child:
        try:
            sessions.open()
        except ForkedConnection:
            os._exit(7)
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    with sessions.open() as session:
        assert count(session) == 10
