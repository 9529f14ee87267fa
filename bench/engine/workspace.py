"""The same people and events as a workspace of intarsia: a few recorded, so that it learns the words, others appended.

To record fifty million messages one by one would take hours; the rows that are appended are what it would write.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

import intarsia
from engine import data
from engine.hundred import SEGMENTS, name_of
from intarsia.lake.schemas import EVENTS, PROFILES
from intarsia.workspace import Workspace

WORKSPACE = "workspace"
RECORDED = 40
"""So many people come as messages."""
MADE_AT = "2024-06-30"
"""When all people became known; the day before the first event."""
ROWS_MOST = 2_000_000
"""Rows of one append."""
PROFILE_ID = "c{:08}"
TRAITS = ("country_code", "city", "age_years", "gender", "income_band", "signed_up", "wants_mail", "wants_sms")
RECORDED_AT = "2026-06-30"

_MONEY = "json(printf('%d.%02d', total_minor // 100, total_minor % 100))"
_PROPERTIES = {
    "view": "category := category",
    "order": f"category := category, discount_pct := discount_pct, order_id := id, total := {_MONEY}",
    "opened": "campaign_id := campaign_id",
    "clicked": "campaign_id := campaign_id",
    "answered": "score := score",
    "scanned": "points := points",
}


def make(folder: Path) -> None:
    """The workspace in a folder that holds the files of `data.write`, with the hundred segments."""
    with intarsia.create(folder / WORKSPACE, timezone="UTC", currency="CZK") as ws:
        connection = duckdb.connect(config={"threads": 2})
        connection.execute("SET TimeZone = 'UTC'; SET enable_progress_bar = false")
        _record_some(ws, connection, folder)
        _append_others(ws, connection, folder)
        for place, segment in enumerate(SEGMENTS):
            ws.segments.add(name_of(place), segment.text)


def _record_some(ws: Workspace, connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    def rows(what: str) -> list[dict[str, Any]]:
        source = data.file_of(folder, what)
        answer = connection.sql(f"SELECT * FROM '{source}' WHERE person < {RECORDED} ORDER BY person")
        found: list[dict[str, Any]] = answer.to_arrow_table().to_pylist()
        return found

    messages = [_identify(row) for row in rows(data.PEOPLE)]
    for what in data.TYPES:
        messages += [_track(what, number, row) for number, row in enumerate(rows(what))]
    receipt = ws.record(messages, RECORDED_AT)
    assert set(receipt.statuses) == {"accepted"}, "not every message was accepted"


def _identify(row: dict[str, Any]) -> dict[str, Any]:
    who = PROFILE_ID.format(row["person"])
    traits = {name: str(row[name]) if isinstance(row[name], date) else row[name] for name in TRAITS}
    return {"type": "identify", "messageId": f"i-{who}", "userId": who, "timestamp": MADE_AT, "traits": traits}


def _track(what: str, number: int, row: dict[str, Any]) -> dict[str, Any]:
    said = {name: value for name, value in row.items() if name not in ("person", "moment", "total_minor")}
    message_id = f"{what}-{number}"
    if what == "order":
        said |= {"order_id": message_id, "total": row["total_minor"] / 100}
    return {
        "type": "track",
        "event": data.TYPES[what].name,
        "messageId": message_id,
        "userId": PROFILE_ID.format(row["person"]),
        "timestamp": datetime.fromtimestamp(row["moment"], UTC).isoformat(),
        "properties": said,
    }


def _append_others(ws: Workspace, connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    known = ws.lake.mark_of("profiles", "record") or 0
    people = f"SELECT * FROM '{data.file_of(folder, data.PEOPLE)}' WHERE person >= {RECORDED}"
    profiles = connection.sql(_profiles(people, known + 1 - RECORDED)).to_arrow_table().cast(PROFILES.arrow_schema())
    number = known + profiles.num_rows
    ws.lake.append("profiles", profiles, app_id="record", app_version=number)
    for rows in _batches(connection, folder, _statements(people)):
        _append(ws, rows, known + 1 - RECORDED)


def _profiles(people: str, shift: int) -> str:
    return (
        f"SELECT person + {shift} AS profile_no, format('{PROFILE_ID}', person) AS profile_id, "
        f"TIMESTAMPTZ '{MADE_AT}' AS first_recorded_at FROM ({people})"
    )


def _statements(people: str) -> str:
    said = ", ".join(f"{name} := {name}" for name in sorted(TRAITS))
    return (
        f"SELECT person, epoch(TIMESTAMP '{MADE_AT}')::INTEGER AS moment, 'identify' AS kind, 'identify' AS name, "
        f"'i-' || person AS id, NULL::BIGINT AS total_minor, to_json(struct_pack({said}))::VARCHAR AS props "
        f"FROM ({people})"
    )


def _batches(connection: duckdb.DuckDBPyConnection, folder: Path, statements: str) -> Iterator[pa.Table]:
    """What people state of themselves, then their events by type; every batch in the order of people and time."""
    queries = [statements]
    for what, type_ in data.TYPES.items():
        total = "total_minor::BIGINT" if what == "order" else "NULL::BIGINT"
        source = f"SELECT *, '{what}-' || person || '-' || moment AS id FROM '{data.file_of(folder, what)}'"
        queries.append(
            f"SELECT person, moment, 'track' AS kind, '{type_.name}' AS name, id, {total} AS total_minor, "
            f"to_json(struct_pack({_PROPERTIES[what]}))::VARCHAR AS props FROM ({source} WHERE person >= {RECORDED})"
        )
    for query in queries:
        for batch in connection.sql(query).to_arrow_reader(ROWS_MOST):
            yield pa.table(batch)


def _append(ws: Workspace, rows: pa.Table, shift: int) -> None:
    first = (ws.lake.mark_of("events", "record") or 0) + 1
    number = pa.array(np.arange(first, first + rows.num_rows))
    query = f"""
        SELECT person::BIGINT + {shift} AS profile_no, to_timestamp(moment) AS occurred_at,
            TIMESTAMPTZ '{RECORDED_AT}' AS recorded_at, '{RECORDED_AT[:7]}' AS recorded_month,
            kind, name, id AS event_id, id AS digest, props, false AS is_undated, 'bench' AS load_id,
            if(total_minor IS NULL, NULL, id) AS order_id, total_minor,
            NULL::VARCHAR AS status, NULL::VARCHAR AS currency, NULL::VARCHAR AS readings, NULL::VARCHAR AS context,
            [] AS lines, false AS is_anonymous
        FROM rows
    """
    with duckdb.connect(config={"threads": 2}) as connection:
        connection.execute("SET TimeZone = 'UTC'; SET enable_progress_bar = false")
        found = connection.register("rows", rows).sql(query).to_arrow_table().append_column("event_no", number)
    events = found.select(EVENTS.arrow_schema().names).cast(EVENTS.arrow_schema())
    ws.lake.append("events", events, app_id="record", app_version=first + rows.num_rows - 1)
