"""A session answers SQL about one state of the lake."""

from __future__ import annotations

import doctest
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

import intarsia.lake.session
from intarsia.errors import Bug
from intarsia.lake.delta import Snapshot
from intarsia.lake.faults import QueryFailed, QueryTooBig, QueryTooLong, SnapshotGone
from intarsia.lake.lake import Lake
from intarsia.lake.schemas import TABLES
from intarsia.lake.session import Session
from tests.lake.rows import events, profiles


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    lake = Lake.create(tmp_path / "lake")
    lake.append("events", events(range(10)), app_id="load", app_version=1)
    lake.append("events", events(range(10, 15), month="2026-02"), app_id="load", app_version=2)
    return lake


@pytest.fixture
def session(lake: Lake) -> Iterator[Session]:
    with Session(lake) as session:
        yield session


def test_the_example_in_the_words_of_the_class_runs() -> None:
    outcome = doctest.testmod(intarsia.lake.session)
    assert (outcome.attempted, outcome.failed) == (4, 0)


def count(session: Session, table: str = "events") -> int:
    [row] = session.execute(f'SELECT count(*) AS n FROM "{table}"').to_pylist()
    return int(row["n"])


@pytest.mark.parametrize("table", TABLES)
def test_an_empty_table_has_its_columns_and_no_rows(tmp_path: Path, table: str) -> None:
    with Session(Lake.create(tmp_path / "new")) as session:
        answer = session.execute(f'SELECT * FROM "{table}"')
    assert (answer.num_rows, answer.schema.names) == (0, TABLES[table].arrow_schema().names)


@pytest.mark.parametrize("table", ["events", "profiles"])
def test_an_empty_table_and_a_full_one_are_of_the_same_types(tmp_path: Path, lake: Lake, table: str) -> None:
    lake.append("profiles", profiles([1]), app_id="load", app_version=1)
    with Session(Lake.create(tmp_path / "new")) as empty, Session(lake) as full:
        told = [session.execute(f'DESCRIBE "{table}"').to_pylist() for session in (empty, full)]
    assert told[0] == told[1]


def test_lines_and_the_month_can_be_asked_for(session: Session) -> None:
    answer = session.execute(
        "SELECT recorded_month, sum(line.total_minor)::BIGINT AS total, min(line.quantity) AS least "
        "FROM (SELECT recorded_month, unnest(lines) AS line FROM events) GROUP BY 1 ORDER BY 1"
    )
    assert answer.column("recorded_month").to_pylist() == ["2026-01", "2026-02"]
    assert answer.column("total").to_pylist() == [25_000, 12_500]
    assert answer.schema.field("least").type == pa.decimal128(18, 6)


def test_values_are_parameters_by_place_and_by_name(session: Session) -> None:
    by_place = session.execute("SELECT event_no FROM events WHERE order_id IN (?, ?) ORDER BY 1", ["o-3", "o-12"])
    by_name = session.execute("SELECT event_no FROM events WHERE order_id = $id", {"id": "' OR true --"})
    assert by_place.column("event_no").to_pylist() == [3, 12]
    assert by_name.num_rows == 0


def test_instants_come_out_in_utc(session: Session) -> None:
    answer = session.execute("SELECT min(occurred_at) AS first FROM events")
    assert answer.schema.field("first").type == pa.timestamp("us", "UTC")
    assert answer.to_pylist()[0]["first"].isoformat() == "2026-01-05T10:00:00+00:00"


def test_a_session_stays_with_its_state(lake: Lake, session: Session) -> None:
    assert count(session) == 15
    lake.append("events", events([99]), app_id="load", app_version=3)
    assert count(session) == session.snapshots["events"].row_count == 15
    with Session(lake) as later:
        assert count(later) == 16


def test_no_event_is_seen_without_its_profile(tmp_path: Path) -> None:
    writer = Lake.create(tmp_path / "new")

    class Busy(Lake):
        """Has a new profile and its event appended after every look at a table."""

        def snapshot(self, table: str) -> Snapshot:
            snapshot = super().snapshot(table)
            writer.append("profiles", profiles([3]), app_id="load", app_version=1)
            writer.append("events", events([3]), app_id="load", app_version=1)
            return snapshot

    with Session(Busy(tmp_path / "new")) as session:
        assert (count(session, "profiles"), count(session)) == (1, 1)
    with Session(Busy(tmp_path / "new")) as session:
        lonely = session.execute("SELECT event_no FROM events ANTI JOIN profiles USING (profile_no)")
    assert lonely.num_rows == 0


def test_a_registered_table_is_a_relation_like_the_others(session: Session) -> None:
    session.register("wanted", pa.table({"profile_no": pa.array([0], pa.int64())}))
    session.register("wanted", pa.table({"profile_no": pa.array([1, 2], pa.int64())}))
    answer = session.execute("SELECT DISTINCT profile_no FROM events JOIN wanted USING (profile_no) ORDER BY 1")
    assert answer.column("profile_no").to_pylist() == [1, 2]


def test_a_table_of_the_lake_cannot_be_covered_up(session: Session) -> None:
    with pytest.raises(Bug, match="`events`"):
        session.register("events", pa.table({"n": [1]}))


@pytest.mark.parametrize("table", ["events", "profiles"])
def test_a_view_may_hide_a_table_full_or_empty_and_be_made_from_it(session: Session, table: str) -> None:
    session.execute(f'CREATE VIEW main."{table}" AS SELECT profile_no AS number FROM lake."{table}"')
    assert session.execute(f'FROM "{table}"').schema.names == ["number"]
    assert session.query(f'FROM lake."{table}"').schema.names == TABLES[table].arrow_schema().names


