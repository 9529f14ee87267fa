"""The tables on disk, each stated once: columns, types, units, meaning, and what may name a person.

The lake makes its tables from here, `append` compares with it, and the reference page is printed from it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa

from intarsia.speech import mark

_INSTANT = pa.timestamp("us", "UTC")
_EXACT = pa.decimal128(18, 6)


@dataclass(frozen=True)
class Column:
    """One column, or one field of a nested column.

    type         the Arrow type; it is written as it is, never cast
    unit         what a number counts: "minor units", "pieces"; None where there is nothing to count
    is_personal  may tell who a person is: kept out of the statistics in a table's log, which outlive an erasure
    is_optional  may be null
    fields       what a list of structs holds, field by field
    """

    name: str
    type: pa.DataType
    meaning: str
    unit: str | None = None
    is_personal: bool = False
    is_optional: bool = False
    fields: tuple[Column, ...] = ()


@dataclass(frozen=True)
class Table:
    """One table of the lake.

    partition   the column whose values become folders; None: one folder
    sort        the columns by which the rows of an append are put in order within a partition
    statistics  the columns whose least and greatest value per file go into the log; none of them is personal
    is_late     it came with a later version: a lake that was made before gets it, empty, when it is opened. A column
                that came later is added with the first rows that have it, and is null before; it stands last
    """

    name: str
    columns: tuple[Column, ...]
    partition: str | None
    sort: tuple[str, ...]
    statistics: tuple[str, ...]
    meaning: str
    is_late: bool = False

    @property
    def is_of_people(self) -> bool:
        """Whether its rows belong to people, by `profile_no`; an erased person's then go."""
        return any(column.name == "profile_no" for column in self.columns)

    def arrow_schema(self) -> pa.Schema:
        """Names, types and order of the columns, the partition's included."""
        return pa.schema([(column.name, column.type) for column in self.columns])


def _list_of_lines(fields: tuple[Column, ...]) -> pa.DataType:
    # delta-rs calls the item of a list `element`; another name would be another Parquet type.
    return pa.list_(pa.field("element", pa.struct([(field.name, field.type) for field in fields])))


LINE = (
    Column("sku", pa.string(), mark("the article's number"), is_optional=True),
    Column("product", pa.string(), mark("the article's name"), is_optional=True),
    Column("category", pa.string(), mark("the article's category"), is_optional=True),
    Column("quantity", _EXACT, mark("how many"), mark("pieces"), is_optional=True),
    Column("price", _EXACT, mark("the price of one"), mark("the order's currency"), is_optional=True),
    Column("unit_cost", _EXACT, mark("what one cost the seller"), mark("the order's currency"), is_optional=True),
    Column("discount_minor", pa.int64(), mark("the amount off this line"), mark("minor units"), is_optional=True),
    Column("total_minor", pa.int64(), mark("what the line came to, rounded half even"), mark("minor units"),
           is_optional=True),
    Column("cost_minor", pa.int64(), mark("what the line cost the seller, rounded half even"), mark("minor units"),
           is_optional=True),
    Column("props", pa.string(), mark("the line's other properties, a JSON object"), is_personal=True,
           is_optional=True),
    Column("readings", pa.string(), mark("what SQL cannot read by itself of `props`, a JSON object"),
           is_personal=True, is_optional=True),
)  # fmt: skip
"""The fields of one order line."""

EVENTS = Table(
    name="events",
    meaning=mark("everything that happened or was stated, one row a message; rows are added and never changed"),
    partition="recorded_month",
    sort=("kind", "name", "profile_no", "occurred_at", "event_no"),
    statistics=("event_no", "profile_no", "occurred_at", "recorded_at"),
    columns=(
        Column("event_no", pa.int64(), mark("the number in order of recording; numbers may be left out")),
        Column("event_id", pa.string(), mark("the message id, by which a repetition is known"), is_personal=True),
        Column("digest", pa.string(), mark("a hash of the content, which tells a repetition from a conflict")),
        Column("kind", pa.string(), mark("identify, track, page, screen, group or alias")),
        Column("name", pa.string(), mark("the event's name: of a track its `event`, else the kind")),
        Column("profile_no", pa.int64(), mark("the profile's internal number; null: a sale to a guest"),
               is_optional=True),
        Column("occurred_at", _INSTANT, mark("when it happened; of an undated statement when it was recorded")),
        Column("recorded_at", _INSTANT, mark("when we learned it")),
        Column("is_undated", pa.bool_(), mark("it came without a time")),
        Column("load_id", pa.string(), mark("the load that brought it")),
        Column("order_id", pa.string(), mark("the order it belongs to"), is_personal=True, is_optional=True),
        Column("status", pa.string(), mark("the order's status, as sent"), is_optional=True),
        Column("currency", pa.string(), mark("the currency of all amounts, three capital letters"),
               is_optional=True),
        Column("total_minor", pa.int64(), mark("the order's or refund's amount, above zero for both"),
               mark("minor units"), is_optional=True),
        Column("props", pa.string(), mark("the properties, or an identify's traits, a JSON object, lines taken out"),
               is_personal=True),
        Column("readings", pa.string(), mark("what SQL cannot read by itself of `props`, a JSON object"),
               is_personal=True, is_optional=True),
        Column("context", pa.string(), mark("what else came with the message, such as page and device, a JSON object"),
               is_personal=True, is_optional=True),
        Column("lines", _list_of_lines(LINE), mark("the order's lines in their order; an empty list: none"),
               is_personal=True, fields=LINE),
        Column("recorded_month", pa.string(), mark("the month of `recorded_at` in UTC, YYYY-MM")),
        Column("is_anonymous", pa.bool_(), mark("it came without a `userId`; null: recorded before this was kept"),
               is_optional=True),
    ),
)  # fmt: skip

