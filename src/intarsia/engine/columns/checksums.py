"""Checksums of files that can be made again: whether each says what was written into it."""

from __future__ import annotations

import zlib
from pathlib import Path

_Version = tuple[int, int, int, int]
"""What tells that a file is the one that was read: device, number, size, and when it was last written to."""

_PIECE = 1 << 20
"""Files are read in pieces of so many bytes: mapped, all of them would count as memory in use."""


def checksum(content: bytes) -> int:
    """The CRC-32 of bytes: it notices every burst of up to 32 bits, of other changes all but one in 4 thousand million.

    Against accidents, not against somebody who means it: see docs/decisions/columns.md for what others cost.
    """
    return zlib.crc32(content)


class Sums:
    """The checksums of files, each worked out once as long as the file is not written to or replaced."""

    def __init__(self) -> None:
        self._known: dict[Path, tuple[_Version, int]] = {}

    def of(self, path: Path) -> int | None:
        """The checksum of a file; None: it is not there."""
        try:
            version = _version(path)
            known = self._known.get(path)
            if known is None or known[0] != version:
                known = self._known[path] = version, _read(path)
        except FileNotFoundError:
            return None
        return known[1]

    def renamed(self, path: Path, new: Path) -> None:
        """A file that was looked at goes by another name now; it needs not be read again for that."""
        if (known := self._known.pop(path, None)) is not None:
            self._known[new] = known


def _version(path: Path) -> _Version:
    found = path.stat()
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def _read(path: Path) -> int:
    found, piece = 0, bytearray(_PIECE)
    with path.open("rb", buffering=0) as file:
        while read := file.readinto(piece):
            found = zlib.crc32(memoryview(piece)[:read], found)
    return found
