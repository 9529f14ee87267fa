"""Rows of a spreadsheet (XLSX and what else calamine reads)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from intarsia.config import BadSetting
from intarsia.errors import phrase
from intarsia.source.faults import EmptyFile, NotReadable
from intarsia.source.readers.delimited import unique_names
from intarsia.source.readers.typed import cell_of
from intarsia.source.rows import Blank, Cell, Item, Row


class XlsxTable:
    """One sheet; its first filled row names the columns, line numbers are the sheet's row numbers.

    A spreadsheet is held in memory as a whole: its format limits it to 1,048,576 rows.
    """

    is_uniform = False

    def __init__(self, path: Path, sheet: str | None = None) -> None:
        from python_calamine import CalamineError, CalamineWorkbook

        try:
            book = CalamineWorkbook.from_path(path)
            if sheet is not None and sheet not in book.sheet_names:
                known = ", ".join(book.sheet_names)
                raise BadSetting(name="sheet", value=sheet, reason=phrase("the sheets are {known}", known=known))
            name = sheet or book.sheet_names[0]
            page = book.get_sheet_by_name(name)
        except (CalamineError, IndexError, OSError) as error:
            raise NotReadable(path=path, form="XLSX", problem=str(error)) from error
        if page.start is None:
            raise EmptyFile(path=path)
        self._rows = page.iter_rows()
        header: list[Any] = []
        self.header_lines = 0
        while not any(text != "" for text in header):
            header = next(self._rows)
            self.header_lines += 1
        self.columns = unique_names(header)
        self._total = max(1, page.end[0] + 1 - self.header_lines) if page.end else 1
        self.lines_read = 0

    def share_read(self) -> float:
        """How much of the sheet has been read, from 0 to 1."""
        return min(1.0, self.lines_read / self._total)

    def rows(self) -> Iterator[Item]:
        """Every row below the header; one without a filled cell is blank."""
        for number, values in enumerate(self._rows, start=self.header_lines + 1):
            self.lines_read += 1
            if not any(value != "" for value in values):
                yield Blank(number)
            else:
                cells = map(_spreadsheet_cell, values)
                yield Row(number, 1, dict(zip(self.columns, cells, strict=False)))


def _spreadsheet_cell(value: Any) -> Cell:
    """The value as a cell; every number of a spreadsheet is a float, so a whole one becomes an integer."""
    cell = cell_of(value)
    return int(cell) if isinstance(cell, Decimal) and cell == int(cell) else cell
