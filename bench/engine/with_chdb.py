"""ClickHouse inside the process (`chdb`), over MergeTree tables, one a type of event, by person and time."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from engine import data
from engine.in_one_scan import OneScan
from engine.in_sql import Dialect
from engine.peers import Answers, answered

FOLDER = "peer.clickhouse"
SETTINGS = {"max_threads": 2, "join_use_nulls": 1, "aggregate_functions_null_for_empty": 1}
ALL_EVENTS = (
    "type LowCardinality(String), person Int32, moment UInt32, category LowCardinality(String), discount_pct Int8, "
    "total_minor Int32, campaign_id Int16, score Int8, points Int16"
)

CHDB = Dialect(
    people="b.people",
    events='b."{}"',
    distinct="uniqExact({})",
    first="argMin({}, moment)",
    last="argMax({}, moment)",
    best=(
        "SELECT person FROM ({}) QUALIFY row_number() OVER (ORDER BY v DESC, person) "
        "<= intDiv(count(*) OVER () * {} + 99, 100)"
    ),
    follows=(
        "SELECT person FROM (SELECT person, moment, 1 AS step FROM ({0}) UNION ALL "
        "SELECT person, moment, 2 AS step FROM ({1})) "
        "GROUP BY person HAVING windowFunnel({2})(moment, step = 1, step = 2) = 2"
    ),
)

CHDB_ONE_SCAN = OneScan(**{**asdict(CHDB), "events": "(SELECT * FROM b.events WHERE type = '{}')", "table": "b.events"})


def load_chdb(folder: Path) -> None:
    """The files as tables, in one piece each."""
    with _session(folder) as session:
        session.query("CREATE DATABASE b ENGINE = Atomic")
        for what in (data.PEOPLE, *data.TYPES):
            order = "person" if what == data.PEOPLE else "(person, moment)"
            source = f"file('{data.file_of(folder, what)}', Parquet)"
            columns = ", ".join(_typed(session, source))
            session.query(
                f'CREATE TABLE b."{what}" ENGINE = MergeTree ORDER BY {order} AS SELECT {columns} FROM {source}'
            )
            session.query(f'OPTIMIZE TABLE b."{what}" FINAL')
        _make_one_table(session)


def _make_one_table(session: Any) -> None:
    """All events in one table; of what a type does not have, the zero or the empty text."""
    session.query(f"CREATE TABLE b.events ({ALL_EVENTS}) ENGINE = MergeTree ORDER BY (person, moment)")
    for what in data.TYPES:
        columns = str(session.query(f'DESCRIBE TABLE b."{what}"', "TSV")).splitlines()
        names = ", ".join(line.split("\t")[0] for line in columns)
        session.query(f"INSERT INTO b.events (type, {names}) SELECT '{what}', {names} FROM b.\"{what}\"")
    session.query("OPTIMIZE TABLE b.events FINAL")


def ask_chdb(folder: Path) -> Answers:
    """The hundred, each a query over tables by type."""
    return _asked(folder, CHDB)


def ask_chdb_one_scan(folder: Path) -> Answers:
    """The hundred, each one scan of all events."""
    return _asked(folder, CHDB_ONE_SCAN)


def _asked(folder: Path, dialect: Dialect) -> Answers:
    with _session(folder) as session:

        def ask(sql: str) -> tuple[int, int]:
            people, numbers = str(session.query(sql, "CSV")).split(",")
            return int(people), int(numbers)

        return answered(dialect.all(), ask)


def _typed(session: Any, source: str) -> list[str]:
    """The columns as the narrowest types: nothing is unknown, texts of few values are in a dictionary."""
    described = str(session.query(f"DESCRIBE TABLE {source}", "TSV")).splitlines()
    typed = []
    for name, kind in (line.split("\t")[:2] for line in described):
        value = f"assumeNotNull({name})"
        if name == "moment":
            value = f"toUInt32({value})"
        elif "String" in kind:
            value = f"toLowCardinality(toString({value}))"
        typed.append(f"{value} AS {name}")
    return typed


def _session(folder: Path) -> Any:
    from chdb.session import Session

    session: Any = Session(str(folder / FOLDER))
    for name, value in SETTINGS.items():
        session.query(f"SET {name} = {value}")
    return session
