"""Kept messages as one Arrow table of the lake's `events`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from intarsia.lake.schemas import EVENTS
from intarsia.language.meaning.money import currency_named
from intarsia.language.meaning.values import fold, fold_case, raw_text
from intarsia.record.amounts import as_minor
from intarsia.record.line_columns import line_array
from intarsia.record.lines import LineTable
from intarsia.record.messages import Kept
from intarsia.record.values import readings

_MICROSECONDS = 1000


def event_table(
    kept: Sequence[Kept],
    table: LineTable,
    ids: Sequence[str],
    numbers: Sequence[int | None],
    *,
    first_event_no: int,
    recorded_at: Sequence[int],
    load_id: str,
    zone: ZoneInfo,
) -> pa.Table:
    """One row a message, in the schema of `events`.

    table          the lines of these messages and of no others, one message's after another's
    ids, numbers   message id and profile number of each message; None: a guest
    recorded_at    of each, milliseconds UTC
    """
    schema = EVENTS.arrow_schema()
    count = len(kept)
    months = {at: datetime.fromtimestamp(at / 1000, UTC).strftime("%Y-%m") for at in set(recorded_at)}
    columns: dict[str, Any] = {
        "event_no": range(first_event_no, first_event_no + count),
        "event_id": ids,
        "digest": [item.digest for item in kept],
        "kind": [item.kind for item in kept],
        "name": [item.name for item in kept],
        "profile_no": numbers,
        "occurred_at": [item.occurred_at * _MICROSECONDS for item in kept],
        "recorded_at": [at * _MICROSECONDS for at in recorded_at],
        "is_undated": [item.is_undated for item in kept],
        "load_id": [load_id] * count,
        "order_id": [_text(item, "order_id", fold) for item in kept],
        "status": [_text(item, "status", fold_case) for item in kept],
        "currency": [_currency(item) for item in kept],
        "total_minor": [_total(item) for item in kept],
        "props": [item.text for item in kept],
        "readings": [readings(item.properties, item.text, zone) for item in kept],
        "context": [item.context for item in kept],
        "lines": line_array(table, [len(item.lines) for item in kept], zone),
        "recorded_month": [months[at] for at in recorded_at],
        "is_anonymous": [item.is_anonymous for item in kept],
    }
    arrays = [_array(columns[field.name], field.type) for field in schema]
    return pa.Table.from_arrays(arrays, schema=schema)


def _array(values: Any, kind: pa.DataType) -> pa.Array:
    return values if isinstance(values, pa.Array) else pa.array(values, kind)


def _text(item: Kept, name: str, read: Callable[[str], str]) -> str | None:
    value = raw_text(item.properties.get(name)) if item.order is not None else None
    return None if value is None else read(value) or None


def _currency(item: Kept) -> str | None:
    return currency_named(item.properties.get("currency")) if item.order is not None else None


def _total(item: Kept) -> int | None:
    return None if item.order is None else as_minor(item.properties.get("total"), item.order.digits)
