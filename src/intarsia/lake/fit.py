"""Whether rows are exactly of a table's columns.

Delta's writer would cast in silence: 1.9 for an int64 column becomes 1.
"""

from __future__ import annotations

import pyarrow as pa

from intarsia.errors import Phrase, phrase
from intarsia.lake.faults import SchemaDiffers
from intarsia.lake.schemas import Table


def refuse_misfits(table: Table, rows: pa.Table) -> None:
    """Raise `SchemaDiffers` unless names, order and types are the table's and no required column holds a null."""
    difference = _difference_of_columns(table, rows.schema) or _null_where_none_may_be(table, rows)
    if difference is not None:
        raise SchemaDiffers(table=table.name, difference=difference)


def _difference_of_columns(table: Table, given: pa.Schema) -> Phrase | None:
    wanted = table.arrow_schema()
    if given.names != wanted.names:
        return _difference_of_names(wanted.names, given.names)
    for name, wanted_type, given_type in zip(wanted.names, wanted.types, given.types, strict=True):
        if given_type != wanted_type:
            types = {"given": given_type, "wanted": wanted_type}
            return phrase("the column `{name}` is {given} and has to be {wanted}", name=name, **types)
    return None


def _difference_of_names(wanted: list[str], given: list[str]) -> Phrase:
    missing = [name for name in wanted if name not in given]
    unknown = [name for name in given if name not in wanted]
    if missing:
        return phrase("the column `{name}` is missing", name=missing[0])
    if unknown:
        return phrase("the column `{name}` is not one of the table's", name=unknown[0])
    return phrase("the columns are in another order: {given}", given=", ".join(given))


def _null_where_none_may_be(table: Table, rows: pa.Table) -> Phrase | None:
    for column in table.columns:
        if not column.is_optional and rows.column(column.name).null_count:
            return phrase("the column `{name}` holds a null", name=column.name)
    return None
