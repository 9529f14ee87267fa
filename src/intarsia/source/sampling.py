"""A bounded sample of a file: its first rows, and a few from further on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from intarsia.source.cells import text_of
from intarsia.source.dates import is_day_first, is_unclear
from intarsia.source.kinds import ColumnKind, has_decimal_comma, kind_of_cell, kind_of_column
from intarsia.source.rows import Blank, Broken, Cell, Row, Table

FIRST_ROWS = 10_000
"""Rows from the begin of the file, all of them examined."""
EVERY = 50
"""Of the rows after them, one in so many."""
MOST_ROWS = 200_000
"""Rows after which reading stops."""


@dataclass
class Sample:
    """Rows of a file.

    columns    as the table has them
    rows       the examined ones, in the order of the file
    lines_read physical lines that were passed; `is_whole`: that was all of the file, and every row is in `rows`
    """

    columns: tuple[str, ...]
    rows: list[Row] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)
    blank_lines: int = 0
    lines_read: int = 0
    is_whole: bool = True

    def cells(self, column: str) -> Iterable[tuple[int, Cell]]:
        """The filled cells of a column, each with its line."""
        for row in self.rows:
            cell = row.cells.get(column)
            if cell is not None and cell != "":
                yield row.line, cell


def take_sample(table: Table) -> Sample:
    """The first rows of a table and a thinner spread of the next; the table is used up to there."""
    sample = Sample(table.columns)
    seen = 0
    for item in table.rows():
        sample.lines_read += item.height
        if isinstance(item, Row):
            seen += 1
            if seen <= FIRST_ROWS or seen % EVERY == 0:
                sample.rows.append(item)
        elif isinstance(item, Blank):
            sample.blank_lines += item.height
        else:
            sample.broken.append(item)
        if seen >= MOST_ROWS:
            break
    sample.is_whole = seen <= FIRST_ROWS
    return sample


@dataclass(frozen=True)
class Column:
    """What the sample says of one column.

    kind      of most of its filled cells; `kinds` counts the cells of each kind
    filled    filled cells; distinct: different ones; examples: up to five of them
    """

    name: str
    kind: ColumnKind
    kinds: dict[str, int]
    filled: int
    distinct: int
    examples: tuple[str, ...]


@dataclass(frozen=True)
class Survey:
    """What the sample says of the whole file.

    decimal_comma  None: no number shows it
    day_first      by column; a column is missing where no date shows it
    unclear        by column: a date that could be read both ways
    """

    columns: dict[str, Column]
    decimal_comma: bool | None
    day_first: dict[str, bool]
    unclear: dict[str, str]


def survey(sample: Sample, *, decimal_comma: bool | None = None) -> Survey:
    """The kinds of all columns, and how numbers and dates are written; a given `decimal_comma` is taken as true."""
    counts = {name: Counter(_key(cell) for _, cell in sample.cells(name)) for name in sample.columns}
    comma = decimal_comma
    if comma is None:
        texts = Counter(key for count in counts.values() for key in count if isinstance(key, str))
        comma = has_decimal_comma({text: 1 for text in texts if any(letter in text for letter in ",.")})
    columns = {name: _column(name, count, bool(comma)) for name, count in counts.items()}
    day_first: dict[str, bool] = {}
    unclear: dict[str, str] = {}
    for name, column in columns.items():
        if column.kind in ("date", "instant"):
            _survey_dates(name, counts[name], day_first, unclear)
    return Survey(columns, comma, day_first, unclear)


def _key(cell: Cell) -> Any:
    """The cell as something that can be counted; True is kept apart from 1."""
    if isinstance(cell, (list, dict)):
        return (list, repr(cell))
    return (bool, cell) if isinstance(cell, bool) else cell


def _cell(key: Any) -> Cell:
    if isinstance(key, tuple):
        return [key[1]] if key[0] is list else bool(key[1])
    cell: Cell = key
    return cell


def _column(name: str, counts: Counter[Any], decimal_comma: bool) -> Column:
    kinds: Counter[str] = Counter()
    for key, count in counts.items():
        kinds[kind_of_cell(_cell(key), decimal_comma=decimal_comma)] += count
    examples = tuple(text_of(_cell(key))[:60] for key in list(counts)[:5])
    return Column(name, kind_of_column(kinds), dict(kinds), counts.total(), len(counts), examples)


def _survey_dates(name: str, counts: Counter[Any], day_first: dict[str, bool], unclear: dict[str, str]) -> None:
    texts = [key for key in counts if isinstance(key, str)]
    votes = Counter(is_day_first(text) for text in texts)
    if votes[True] != votes[False]:
        day_first[name] = votes[True] > votes[False]
    doubtful = next((text for text in texts if is_unclear(text)), None)
    if doubtful is not None:
        unclear[name] = doubtful
