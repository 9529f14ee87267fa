"""The shipped table of places as it lies on disk: one zip of plain columns, read without any other library.

`about.json` says from what, under which licences and how it was built. Columns are little-endian arrays with one
item a city; cities stand by population, the largest first. Indexes of names are sorted lines `key<TAB>values`.
"""

from __future__ import annotations

import json
import sys
import zipfile
from array import array
from pathlib import Path
from typing import cast

SHIPPED = Path(__file__).parent / "data" / "places.zip"
FORMAT = 1

ABOUT = "about.json"
UNKNOWN = -32768
"""Stands for "not known" in columns of temperatures."""


class Table:
    """The members of one file of places; each is read when it is asked for."""

    def __init__(self, path: Path = SHIPPED) -> None:
        self._archive = zipfile.ZipFile(path)

    def about(self) -> dict[str, object]:
        """Format, sources with versions and licences, legend of the climate classes, counts."""
        return cast(dict[str, object], json.loads(self.blob(ABOUT)))

    def blob(self, name: str) -> bytes:
        """A member's bytes."""
        return self._archive.read(name)

    def lines(self, name: str) -> list[str]:
        """A member's lines of text."""
        return self.blob(name).decode().split("\n")[:-1]

    def column(self, name: str, code: str) -> array[int]:
        """A member's numbers; `code` as in `array`: "B" and "H", "h", "I", "i" of 1, 2 and 4 bytes."""
        numbers = array(code, self.blob(name))
        if sys.byteorder == "big":
            numbers.byteswap()
        return numbers


class NameIndex:
    """Sorted lines `key<TAB>values`, searched by halving, so that nothing but their bytes is held in memory."""

    def __init__(self, lines: bytes) -> None:
        self._lines = lines

    def find(self, key: str) -> str | None:
        """The values that stand beside `key`, or None."""
        wanted = key.encode() + b"\t"
        low, high = 0, len(self._lines)
        while low < high:
            begin = max(low, self._lines.rfind(b"\n", low, (low + high) // 2) + 1)
            end = self._lines.index(b"\n", begin) + 1
            if self._lines[begin:end] < wanted:
                low = end
            else:
                high = begin
        if not self._lines.startswith(wanted, low):
            return None
        return self._lines[low + len(wanted) : self._lines.index(b"\n", low)].decode()
