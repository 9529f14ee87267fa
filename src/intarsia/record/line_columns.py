"""Order lines as the list column `lines` of the lake's events."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from itertools import accumulate, chain
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from intarsia.lake.schemas import EVENTS
from intarsia.language.meaning.facts import Json
from intarsia.language.meaning.json_text import to_text
from intarsia.record.amounts import as_minor
from intarsia.record.coded import Coded, combined
from intarsia.record.lines import Block, LineTable
from intarsia.record.values import readings_by_path
from intarsia.record.vocabulary import LINE_AMOUNTS, LINE_DECIMALS, LINE_TEXTS

_TYPED = frozenset((*LINE_TEXTS, *LINE_DECIMALS, *LINE_AMOUNTS))
_LARGEST_DECIMAL = Decimal(10) ** 12
"""Numbers below it fit the columns with six decimals."""


def line_array(table: LineTable, lengths: Sequence[int], zone: ZoneInfo) -> pa.Array:
    """The lines of every message as one list array; a message without lines has an empty list.

    lengths  how many lines each message has
    """
    kind = EVENTS.arrow_schema().field("lines").type
    structs = [_struct(block, kind.value_type, zone) for block in table.blocks]
    values = pa.concat_arrays(structs) if structs else pa.array([], kind.value_type)
    if len(structs) > 1:
        values = values.take(_order(table))
    offsets = pa.array(accumulate(lengths, initial=0), pa.int32())
    return pa.ListArray.from_arrays(offsets, values, type=kind)


def _order(table: LineTable) -> pa.Array:
    """Where each line stands in the blocks put one after another."""
    order = [0] * table.count
    for index, place in enumerate(chain.from_iterable(block.places for block in table.blocks)):
        order[place] = index
    return pa.array(order, pa.int32())


def _struct(block: Block, struct: pa.StructType, zone: ZoneInfo) -> pa.Array:
    made: dict[str, Callable[[], Coded[Any] | None]] = {
        **{name: lambda name=name: _typed(block, name) for name in (*LINE_TEXTS, *LINE_DECIMALS)},  # type: ignore[misc]
        **{f"{name}_minor": lambda name=name: _typed(block, name) for name in LINE_AMOUNTS},  # type: ignore[misc]
        "props": lambda: _rest(block),
        "readings": lambda: _readings(block, zone),
    }
    fields = [struct.field(index) for index in range(struct.num_fields)]
    arrays = []
    for field in fields:
        column = made[field.name]()
        arrays.append(pa.nulls(len(block.places), field.type) if column is None else column.arrow(field.type))
    return pa.StructArray.from_arrays(arrays, fields=fields)


def _typed(block: Block, name: str) -> Coded[Any] | None:
    column = block.columns.get(name)
    return None if column is None else column.map(lambda value: _fitting(name, value, block.digits))


def _fitting(name: str, value: Json, digits: int) -> str | Decimal | int | None:
    """The value as the column of its own holds it; None if it has no such column or does not fit it."""
    if name in LINE_TEXTS:
        return value if isinstance(value, str) else None
    if name in LINE_AMOUNTS:
        return as_minor(value, digits)
    if name in LINE_DECIMALS:
        return value if isinstance(value, Decimal) and abs(value) < _LARGEST_DECIMAL else None
    return None


def _rest(block: Block) -> Coded[str | None] | None:
    """What of the lines has no column of its own, or does not fit it, as JSON objects."""
    columns = {
        name: column.map(lambda value, name=name: None if _fits(name, value, block.digits) else value)  # type: ignore[misc]
        for name, column in block.columns.items()
        if not all(_fits(name, value, block.digits) for value in column.values)
    }
    return _objects(columns, _known) if columns else None


def _fits(name: str, value: Json, digits: int) -> bool:
    return value is None or _fitting(name, value, digits) is not None


def _known(values: Mapping[str, Json]) -> dict[str, Json]:
    return {name: value for name, value in values.items() if value is not None}


def _readings(block: Block, zone: ZoneInfo) -> Coded[str | None] | None:
    """What SQL cannot read by itself of the lines' texts and of what has no column of its own."""
    columns = {}
    for name, column in block.columns.items():
        found = column.map(lambda value, name=name: _reading(name, value, block.digits, zone))  # type: ignore[misc]
        if any(found.values):
            columns[name] = found
    return _objects(columns, _merged) if columns else None


def _reading(name: str, value: Json, digits: int, zone: ZoneInfo) -> dict[str, Json] | None:
    if value is None or (name not in LINE_TEXTS and _fits(name, value, digits)):
        return None
    return {**readings_by_path({name: value}, to_text({name: value}), zone)}


def _merged(readings: Mapping[str, Mapping[str, Json] | None]) -> dict[str, Json]:
    return {path: reading for found in readings.values() if found for path, reading in found.items()}


def _objects(
    columns: Mapping[str, Coded[Any]], made: Callable[[Mapping[str, Any]], Mapping[str, Json]]
) -> Coded[str | None]:
    """One JSON object a line of what its values make, None where that is nothing."""

    def written(*values: Any) -> str | None:
        found = made(dict(zip(columns, values, strict=True)))
        return to_text(found) if found else None

    return combined(list(columns.values()), written)
