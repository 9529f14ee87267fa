"""How what an order line says reads: from a column of its own, else from the JSON beside it."""

from __future__ import annotations

from collections.abc import Callable

from intarsia.engine.sql.reading import FirstKnown, JsonReading, NumberReading, Reading, TextReading
from intarsia.engine.sql.words import Bindings, Sql, cast, times

LINE_TEXTS = ("sku", "product", "category")
LINE_NUMBERS = ("quantity", "price", "unit_cost")
LINE_AMOUNTS = ("discount", "total", "cost")
LINE_MEASURES = (*LINE_NUMBERS, *LINE_AMOUNTS)


def line_reading(column: Callable[[str], Sql], path: tuple[str, ...], bindings: Bindings, whose: str = "") -> Reading:
    """How a property of a line reads.

    column  a column of the relation `lines` by its name
    whose   `under_`: of the line of the order that a refund's line is completed by, which has no measures here
    """
    readings = f"{whose}line_readings"
    rest = JsonReading(lambda: column(f"{whose}line_props"), lambda: column(readings), path, bindings)
    name = path[0]
    if len(path) > 1 or name not in (*LINE_TEXTS, *LINE_MEASURES):
        return rest
    if name in LINE_TEXTS:
        typed: Reading = TextReading(lambda: column(f"{whose}{name}"), lambda: column(readings), name, bindings)
    elif name in LINE_NUMBERS:
        typed = NumberReading(lambda: column(name))
    else:
        typed = NumberReading(lambda: amount(column(f"line_{name}_minor"), column("line_unit")))
    return FirstKnown(typed, rest)


def amount(minor: Sql, unit: Sql) -> Sql:
    """Minor units as an exact decimal in major units."""
    return times(cast(minor, "decimal(22, 0)"), unit)
