"""Which texts came before: as sorted hashes, which take 8 bytes a text, and those that are new."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import repeat

import numpy as np

from intarsia.engine.columns.text_hashes import Texts, text_hashes
from intarsia.engine.columns.values import Array

MOST_NEW = 1 << 20


class KnownTexts:
    """A set of texts that never misses one, and now and then takes one for another: who needs to be sure looks it up.

    Of n texts, a new one is taken for one of them about once in 2^64 / n times.
    hashes    those that are known, sorted, as `text_hashes` makes them; they may be mapped from the disk
    most_new  so many new ones are held beside the others; then they are sorted in
    """

    def __init__(self, hashes: Array | None = None, *, most_new: int = MOST_NEW) -> None:
        self._most_new = most_new
        self._sorted = np.zeros(0, np.uint64) if hashes is None else hashes
        self._new: set[int] = set()

    @classmethod
    def build(cls, texts: Iterable[Texts], salts: Iterable[Array | None] = repeat(None)) -> KnownTexts:
        """Of many texts, in pieces; `salts`: whole numbers that tell equal texts apart, one a text."""
        pieces = [text_hashes(piece, salt) for piece, salt in zip(texts, salts, strict=False)]
        hashes = np.concatenate(pieces) if pieces else np.zeros(0, np.uint64)
        pieces.clear()
        hashes.sort()
        return cls(hashes[np.append(True, np.diff(hashes) != 0)] if len(hashes) else hashes)

    @property
    def hashes(self) -> Array:
        """All of them, sorted: what can be kept, and taken up from there."""
        self._sort_in()
        return self._sorted

    def _sort_in(self) -> None:
        if self._new:
            new = np.sort(np.fromiter(self._new, np.uint64, len(self._new)))
            self._sorted = np.insert(self._sorted, np.searchsorted(self._sorted, new), new)
            self._new.clear()

    def may_know(self, texts: Texts, salts: Array | None = None) -> Array:
        """Of each text, whether it may be known; False: it surely is not."""
        return self._may_have(text_hashes(texts, salts))

    def add(self, texts: Texts, salts: Array | None = None) -> Array:
        """Know some texts from now on; of each, whether it may have been known, be it from further up in the list."""
        hashes = text_hashes(texts, salts)
        _, first = np.unique(hashes, return_index=True)
        found = np.ones(len(hashes), np.bool_)
        found[first] = self._may_have(hashes[first])
        self._new.update(hashes[~found].tolist())
        if len(self._new) > self._most_new:
            self._sort_in()
        return found

    def _may_have(self, hashes: Array) -> Array:
        place = np.searchsorted(self._sorted, hashes)
        found = np.zeros(len(hashes), np.bool_)
        inside = place < len(self._sorted)
        found[inside] = self._sorted[place[inside]] == hashes[inside]
        if self._new:
            found |= np.fromiter((one in self._new for one in hashes.tolist()), np.bool_, len(hashes))
        return found
