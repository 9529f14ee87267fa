"""Rows for the lake's tables, as many as a test wants."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pyarrow as pa

from intarsia.lake.schemas import EVENTS, PROFILES

START = datetime(2026, 1, 5, 10, tzinfo=UTC)


def line(sku: str = "s-1", quantity: str = "2", price: str = "12.50") -> dict[str, object]:
    total = int(Decimal(quantity) * Decimal(price) * 100)
    return {
        "sku": sku,
        "product": "Coat",
        "category": "coats",
        "quantity": Decimal(quantity),
        "price": Decimal(price),
        "unit_cost": None,
        "discount_minor": 0,
        "total_minor": total,
        "cost_minor": None,
        "props": None,
        "readings": None,
    }


def events(numbers: Sequence[int], *, month: str = "2026-01", text: str = "") -> pa.Table:
    """One order an event; `text` is put into every personal column."""
    count = len(numbers)
    columns = {
        "event_no": numbers,
        "event_id": [f"{text}m-{number}" for number in numbers],
        "digest": [f"{number:064x}" for number in numbers],
        "kind": ["track"] * count,
        "name": ["Order Completed"] * count,
        "profile_no": [number % 7 for number in numbers],
        "occurred_at": [START + timedelta(seconds=number) for number in numbers],
        "recorded_at": [START] * count,
        "is_undated": [False] * count,
        "load_id": ["load-1"] * count,
        "order_id": [f"{text}o-{number}" for number in numbers],
        "status": ["completed"] * count,
        "currency": ["EUR"] * count,
        "total_minor": [2500] * count,
        "props": [f'{{"note": "{text}"}}'] * count,
        "readings": [f'{{"note": "{text}"}}'] * count,
        "context": [f'{{"ip": "{text}"}}'] * count,
        "lines": [[line(sku=f"{text}s-1")]] * count,
        "recorded_month": [month] * count,
        "is_anonymous": [False] * count,
    }
    return pa.table(columns, schema=EVENTS.arrow_schema())


def profiles(numbers: Sequence[int], *, text: str = "") -> pa.Table:
    columns = {
        "profile_no": numbers,
        "profile_id": [f"{text}p-{number}" for number in numbers],
        "first_recorded_at": [START] * len(numbers),
    }
    return pa.table(columns, schema=PROFILES.arrow_schema())
