"""Texts as numbers of 64 bits, the same in every process and on every machine.

FNV-1a over the bytes (Fowler, Noll and Vo; draft-eastlake-fnv), and then the finisher of MurmurHash3 (Appleby), which
lets each bit of the one touch each of the other. Not for what somebody might attack: whoever wants to finds collisions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import pyarrow as pa

from intarsia.engine.columns.machine_code import machine_code
from intarsia.engine.columns.values import Array

Texts: TypeAlias = pa.Array | pa.ChunkedArray | Sequence[str]

_START, _PRIME = np.uint64(0xCBF29CE484222325), np.uint64(0x100000001B3)
_FIRST, _SECOND = np.uint64(0xFF51AFD7ED558CCD), np.uint64(0xC4CEB9FE1A85EC53)
_HALF, _BYTE = np.uint64(33), np.uint64(0xFF)
_SALT_BYTES = 8


def text_hashes(texts: Texts, salts: Array | None = None) -> Array:
    """Of each text, the hash of its UTF-8 bytes; a missing one is like an empty one.

    salts   whole numbers, one a text: their 8 bytes, the lowest first, stand before it
    returns uint64
    """
    found = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
    if not isinstance(found, pa.Array):
        found = pa.array(found, pa.large_string())
    column = found.cast(pa.large_binary()).fill_null(b"")
    _, begins, content = column.buffers()
    edges = np.frombuffer(begins, np.int64)[column.offset : column.offset + len(column) + 1]
    out = np.zeros(len(column), np.uint64)
    if len(column):
        data = np.zeros(0, np.uint8) if content is None else np.frombuffer(content, np.uint8)
        _hash(data, edges, None if salts is None else np.asarray(salts).astype(np.uint64), out)
    return out


@machine_code
def _hash(content: Array, edges: Array, salts: Array | None, out: Array) -> None:
    """Text n is content[edges[n]:edges[n + 1]]. Every number is one of 64 bits without a sign, and wraps around."""
    for number in range(len(out)):
        found = _START
        if salts is not None:
            rest = salts[number]
            for _ in range(_SALT_BYTES):
                found = (found ^ (rest & _BYTE)) * _PRIME
                rest = rest >> np.uint64(8)
        for place in range(edges[number], edges[number + 1]):
            found = (found ^ np.uint64(content[place])) * _PRIME
        found = (found ^ (found >> _HALF)) * _FIRST
        found = (found ^ (found >> _HALF)) * _SECOND
        out[number] = found ^ (found >> _HALF)
