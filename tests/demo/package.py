"""The demo's numbers straight from the package's files, by a road that shares no code with ours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import duckdb
import pytest

from intarsia.demo.journey import data_folder

Ask = Callable[[str], list[tuple[Any, ...]]]
TABLES = ("transactions", "demographics", "products", "campaigns", "campaign_descriptions", "coupon_redemptions")


def asker() -> Ask:
    """Answers SQL over the package's tables."""
    connection = duckdb.connect()
    for table in TABLES:
        connection.read_parquet(str(data_folder() / f"{table}.parquet")).create_view(table)
    return lambda sql: connection.sql(sql).fetchall()


def only(rows: list[tuple[Any, ...]]) -> tuple[Any, ...]:
    """The one row."""
    if len(rows) != 1:
        pytest.fail(f"{len(rows)} rows where one was expected")
    return rows[0]
