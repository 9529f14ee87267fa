"""What a reader hands on: rows with their place in the file, blank lines, and lines that are no row."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple, Protocol

from intarsia.source.reasons import Reason

Cell = None | bool | int | Decimal | str | date | datetime | list[Any] | dict[str, Any]
"""One value of a row. Text files give text; typed files (Parquet, XLSX, JSON) their types, but never a float."""


class Row(NamedTuple):
    """One record of the file.

    line   its first physical line, from 1; in a table without lines its row
    height how many physical lines it takes, >= 1
    cells  by column; a key may be missing only in JSON lines
    raw    the text as it stands in the file; None where the file is no text
    """

    line: int
    height: int
    cells: dict[str, Cell]
    raw: str | None = None


class Blank(NamedTuple):
    """Lines without content."""

    line: int
    height: int = 1


class Broken(NamedTuple):
    """Lines that cannot be read as a row, and why."""

    line: int
    height: int
    reason: Reason
    raw: str | None = None


Item = Row | Blank | Broken


class Table(Protocol):
    """A file that is open for reading, once from begin to end.

    columns       the names of the columns, unique, none empty
    header_lines  physical lines above the first row; they are no part of `lines_read`
    lines_read    physical lines below the header that were taken from the file so far
    is_uniform    whether every row has all columns, and all filled cells of a column are of one type, no lists
    """

    columns: tuple[str, ...]
    header_lines: int
    lines_read: int
    is_uniform: bool

    def rows(self) -> Iterator[Item]:
        """Everything below the header, in the order of the file: each physical line is in exactly one item."""
        ...

    def share_read(self) -> float:
        """About how much of the file has been read, from 0 to 1."""
        ...
