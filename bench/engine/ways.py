"""The ways in which peers are asked."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Way:
    """A way to ask a peer.

    name    of its function, after `ask_`
    peer    whose it is: the module `with_..`, and the package
    loads   whether it has tables of its own; else it holds frames of the files in memory
    """

    name: str
    peer: str
    title: str
    short: str
    loads: bool = False


WAYS = (
    Way("duckdb", "duckdb", "DuckDB, its own tables, one a type of event", "DuckDB", loads=True),
    Way("duckdb_one_scan", "duckdb", "DuckDB, one table, one scan a segment", "DuckDB, one scan", loads=True),
    Way("chdb", "chdb", "ClickHouse (chdb), MergeTree tables, one a type of event", "ClickHouse", loads=True),
    Way(
        "chdb_one_scan",
        "chdb",
        "ClickHouse, one MergeTree table, one scan a segment",
        "ClickHouse, one scan",
        loads=True,
    ),
    Way("polars", "polars", "Polars, frames in memory, one a type of event", "Polars"),
    Way("pandas", "pandas", "pandas, frames in memory, one a type of event", "pandas"),
)
