"""DuckDB over tables of its own, one a type of event, by person and time; what has few values is an enumeration."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import duckdb

from engine import data
from engine.in_one_scan import OneScan
from engine.in_sql import Dialect
from engine.peers import Answers, answered

FILE = "peer.duckdb"
THREADS = 2

DUCKDB = Dialect(
    people="people",
    events='"{}"',
    distinct="count(DISTINCT {})",
    first="arg_min({}, moment)",
    last="arg_max({}, moment)",
    best=(
        "SELECT person FROM ({}) QUALIFY row_number() OVER (ORDER BY v DESC, person) "
        "<= (count(*) OVER () * {} + 99) // 100"
    ),
    follows=(
        "SELECT later.person FROM ({1}) later ASOF JOIN ({0}) earlier "
        "ON earlier.person = later.person AND later.moment > earlier.moment WHERE later.moment - earlier.moment <= {2}"
    ),
)

DUCKDB_ONE_SCAN = OneScan(**{**asdict(DUCKDB), "events": "(SELECT * FROM events WHERE type = '{}')", "table": "events"})


def load_duckdb(folder: Path) -> None:
    """The files as tables."""
    (folder / FILE).unlink(missing_ok=True)
    with _connected(folder) as connection:
        for name, values in {"country": data.COUNTRIES, "city": data.CITIES, "gender": data.GENDERS}.items():
            connection.execute(f"CREATE TYPE a_{name} AS ENUM {values}")
        connection.execute(f"CREATE TYPE a_category AS ENUM {data.CATEGORIES}")
        few = "country_code::a_country AS country_code, city::a_city AS city, gender::a_gender AS gender"
        source = data.file_of(folder, data.PEOPLE)
        connection.execute(f"CREATE TABLE people AS SELECT * REPLACE ({few}) FROM '{source}'")
        for what in data.TYPES:
            few = "* REPLACE (category::a_category AS category)" if what in ("view", "order") else "*"
            connection.execute(f"CREATE TABLE \"{what}\" AS SELECT {few} FROM '{data.file_of(folder, what)}'")
        parts = " UNION ALL BY NAME ".join(f"SELECT '{what}' AS type, * FROM \"{what}\"" for what in data.TYPES)
        types = f"type::ENUM {tuple(data.TYPES)} AS type"
        connection.execute(f"CREATE TABLE events AS SELECT * REPLACE ({types}) FROM ({parts}) ORDER BY person, moment")


def ask_duckdb(folder: Path) -> Answers:
    """The hundred, each a query over tables by type."""
    return _asked(folder, DUCKDB)


def ask_duckdb_one_scan(folder: Path) -> Answers:
    """The hundred, each one scan of all events."""
    return _asked(folder, DUCKDB_ONE_SCAN)


def _asked(folder: Path, dialect: Dialect) -> Answers:
    with _connected(folder) as connection:

        def ask(sql: str) -> tuple[int, int]:
            found = connection.execute(sql).fetchone()
            assert found is not None
            return int(found[0]), int(found[1])

        return answered(dialect.all(), ask)


def _connected(folder: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(folder / FILE, config={"threads": THREADS})
    connection.execute("SET enable_progress_bar = false")
    return connection
