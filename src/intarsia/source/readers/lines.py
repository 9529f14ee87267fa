"""The physical lines of a text file, one by one, in bounded memory."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from intarsia.errors import phrase
from intarsia.source.faults import Damaged, NotReadable
from intarsia.source.readers.encoding import open_bytes

LONGEST_LINE = 2**20
"""Characters; a longer line is cut, and rejected by whoever reads it."""
LINES_AT_ONCE = 2_000

_STRAY = re.compile("[\udc80-\udcff]")
_REPLACED = re.compile("\ufffd")


class Lines:
    """The lines of a file with their endings (any mix of LF, CR LF and CR), NUL characters left out.

    encoding  a Python codec; bytes that it cannot read make `is_undecodable` true of their line
    """

    def __init__(self, path: Path, encoding: str) -> None:
        self.path = path
        self.encoding = encoding
        self._is_wide = encoding.startswith(("utf-16", "utf-32", "utf_16", "utf_32"))
        self._undecodable = _REPLACED if self._is_wide else _STRAY
        content, self._raw = open_bytes(path)
        self._size = path.stat().st_size or 1
        try:
            errors = "replace" if self._is_wide else "surrogateescape"
            self._text = io.TextIOWrapper(content, encoding, errors=errors, newline="")
        except LookupError as error:
            raise NotReadable(path=path, form=phrase("text"), problem=str(error)) from error
        self._count = 0

    def chunks(self) -> Iterator[list[str]]:
        """All lines in order, some thousand at a time; raises `Damaged` where the file breaks off."""
        with self._raw, self._text:
            while chunk := list(islice(self._each(), LINES_AT_ONCE)):
                self._count += len(chunk)
                yield [line.replace("\0", "") if "\0" in line else line for line in chunk]

    def _each(self) -> Iterator[str]:
        read = self._text.readline
        try:
            while line := read(LONGEST_LINE):
                if len(line) == LONGEST_LINE and line[-1] not in "\r\n":
                    line += "…" + self._skip_rest()
                yield line
        except (EOFError, zlib.error, OSError) as error:
            raise Damaged(path=self.path, line=self._count, problem=str(error)) from error

    def _skip_rest(self) -> str:
        """The ending of the line that is being read; what stands before it is left out."""
        while rest := self._text.readline(LONGEST_LINE):
            if rest[-1] in "\r\n":
                return rest[-1]
        return ""

    def is_undecodable(self, line: str) -> bool:
        """Whether the line holds bytes that are not of the encoding."""
        return not line.isascii() and self._undecodable.search(line) is not None

    def close(self) -> None:
        """Let go of the file."""
        self._text.close()
        self._raw.close()

    def share_read(self) -> float:
        """About how much of the file has been read, from 0 to 1."""
        return 1.0 if self._raw.closed else min(1.0, self._raw.tell() / self._size)
