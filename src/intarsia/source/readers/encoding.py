"""In which encoding a text file is written, found from its bytes."""

from __future__ import annotations

import codecs
import gzip
from pathlib import Path
from typing import IO

SCANNED_BYTES = 64 * 2**20
"""How much of a file is looked at; what does not fit further on is rejected line by line."""
SAMPLED_BYTES = 64 * 2**10
"""How much text in foreign letters is judged when the file is not UTF-8."""
LEGACY = ("cp1250", "cp1251", "cp1252", "cp1256", "iso8859_2", "koi8_r")
"""One-byte encodings that are told apart by how likely their letters are."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_GZIP = b"\x1f\x8b"


def open_bytes(path: Path) -> tuple[IO[bytes], IO[bytes]]:
    """The content of the file, unpacked if it is gzip, and the file itself, whose `tell` says how far reading got."""
    raw = path.open("rb")
    if raw.peek(2)[:2] != _GZIP:
        return raw, raw
    return gzip.GzipFile(fileobj=raw), raw  # type: ignore[return-value]


def detect(path: Path) -> str:
    """The name of a Python codec: UTF by its mark or zero bytes, UTF-8 if the bytes are such, else the likeliest."""
    content, raw = open_bytes(path)
    with raw:
        head = content.read(SAMPLED_BYTES)
        for mark, name in _MARKS:
            if head.startswith(mark):
                return name
        return _wide(head) or _utf8_or_legacy(head, content)


def _wide(head: bytes) -> str | None:
    """UTF-16 without a mark: the zero bytes of its Latin letters, digits and blanks all stand on one side."""
    pairs = len(head) // 2
    if pairs < 2:
        return None
    low, high = head[0 : 2 * pairs : 2].count(0), head[1 : 2 * pairs : 2].count(0)
    if high > 0.1 * pairs and low < 0.01 * pairs:
        return "utf-16-le"
    if low > 0.1 * pairs and high < 0.01 * pairs:
        return "utf-16-be"
    return None


def _utf8_or_legacy(head: bytes, content: IO[bytes]) -> str:
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    good = bad = scanned = 0
    foreign = bytearray()
    chunk = head
    while chunk and scanned < SCANNED_BYTES:
        scanned += len(chunk)
        if not chunk.isascii():
            text = decoder.decode(chunk)
            stray = len(text) - len(text.encode("utf-8", "ignore").decode())
            bad += stray
            good += len(text) - len(text.encode("ascii", "ignore")) - stray
            if stray and len(foreign) < SAMPLED_BYTES:
                foreign += b"\n".join(line for line in chunk.splitlines() if not line.isascii())
        chunk = content.read(2**20)
    if good >= bad:
        return "utf-8"
    return _likeliest(bytes(foreign[:SAMPLED_BYTES]))


def _likeliest(sample: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(sample, cp_isolation=list(LEGACY)).best()
    return best.encoding if best is not None else "cp1252"
