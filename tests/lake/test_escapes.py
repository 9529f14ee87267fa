"""A query that somebody else wrote reads the views and nothing else, twice refused: by the guard and by DuckDB."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from intarsia.errors import UserError
from intarsia.lake.faults import QueryRefused
from intarsia.lake.lake import Lake
from intarsia.lake.session import Session
from tests.lake.rows import events

local_secret = pa.table({"secret": [1]})

# `{file}` is a file of the record, `{folder}` the lake's folder, `{outside}` a readable file elsewhere.
CLOSED_BY_DUCKDB = (
    "SELECT * FROM read_csv('{outside}')",
    "SELECT * FROM read_text('{outside}')",
    "SELECT * FROM read_blob('/proc/self/environ')",
    "SELECT * FROM sniff_csv('{outside}')",
    "SELECT * FROM '{outside}'",
    "SELECT * FROM glob('{folder}/*')",
    "SELECT * FROM read_text('{folder}/events/_delta_log/00000000000000000000.json')",
    "SELECT * FROM read_text('{file}/../../../../{outside}')",
    "SELECT * FROM read_parquet('https://example.org/x.parquet')",
    "COPY (SELECT 1) TO '{outside}'",
    "COPY (SELECT 1) TO '{folder}/out.csv'",
    "COPY events TO '{folder}/events/out.parquet'",
    "EXPORT DATABASE '{folder}/out'",
    "ATTACH '{folder}/other.db'",
    "ATTACH '{outside}' AS other",
    "INSTALL httpfs",
    "LOAD httpfs",
    "LOAD '{outside}'",
    "SET enable_external_access = true",
    "SET allowed_directories = ['/']",
    "SET memory_limit = '64GB'",
    "SET lock_configuration = false",
    "RESET threads",
    "SELECT getenv('HOME')",
    "SELECT * FROM local_secret",
    "SELECT * FROM duckdb_secrets()",
    "WITH x AS (COPY (SELECT 1) TO '{outside}' (FORMAT csv, USE_TMP_FILE false)) SELECT 1",
    "SELECT * FROM query('COPY (SELECT 1) TO ''{outside}''')",
)
CLOSED_BY_THE_GUARD = (
    *CLOSED_BY_DUCKDB[:4],
    *CLOSED_BY_DUCKDB[5:23],
    *CLOSED_BY_DUCKDB[26:],
    "WITH x AS (COPY (SELECT 1) TO '{file}' (FORMAT csv, USE_TMP_FILE false)) SELECT 1",
    "SELECT (WITH x AS (COPY (SELECT 1) TO '{file}' (FORMAT csv, USE_TMP_FILE false)) SELECT 1)",
    "SELECT * FROM (WITH x AS (COPY (SELECT 1) TO '{file}' (FORMAT csv, USE_TMP_FILE false)) SELECT 1)",
    "SELECT 1 UNION ALL SELECT * FROM (WITH x AS (INSERT INTO kept VALUES (2) RETURNING *) SELECT * FROM x)",
    "WITH x AS (DELETE FROM kept RETURNING *) SELECT * FROM x",
    "WITH x AS (UPDATE kept SET n = 5 RETURNING *) SELECT * FROM x",
    "SELECT * FROM read_blob('{file}')",
    "SELECT * FROM duckdb_settings()",
    "SELECT * FROM parquet_metadata('{file}')",
    "SELECT 1; DROP VIEW events",
    "SELECT 1; SELECT 2",
    "",
    "DROP VIEW events",
    "CREATE TABLE mine AS SELECT 1",
    "INSERT INTO kept VALUES (2)",
    "PRAGMA database_list",
    "CALL pragma_version()",
    "EXPLAIN ANALYZE CREATE TABLE mine AS SELECT 1",
    "PREPARE later AS SELECT 1",
    "BEGIN",
    "CHECKPOINT",
    "SELECT * FROM query_table('events')",
)
ALLOWED = (
    "SELECT count(*) FROM events",
    "select kind, count(*) from events group by all having count(*) > 1 order by 2 desc limit 3;",
    "WITH a AS (SELECT 1 AS n), b AS MATERIALIZED (SELECT 2 AS n) SELECT * FROM a UNION ALL SELECT * FROM b",
    "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 5) SELECT * FROM t",
    "FROM events SELECT profile_no, row_number() OVER (PARTITION BY profile_no ORDER BY event_no) AS n QUALIFY n = 1",
    "SELECT line.sku FROM events, unnest(lines) AS u(line)",
    "SELECT * FROM range(3), generate_series(1, 2)",
    "SELECT 'COPY_QUERY_NODE' AS type, 'DROP VIEW events; --' AS text",
    "DESCRIBE events",
    "SHOW TABLES",
    "SUMMARIZE profiles",
    "VALUES (1)",
    "-- how many\nSELECT count(*) FROM events -- all",
)


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    lake = Lake.create(tmp_path_factory.mktemp("whole") / "lake")
    lake.append("events", events(range(10)), app_id="load", app_version=1)
    return lake


@pytest.fixture
def session(lake: Lake) -> Iterator[Session]:
    with Session(lake) as session:
        session.execute("CREATE TEMP TABLE kept AS SELECT 1 AS n")
        yield session


@pytest.fixture
def places(lake: Lake) -> dict[str, Path]:
    outside = lake.path.parent / "outside.csv"
    outside.write_text("secret\n1\n")
    [file] = lake.snapshot("events").files
    return {"file": Path(file), "folder": lake.path, "outside": outside}


def content(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("attempt", CLOSED_BY_DUCKDB)
def test_duckdb_itself_opens_nothing_else(session: Session, places: dict[str, Path], attempt: str) -> None:
    before = content(places["folder"].parent)
    with pytest.raises(duckdb.Error) as caught:
        session.execute(attempt.format(**places))
    assert not isinstance(caught.value, duckdb.IOException), "refused only because it was not found"
    assert content(places["folder"].parent) == before


@pytest.mark.parametrize("attempt", CLOSED_BY_THE_GUARD)
def test_the_guard_lets_only_one_select_through(session: Session, places: dict[str, Path], attempt: str) -> None:
    before = content(places["folder"].parent)
    with pytest.raises(QueryRefused):
        session.query(attempt.format(**places))
    assert content(places["folder"].parent) == before
    assert session.execute("SELECT n FROM kept").to_pydict() == {"n": [1]}
    assert session.query("SELECT count(*) AS n FROM events").to_pydict() == {"n": [10]}


@pytest.mark.parametrize("attempt", CLOSED_BY_DUCKDB)
def test_every_attempt_is_told_to_the_user(session: Session, places: dict[str, Path], attempt: str) -> None:
    with pytest.raises(UserError):
        session.query(attempt.format(**places))


@pytest.mark.parametrize("sql", ALLOWED)
def test_what_only_reads_is_answered(session: Session, sql: str) -> None:
    assert session.query(sql).num_columns > 0


def test_a_deeply_nested_query_is_refused_or_answered_but_does_not_crash(session: Session) -> None:
    with pytest.raises(UserError):
        session.query("SELECT " + "(" * 20_000 + "1" + ")" * 20_000)
    assert session.query("SELECT " + "NOT " * 300 + "true AS t").to_pydict() == {"t": [True]}


def test_what_is_spilled_to_disk_goes_with_the_session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    lake = Lake.create(tmp_path / "lake")
    with Session(lake, memory_limit="100MB", threads=1) as session:
        answer = session.execute(
            "SELECT count(*) AS n FROM (SELECT range AS a FROM range(20000000) ORDER BY hash(range))"
        )
        assert answer.to_pydict() == {"n": [20_000_000]}
    assert [path.name for path in tmp_path.iterdir()] == ["lake"]
