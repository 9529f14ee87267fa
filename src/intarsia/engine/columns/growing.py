"""Arrays and columns that grow behind: what was there stays where it is, perhaps mapped from the disk."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import numpy as np

from intarsia.engine.columns.missing import NotInColumns
from intarsia.engine.columns.values import UNKNOWN, Array, Coded, Dictionary, Numbered, Values, narrowest
from intarsia.errors import phrase

Run = tuple[int, int]
"""Some places in a row: the first, and the one behind the last."""


class Growing:
    """An array whose first part is never copied."""

    def __init__(self, base: Array) -> None:
        # An array that is mapped from the disk takes longer to look into than a plain view of it.
        self._base = base.view(np.ndarray)
        self._more = np.empty(0, base.dtype)
        self._count = 0

    def __len__(self) -> int:
        return len(self._base) + self._count

    def append(self, values: Array) -> None:
        """Put values behind; a wider type than before widens what is behind already."""
        needed, dtype = self._count + len(values), np.promote_types(self._more.dtype, values.dtype)
        if needed > len(self._more) or dtype != self._more.dtype:
            more = np.empty(max(needed, 2 * len(self._more)), dtype)
            more[: self._count] = self._more[: self._count]
            self._more = more
        self._more[self._count : needed] = values
        self._count = needed

    def taken(self, places: Array) -> Array:
        """What lies in some places."""
        size = len(self._base)
        inside = places < size
        if inside.all():
            return self._base[places]
        out = np.empty(len(places), np.promote_types(self._base.dtype, self._more.dtype))
        out[inside] = self._base[places[inside]]
        out[~inside] = self._more[places[~inside] - size]
        return out

    def joined(self, runs: Sequence[Run]) -> Array:
        """What lies in some runs of places, none of which goes over the end of the first part."""
        size = len(self._base)
        parts = [self._more[a - size : b - size] if a >= size else self._base[a:b] for a, b in runs]
        return np.concatenate(parts) if parts else self._base[:0]


class GrowingColumn:
    """A column that grows; its dictionary does too."""

    def __init__(self, values: Values) -> None:
        self._dictionary: Dictionary | None = values.dictionary if isinstance(values, Coded) else None
        self._kept = Growing(values.codes if isinstance(values, Coded) else values.numbers)

    def append(self, values: Values) -> None:
        """Put values behind; raises `NotInColumns` where a column of numbers gets what is none."""
        self._kept.append(_numbers(values) if self._dictionary is None else recoded(values, self._dictionary))

    def taken(self, places: Array) -> Values:
        """What lies in some places."""
        return self._as_values(self._kept.taken(places))

    def joined(self, runs: Sequence[Run]) -> Values:
        """What lies in some runs of places."""
        return self._as_values(self._kept.joined(runs))

    def _as_values(self, found: Array) -> Values:
        return Numbered(found) if self._dictionary is None else Coded(found, self._dictionary)


def recoded(values: Values, dictionary: Dictionary) -> Array:
    """Values by the codes of another dictionary, which grows by those that it lacks."""
    if not isinstance(values, Coded):
        raise NotInColumns(phrase("numbers where there was a dictionary"))
    if values.dictionary is dictionary:
        return values.codes
    pairs = zip(values.dictionary.texts, values.dictionary.values[1:], strict=True)
    codes = np.array([0, *(dictionary.code_of(text, value) for text, value in pairs)], np.int64)
    return codes[values.codes].astype(narrowest(len(dictionary)))


def _numbers(values: Values) -> Array:
    if isinstance(values, Numbered):
        return values.numbers
    if not all(value is None or isinstance(value, Decimal) for value in values.dictionary.values):
        raise NotInColumns(phrase("what is no number among many numbers"))
    found: Array = values.numbers[values.codes] if len(values.codes) else np.full(0, UNKNOWN)
    return found
