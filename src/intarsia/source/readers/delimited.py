"""Rows of CSV, TSV and their relatives, however badly they are written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from intarsia.source.faults import EmptyFile
from intarsia.source.readers.lines import LONGEST_LINE, Lines
from intarsia.source.readers.quoting import MOST_LINES, split_record
from intarsia.source.readers.sniff import Dialect, looks_like_header, sniff
from intarsia.source.reasons import Reason
from intarsia.source.rows import Blank, Broken, Cell, Item, Row


class DelimitedTable:
    """A delimited text file: each physical line below the header ends up in one row, broken row or blank.

    has_header  None: found from the first line; without a header the columns are column_1, column_2, ...
    """

    is_uniform = True

    def __init__(
        self, path: Path, encoding: str, *, dialect: Dialect | None = None, has_header: bool | None = None
    ) -> None:
        self._lines = Lines(path, encoding)
        self._chunks = self._lines.chunks()
        self._window = next(self._chunks, [])
        if self._window:
            self._window[0] = self._window[0].removeprefix("\ufeff")
        if not any(line.strip("\x1a \t\r\n") for line in self._window):
            self._lines.close()
            raise EmptyFile(path=path)
        self.dialect = dialect or sniff(self._window)
        self._blank = f"{self.dialect.delimiter}{self.dialect.quote} \t\x1a\r\n"
        self.columns, self.header_lines, self.has_header = self._header(has_header)
        self.lines_read = len(self._window) - self.header_lines

    def _header(self, has_header: bool | None) -> tuple[tuple[str, ...], int, bool]:
        start = 1 if self.dialect.is_declared else 0
        while start < len(self._window) - 1 and not self._window[start].strip(self._blank):
            start += 1
        cells, count = split_record(self._window, start, self.dialect, width=0)
        if looks_like_header(cells) if has_header is None else has_header:
            return unique_names(cells), start + count, True
        return unique_names([""] * len(cells)), start, False

    def share_read(self) -> float:
        """About how much of the file has been read, from 0 to 1."""
        return self._lines.share_read()

    def rows(self) -> Iterator[Item]:
        """Everything below the header, in the order of the file."""
        delimiter, quote, columns = self.dialect.delimiter, self.dialect.quote, self.columns
        width = len(columns)
        position, number = self.header_lines, self.header_lines + 1
        while position < len(self._window) or self._refill():
            if position >= len(self._window):
                position = 0
            line, count = self._window[position], 1
            if quote in line:
                self._look_ahead(position)
                cells, count = split_record(self._window, position, self.dialect, width)
            else:
                cells = line.rstrip("\r\n").split(delimiter)
            if count == 1 and len(cells) == width and cells[0].strip() and line.isascii() and len(line) <= LONGEST_LINE:
                yield Row(number, 1, dict(zip(columns, cells, strict=True)), line)
            else:
                yield self._odd(number, count, cells, "".join(self._window[position : position + count]))
            position += count
            number += count

    def _odd(self, number: int, count: int, cells: Sequence[str], raw: str) -> Item:
        """What lines are that differ from the plain case in some way."""
        width = len(self.columns)
        if not raw.strip(self._blank):
            return Blank(number, count)
        if len(raw) > LONGEST_LINE * count:
            return Broken(number, count, Reason("line-too-long", {"most": LONGEST_LINE}), raw)
        if self._lines.is_undecodable(raw):
            return Broken(number, count, Reason("undecodable", {"encoding": self._lines.encoding}), raw)
        if len(cells) > width and not any(cell.strip() for cell in cells[width:]):
            cells = cells[:width]
        if len(cells) != width:
            code = "too-few-cells" if len(cells) < width else "too-many-cells"
            return Broken(number, count, Reason(code, {"found": len(cells), "expected": width}), raw)
        by_column: dict[str, Cell] = dict(zip(self.columns, cells, strict=True))
        return Row(number, count, by_column, raw)

    def _refill(self) -> bool:
        """Replace the used-up lines by the next ones; False at the end of the file."""
        self._window = next(self._chunks, [])
        self.lines_read += len(self._window)
        return bool(self._window)

    def _look_ahead(self, position: int) -> None:
        """Have the lines at hand that a quoted cell may reach into."""
        while len(self._window) - position < MOST_LINES:
            more = next(self._chunks, [])
            if not more:
                return
            self._window.extend(more)
            self.lines_read += len(more)


def unique_names(cells: Sequence[object]) -> tuple[str, ...]:
    """Column names: stripped, `column_3` for an empty one, `name_2` for the second `name`."""
    names: list[str] = []
    for index, cell in enumerate(cells, start=1):
        name = base = str(cell).strip() or f"column_{index}"
        again = 2
        while name in names:
            name, again = f"{base}_{again}", again + 1
        names.append(name)
    return tuple(names)
