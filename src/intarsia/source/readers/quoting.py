"""Splitting a line with quotes into cells, also where the quotes are wrong."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence

from intarsia.source.readers.sniff import Dialect

MOST_LINES = 100
"""How many physical lines one row may take; a quote that stays open for longer is taken for a stray one."""


def split_record(lines: Sequence[str], start: int, dialect: Dialect, width: int) -> tuple[list[str], int]:
    """The cells of the row that begins at `lines[start]`, and how many lines it takes.

    A quoted cell may hold line ends only if the row then has exactly `width` cells; otherwise the quote is a stray
    one and stands for itself, so that it never swallows the lines below it.
    """
    upto = min(start + MOST_LINES, len(lines))
    reader = csv.reader(
        map(lines.__getitem__, range(start, upto)),
        delimiter=dialect.delimiter,
        quotechar=dialect.quote,
        strict=True,
    )
    try:
        cells = next(reader)
    except csv.Error:
        return split_loosely(lines[start], dialect), 1
    count = reader.line_num
    if len(cells) == width:
        return cells, count
    if count > 1:
        return split_loosely(lines[start], dialect), 1
    loose = split_loosely(lines[start], dialect)
    return (loose if len(loose) == width else cells), 1


def split_loosely(line: str, dialect: Dialect) -> list[str]:
    """The cells of one line; a quote counts only where one opens a cell and another closes it before a delimiter."""
    delimiter, quote = dialect.delimiter, dialect.quote
    closing = re.compile(f"{re.escape(quote)} *(?={re.escape(delimiter)}|$)")
    text = line.rstrip("\r\n")
    cells = []
    position = 0
    while True:
        opening = position + len(text[position:]) - len(text[position:].lstrip(" "))
        end = closing.search(text, opening + 1) if text.startswith(quote, opening) else None
        if end is not None:
            cells.append(text[opening + 1 : end.start()].replace(quote * 2, quote))
            stop = end.end()
        else:
            stop = text.find(delimiter, position)
            stop = len(text) if stop < 0 else stop
            cells.append(text[position:stop])
        if stop >= len(text):
            return cells
        position = stop + 1
