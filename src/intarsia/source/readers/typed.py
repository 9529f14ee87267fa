"""Values of typed files as cells."""

from __future__ import annotations

import math
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from intarsia.source.rows import Cell


def cell_of(value: Any) -> Cell:
    """The value as a cell: a float as the exact decimal of its shortest text, no number (NaN) as empty."""
    if value is None or isinstance(value, (str, bool, int, date, datetime)):
        return value
    if isinstance(value, float):
        return decimal_of(value)
    if isinstance(value, Decimal):
        return value if value.is_finite() else None
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace")
    if isinstance(value, dict):
        return {str(name): cell_of(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [cell_of(item) for item in value]
    return value.isoformat() if isinstance(value, time) else _duration(value)


def _duration(value: Any) -> str:
    return f"{value.total_seconds():g} seconds" if isinstance(value, timedelta) else str(value)


def decimal_of(value: float) -> Decimal | None:
    """The decimal that the float is written as; None for what is no number or has no end."""
    return Decimal(repr(value)) if math.isfinite(value) else None
