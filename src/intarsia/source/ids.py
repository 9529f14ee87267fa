"""Profile ids from a file: one a line, or a column of a table."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from intarsia.language.catalog import nearest
from intarsia.source.cells import text_of
from intarsia.source.faults import EmptyFile, NoSuchColumn, NoSuchFile
from intarsia.source.opening import find_form, open_table
from intarsia.source.options import Options
from intarsia.source.readers.encoding import detect
from intarsia.source.readers.lines import LONGEST_LINE, Lines
from intarsia.source.rows import Blank, Broken


@dataclass(frozen=True)
class IdsInFile:
    """The ids of a file.

    ids         each once, in the order of the file
    duplicates  how many more times some of them came
    unreadable  the numbers of the lines that could not be read
    """

    ids: tuple[str, ...]
    duplicates: int
    unreadable: tuple[int, ...]


def ids_in_file(path: Path, column: str | None = None) -> IdsInFile:
    """The ids of a file; blanks around them and empty lines or cells are left out.

    column  of a table (CSV, JSON lines, Parquet, XLSX); None: the file has one id a line, and no header
    Raises `NoSuchFile`, `NoSuchColumn`, `EmptyFile` where there is none, `NotReadable`, `Damaged`.
    """
    if not path.is_file():
        raise NoSuchFile(path=path)
    found: dict[str, None] = {}
    unreadable: list[int] = []
    count = 0
    for line, text in _by_line(path) if column is None else _by_column(path, column):
        if text is None:
            unreadable.append(line)
        elif text:
            count += 1
            found[text] = None
    if not found:
        raise EmptyFile(path=path)
    return IdsInFile(tuple(found), count - len(found), tuple(unreadable))


def _by_line(path: Path) -> Iterator[tuple[int, str | None]]:
    lines = Lines(path, detect(path))
    number = 0
    for chunk in lines.chunks():
        for line in chunk:
            number += 1
            is_good = not lines.is_undecodable(line) and len(line) <= LONGEST_LINE
            yield number, line.removeprefix("\ufeff").strip() if is_good else None


def _by_column(path: Path, column: str) -> Iterator[tuple[int, str | None]]:
    table = open_table(path, find_form(path, Options()))
    if column not in table.columns:
        deque(table.rows(), maxlen=0)  # A table lets go of its file at the end of it.
        near = nearest(column, list(table.columns))
        raise NoSuchColumn(path=path, column=column, nearest=", ".join(f"`{name}`" for name in near) or None)
    for item in table.rows():
        if isinstance(item, Broken):
            yield item.line, None
        elif not isinstance(item, Blank):
            yield item.line, text_of(item.cells.get(column))
