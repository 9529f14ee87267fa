"""How a delimited file is written: its delimiter, its quote, whether it has a header."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from intarsia.source.dates import read_date
from intarsia.source.numbers import read_number

DELIMITERS = ",;\t|"
SNIFFED_LINES = 500


@dataclass(frozen=True)
class Dialect:
    """What cells are parted and quoted by; `declared` if a first line `sep=;` says so."""

    delimiter: str
    quote: str = '"'
    is_declared: bool = False


def sniff(lines: Sequence[str]) -> Dialect:
    """The dialect in which most lines have the same number of cells, more than one; a comma where none does."""
    sample = [line for line in lines[:SNIFFED_LINES] if line.strip()]
    if sample and sample[0].lower().startswith("sep=") and len(sample[0].strip("\r\n")) == 5:
        return Dialect(sample[0][4], _quote(sample, sample[0][4]), is_declared=True)
    scores = {delimiter: _score(sample, delimiter) for delimiter in DELIMITERS}
    delimiter = max(DELIMITERS, key=lambda candidate: scores[candidate])
    return Dialect(delimiter, _quote(sample, delimiter))


def _score(sample: Sequence[str], delimiter: str) -> tuple[float, int]:
    """The share of lines with the commonest number of cells, then that number; nothing for one cell a line."""
    widths = Counter(_width(line, delimiter) for line in sample)
    if not widths:
        return 0.0, 0
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
    return (count / len(sample), width) if width > 1 else (0.0, 0)


def _width(line: str, delimiter: str) -> int:
    try:
        return len(next(csv.reader((line,), delimiter=delimiter), ()))
    except csv.Error:
        return line.count(delimiter) + 1


def _quote(sample: Sequence[str], delimiter: str) -> str:
    """A single quote only where it wraps cells and no double quote does."""
    cells = [cell.strip() for line in sample for cell in line.split(delimiter)]
    single = sum(len(cell) > 1 and cell[0] == cell[-1] == "'" for cell in cells)
    double = sum(cell[:1] == '"' or cell[-1:] == '"' for cell in cells)
    return "'" if single and not double and single >= len(cells) / 4 else '"'


def looks_like_header(cells: Sequence[str]) -> bool:
    """Whether a first line names columns: no cell of it is a number, a date or an e-mail address."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    values = (cell for cell in filled if "@" in cell or _is_value(cell))
    return bool(filled) and next(values, None) is None


def _is_value(cell: str) -> bool:
    if not any(letter.isdigit() for letter in cell):
        return False
    return read_number(cell) is not None or read_date(cell, day_first=True) is not None
