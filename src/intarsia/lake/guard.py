"""Whether a query only reads: asked of DuckDB's own parser, which knows what DuckDB will do.

The type of a statement does not say it: since DuckDB 2.0 `WITH x AS (COPY .. TO ..) SELECT ..` writes a file and counts
as a SELECT. So every node of the parsed query is looked at, and what is not known to read is refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import duckdb

from intarsia.errors import phrase
from intarsia.lake.faults import QueryRefused

_READING_NODES = frozenset(("SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE"))
_TABLE_FUNCTIONS = frozenset(("generate_series", "range", "unnest"))


def refuse_all_but_reading(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Raise `QueryRefused` unless `sql` is one SELECT over views, with none that writes or opens a file inside it."""
    [(answer,)] = connection.execute("SELECT json_serialize_sql(?::VARCHAR)", [sql]).fetchall()
    parsed = json.loads(answer)
    if parsed["error"]:
        raise QueryRefused(reason=parsed.get("error_message", phrase("it cannot be parsed")))
    if len(parsed["statements"]) != 1:
        count = len(parsed["statements"])
        raise QueryRefused(reason=phrase("it is {count} statements and has to be one", count=count))
    for node in _nodes(parsed["statements"]):
        _refuse(node)


def _refuse(node: dict[str, Any]) -> None:
    kind = node.get("type")
    if isinstance(kind, str) and kind.endswith("_NODE") and kind not in _READING_NODES:
        raise QueryRefused(reason=phrase("{statement} changes something", statement=kind.split("_")[0]))
    if kind == "TABLE_FUNCTION":
        name = node["function"]["function_name"].lower()
        if name not in _TABLE_FUNCTIONS:
            raise QueryRefused(reason=phrase("the table function `{name}` is not for queries", name=name))


def _nodes(parsed: object) -> Iterator[dict[str, Any]]:
    """Every object of a JSON value, without recursion, for queries may be nested deeply."""
    waiting = [parsed]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            yield value
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