PROFILES = Table(
    name="profiles",
    meaning=mark("every profile that is known, and the number that stands for it in the other tables"),
    partition=None,
    sort=("profile_no",),
    statistics=("profile_no", "first_recorded_at"),
    columns=(
        Column("profile_no", pa.int64(), mark("the internal number; never given twice")),
        Column("profile_id", pa.string(), mark("the id by which the sources know the profile"), is_personal=True),
        Column("first_recorded_at", _INSTANT, mark("when the first message of it was recorded")),
    ),
)

IDENTITIES = Table(
    name="identities",
    meaning=mark("who claims which identifier, and what people decided about it; rows are added and never changed"),
    is_late=True,
    partition=None,
    sort=("profile_no", "claim_no"),
    statistics=("claim_no", "profile_no", "recorded_at"),
    columns=(
        Column("claim_no", pa.int64(), mark("the number in order of recording")),
        Column("profile_no", pa.int64(), mark("the internal number of the profile that claims it")),
        Column("kind", pa.string(), mark("email, phone, card, a declared kind; anonymousId, alias; merge: a decision")),
        Column("value", pa.string(), mark("the identifier in its normal form; of a merge the decision's id"),
               is_personal=True),
        Column("recorded_at", _INSTANT, mark("when the first message that states it was recorded, or it was decided")),
        Column("event_no", pa.int64(), mark("the message that states it; null: somebody decided it"), is_optional=True),
        Column("is_barred", pa.bool_(), mark("from then on the identifier joins this profile to nobody")),
        Column("reason", pa.string(), mark("why somebody decided so"), is_personal=True, is_optional=True),
    ),
)  # fmt: skip

MEMBERSHIPS = Table(
    name="memberships",
    meaning=mark("who entered and who left which segment, one row a change; rows are added and never changed"),
    partition=None,
    sort=("segment_id", "profile_no", "valid_at", "change_no"),
    statistics=("change_no", "profile_no", "valid_at", "recorded_at"),
    columns=(
        Column("change_no", pa.int64(), mark("the number in order of recording")),
        Column("segment_id", pa.string(), mark("the segment, by the id that a new name does not change")),
        Column("profile_no", pa.int64(), mark("the profile's internal number")),
        Column("entered", pa.bool_(), mark("true: entered; false: left")),
        Column("valid_at", _INSTANT, mark("the instant of the change")),
        Column("recorded_at", _INSTANT, mark("when the change was written")),
        Column("definition_version", pa.int64(), mark("the version of the segment's definition that decided")),
        Column("cause", pa.string(), mark("why: data, time, merge, definition, manual or erasure")),
        Column("run_id", pa.string(), mark("the evaluation that found it")),
    ),
)

TABLES = {table.name: table for table in (PROFILES, EVENTS, IDENTITIES, MEMBERSHIPS)}
"""Every table of the lake by its name; a table's rows refer only to tables before it."""


def describe() -> str:
    """The tables as Markdown: per table its meaning and one line a column, nested fields as `lines.sku`."""
    return "\n".join(line for table in TABLES.values() for line in _described(table))


def _described(table: Table) -> Iterator[str]:
    yield from (f"## `{table.name}`", "", f"{table.meaning[0].upper()}{table.meaning[1:]}.", "")
    yield from ("| column | type | unit | null | personal | meaning |", "|---|---|---|---|---|---|")
    for column in table.columns:
        yield _row(column, column.name)
        yield from (_row(field, f"{column.name}.{field.name}") for field in column.fields)
    yield ""


def _row(column: Column, name: str) -> str:
    type_name = "list of:" if column.fields else str(column.type)
    cells = (f"`{name}`", type_name, column.unit or "", _yes(column.is_optional), _yes(column.is_personal))
    return f"| {' | '.join(cells)} | {column.meaning} |"


def _yes(truth: bool) -> str:
    return "yes" if truth else ""
