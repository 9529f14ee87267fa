"""The order of profile ids, kept up as new ones come: a few are put between the others, many have all put anew."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from intarsia.engine.columns.values import Array

MOST_NEWCOMERS = 4096
_SPREAD = 1 << 20
"""Between the numbers of two neighbours there is room for so many newcomers."""


class IdOrder:
    """Numbers that rise as profile ids do by their bytes; `ids`: of everybody by their places, a list that may grow."""

    def __init__(self, ids: Sequence[str | None]) -> None:
        self._ids = ids
        self._sorted: Array = np.zeros(0, np.int64)
        self._gaps: list[int] = []
        self._numbers: Array = np.zeros(0, np.int64)

    def numbers(self, size: int) -> Array:
        """The number of everybody; `size`: how many places there are, those behind the last id included."""
        known = len(self._sorted) + len(self._gaps)
        if not len(self._sorted) or len(self._ids) - len(self._sorted) > MOST_NEWCOMERS:
            self._sort(size)
        elif known < len(self._ids) or len(self._numbers) < size:
            self._put_between(size)
        return self._numbers

    def _sort(self, size: int) -> None:
        """Put all ids in order."""
        self._sorted = pc.array_sort_indices(pa.array(self._ids, pa.large_string()).fill_null("")).to_numpy()
        self._gaps = []
        self._numbers = np.zeros(size, np.int64)
        self._numbers[self._sorted] = np.arange(1, len(self._sorted) + 1) * _SPREAD

    def _put_between(self, size: int) -> None:
        """Find the neighbours of the newcomers; those between the same two are in order among themselves."""
        first = len(self._sorted)
        self._gaps += [self._gap(self._bytes(place)) for place in range(first + len(self._gaps), len(self._ids))]
        in_order = sorted(enumerate(self._gaps, first), key=lambda one: (one[1], self._bytes(one[0])))
        self._numbers = np.append(self._numbers, np.zeros(size - len(self._numbers), np.int64))
        for number, (place, gap) in enumerate(in_order, 1):
            self._numbers[place] = gap * _SPREAD + number

    def _gap(self, profile_id: bytes) -> int:
        """How many of the sorted ids come before one."""
        return bisect_left(self._sorted, profile_id, key=self._bytes)

    def _bytes(self, place: int) -> bytes:
        return (self._ids[place] or "").encode()
