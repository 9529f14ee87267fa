"""What is measured, each piece in a process of its own: `python pieces.py PIECE FOLDER` prints JSON."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import shop
from rules import RULES, TEN_CONDITIONS, Frames

REPEATS = 3
REPEATS_OF_SMALL = 200
THREADS = 2
WORKSPACE = "workspace"
TABLES = ("people", "orders", "lines")

Counts = list[tuple[int, float, float]]
"""Of each rule: people, and the least CPU and wall seconds of the repeats."""


# --- loading: every one ends with the tables on the disk


def load_with_duckdb(folder: Path) -> None:
    """The file read, lines grouped to orders, both written as Parquet."""
    import duckdb

    connection = duckdb.connect(config={"threads": THREADS})
    connection.execute(
        f"CREATE TABLE lines AS SELECT order_id, customer_id, date AS day, sku, category, quantity, "
        f"CAST(round(price * 100) AS BIGINT) AS price_minor, quantity * price_minor AS total_minor "
        f"FROM read_csv('{folder / shop.PURCHASES_FILE}')"
    )
    connection.execute(
        "CREATE TABLE orders AS SELECT order_id, any_value(customer_id) AS customer_id, any_value(day) AS day, "
        "CAST(sum(total_minor) AS BIGINT) AS total_minor FROM lines GROUP BY order_id"
    )
    connection.execute(f"CREATE TABLE people AS FROM read_csv('{folder / shop.PEOPLE_FILE}')")
    for name in TABLES:
        connection.execute(f"COPY {name} TO '{folder / name}.parquet'")


def load_with_pandas(folder: Path) -> None:
    """The same with pandas."""
    import pandas

    lines = pandas.read_csv(folder / shop.PURCHASES_FILE, parse_dates=["date"]).rename(columns={"date": "day"})
    lines["price_minor"] = (lines.price * 100).round().astype("int64")
    lines["total_minor"] = lines.quantity * lines.price_minor
    orders = lines.groupby("order_id").agg(
        customer_id=("customer_id", "first"), day=("day", "first"), total_minor=("total_minor", "sum")
    )
    lines.to_parquet(folder / "pandas_lines.parquet")
    orders.reset_index().to_parquet(folder / "pandas_orders.parquet")


# --- compiling


def compile_ten(folder: Path) -> dict[str, float]:
    """A definition of ten conditions: median milliseconds by the clock of each step, by its name."""
    import duckdb

    import intarsia
    from intarsia.language import check, parse

    with intarsia.open(folder / WORKSPACE) as ws, ws.ask(shop.AT) as asking:
        tree = parse(TEN_CONDITIONS)
        checked = check(tree, asking.catalog)
        sql = asking.evaluator.compile(checked).sql
        return {
            "reading the text": _median(lambda: parse(TEN_CONDITIONS)),
            "checking the tree": _median(lambda: check(tree, asking.catalog)),
            "compiling it to SQL": _median(lambda: asking.evaluator.compile(checked)),
            "DuckDB: reading that SQL": _median(lambda: duckdb.extract_statements(sql)),
        }


def _median(step: Callable[[], Any]) -> float:
    times = []
    for _ in range(REPEATS_OF_SMALL):
        begin = time.perf_counter()
        step()
        times.append(time.perf_counter() - begin)
    return 1000 * sorted(times)[REPEATS_OF_SMALL // 2]


# --- counting


def count_with_intarsia(folder: Path) -> Counts:
    """Each rule as a user asks it: parsed, checked, asked over a new session."""
    import intarsia

    with intarsia.open(folder / WORKSPACE) as ws:

        def ask(text: str) -> int:
            return ws.segments.count(text, shop.AT).size

        return [_measured(ask, rule.text) for rule in RULES]


def count_with_duckdb(folder: Path) -> Counts:
    """Each rule's SQL over the Parquet files."""
    import duckdb

    connection = duckdb.connect(config={"threads": THREADS})
    for name in TABLES:
        connection.execute(f"CREATE VIEW {name} AS FROM read_parquet('{folder / name}.parquet')")

    def ask(sql: str) -> int:
        [number] = connection.execute(sql).fetchone() or (0,)
        return int(number)

    return [_measured(ask, rule.sql) for rule in RULES]


def count_with_pandas(folder: Path) -> Counts:
    """Each rule over frames that are in memory already."""
    import pandas

    frames = {name: pandas.read_parquet(folder / f"{name}.parquet") for name in TABLES}
    for frame in frames.values():
        for column in ("day", "birth_date"):
            if column in frame:
                frame[column] = pandas.to_datetime(frame[column])

    def ask(computation: Callable[[Frames], int]) -> int:
        return computation(frames)

    return [_measured(ask, rule.pandas) for rule in RULES]


def _measured(ask: Callable[[Any], int], question: Any) -> tuple[int, float, float]:
    answer, least_cpu, least_wall = 0, float("inf"), float("inf")
    for _ in range(REPEATS):
        cpu, wall = time.process_time(), time.perf_counter()
        answer = ask(question)
        least_cpu = min(least_cpu, time.process_time() - cpu)
        least_wall = min(least_wall, time.perf_counter() - wall)
    return answer, least_cpu, least_wall


PIECES: dict[str, Callable[[Path], Any]] = {
    piece.__name__: piece
    for piece in (
        load_with_duckdb,
        load_with_pandas,
        compile_ten,
        count_with_intarsia,
        count_with_duckdb,
        count_with_pandas,
    )
}


if __name__ == "__main__":
    print(json.dumps(PIECES[sys.argv[1]](Path(sys.argv[2]))))
