"""Rows of a file with one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import Any

from intarsia.errors import phrase
from intarsia.source.faults import EmptyFile
from intarsia.source.readers.lines import LONGEST_LINE, Lines
from intarsia.source.reasons import Reason
from intarsia.source.rows import Blank, Broken, Item, Row


class JsonLinesTable:
    """A file of JSON objects; its columns are the keys of the first lines, later lines may have others.

    is_flat  whether an object inside an object is spread over columns named `outer.inner`; lists stay as they are
    """

    header_lines = 0
    is_uniform = False

    def __init__(self, path: Path, encoding: str, *, is_flat: bool = True) -> None:
        self._lines = Lines(path, encoding)
        self._is_flat = is_flat
        self._chunks = self._lines.chunks()
        first = next(self._chunks, [])
        if not first:
            raise EmptyFile(path=path)
        first[0] = first[0].removeprefix("\ufeff")
        self._head = first
        self.lines_read = 0
        items = (self._item(0, line) for line in first)
        self.columns = tuple(dict.fromkeys(chain.from_iterable(row.cells for row in items if isinstance(row, Row))))

    def share_read(self) -> float:
        """About how much of the file has been read, from 0 to 1."""
        return self._lines.share_read()

    def rows(self) -> Iterator[Item]:
        """Every line, in the order of the file."""
        for chunk in chain((self._head,), self._chunks):
            before = self.lines_read
            self.lines_read += len(chunk)
            for number, line in enumerate(chunk, start=before + 1):
                yield self._item(number, line)

    def _item(self, number: int, line: str) -> Item:
        if not line.strip("\x1a \t\r\n"):
            return Blank(number)
        if len(line) > LONGEST_LINE:
            return Broken(number, 1, Reason("line-too-long", {"most": LONGEST_LINE}), line)
        if self._lines.is_undecodable(line):
            return Broken(number, 1, Reason("undecodable", {"encoding": self._lines.encoding}), line)
        try:
            found = json.loads(line, parse_float=Decimal, parse_constant=_refuse)
        except (ValueError, RecursionError) as error:
            return Broken(number, 1, Reason("bad-json", {"problem": error.args[0]}), line)
        if not isinstance(found, dict):
            problem = phrase("it is something else")
            return Broken(number, 1, Reason("bad-json", {"problem": problem}), line)
        return Row(number, 1, _flat(found) if self._is_flat else found, line)


def _refuse(name: str) -> None:
    raise ValueError(phrase("{name} is no JSON", name=name))


def _flat(found: dict[str, Any], above: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in found.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{above}{name}.")
        else:
            flat[f"{above}{name}"] = value
    return flat