def test_a_statement_without_an_answer_is_a_table_without_columns(session: Session) -> None:
    session.execute("CREATE TEMP TABLE kept AS SELECT event_no FROM events WHERE event_no < 3")
    assert count(session, "kept") == 3
    assert session.execute("DROP TABLE kept").num_rows == 0


def test_if_the_files_go_while_the_session_opens_it_opens_the_present_state(tmp_path: Path, lake: Lake) -> None:
    class Rewritten(Lake):
        """Loses the files of the first state that it hands out."""

        def snapshot(self, table: str) -> Snapshot:
            snapshot = super().snapshot(table)
            if table == "events" and snapshot.version == 2:
                lake.append("events", events([99]), app_id="load", app_version=3)
                lake.compact("events")
                lake.vacuum("events", hours=0)
            return snapshot

    with Session(Rewritten(tmp_path / "lake")) as session:
        assert count(session) == session.snapshots["events"].row_count == 16


def test_if_the_files_go_before_the_first_answer_the_present_state_is_taken(lake: Lake) -> None:
    with Session(lake) as session:
        session.register("extra", pa.table({"n": [1]}))
        lake.append("events", events([99]), app_id="load", app_version=3)
        assert lake.compact("events").files_after == 2
        assert lake.vacuum("events", hours=0) == 2
        assert count(session) == session.snapshots["events"].row_count == 16
        assert count(session, "extra") == 1


def test_if_the_files_go_after_an_answer_no_second_state_is_mixed_in(lake: Lake, session: Session) -> None:
    assert count(session, "profiles") == 0
    lake.append("events", events([99]), app_id="load", app_version=3)
    lake.compact("events")
    lake.vacuum("events", hours=0)
    with pytest.raises(SnapshotGone) as caught:
        count(session)
    assert caught.value.again


@pytest.mark.skipif(duckdb.__version__ < "2", reason="DuckDB 1.5 itself imports pandas when it registers a table")
def test_asking_loads_no_pandas(lake: Lake) -> None:
    code = (
        "import sys; from pathlib import Path; from intarsia.lake.lake import Lake; "
        "from intarsia.lake.session import Session; session = Session(Lake(Path(sys.argv[1]))); "
        "session.execute('SELECT count(*) FROM events'); session.execute('FROM profiles'); session.close(); "
        "print('pandas' in sys.modules)"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", code, str(lake.path)]
    answer = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    assert answer.stdout == "False\n"


def counted_by_threads(open_session: Callable[[], Session], times: int) -> list[int]:
    """What four threads count, each so many times in a session that it opens."""
    counts: list[int] = []

    def ask() -> None:
        for _ in range(times):
            with open_session() as session:
                counts.append(count(session))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return counts


def test_threads_each_with_a_session_of_their_own_count_the_same(lake: Lake) -> None:
    assert counted_by_threads(lambda: Session(lake, threads=1), 5) == [15] * 20


def test_our_own_sql_fails_with_the_words_of_duckdb(session: Session) -> None:
    with pytest.raises(duckdb.BinderException, match="citty"):
        session.execute("SELECT citty FROM events")


def test_a_mistake_in_a_query_is_told(session: Session) -> None:
    with pytest.raises(QueryFailed, match="citty") as caught:
        session.query("SELECT citty FROM events")
    assert caught.value.exit_status == 2
    assert session.query("SELECT 1 AS one").to_pydict() == {"one": [1]}


def test_a_query_without_end_is_ended(session: Session) -> None:
    with pytest.raises(QueryTooLong, match=r"0\.2 seconds"):
        session.query(
            "SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE a.range * b.range = 7", seconds=0.2
        )
    assert count(session) == 15


def test_a_query_that_wants_too_much_memory_is_ended(lake: Lake) -> None:
    with Session(lake, memory_limit="50MB") as session:
        with pytest.raises(QueryTooBig, match="50MB"):
            session.query("SELECT list(range) AS numbers FROM range(20000000)")
        assert count(session) == 15


def test_a_branch_sees_the_same_state_and_what_was_made_of_it(lake: Lake, session: Session) -> None:
    session.register("given", pa.table({"a": [1]}))
    session.execute("alter view lake.events rename to every_event")
    session.execute("create view lake.events as from lake.every_event where event_no < 5")
    with session.branch() as branch:
        lake.append("events", events(range(15, 20)), app_id="load", app_version=3)
        assert (count(branch), count(session)) == (5, 5)
        assert branch.execute("from given").to_pydict() == {"a": [1]}
        session.execute("create temp table own as select 1 as a")
        branch.execute("create temp table own as select 2 as a")
        branch.register("given", pa.table({"a": [2]}))
    assert session.execute("select own.a, given.a as other from own, given").to_pydict() == {"a": [1], "other": [1]}


def test_a_branch_of_an_empty_lake_has_empty_tables_and_utc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    with Session(Lake.create(tmp_path / "empty")) as session, session.branch() as branch:
        assert count(branch) == 0
        assert branch.execute("select current_setting('TimeZone') as zone").to_pydict() == {"zone": ["UTC"]}


def test_a_branch_may_open_no_more_than_its_session(session: Session) -> None:
    with session.branch() as branch, pytest.raises(duckdb.Error):
        branch.execute("select * from read_text('/etc/hostname')")
