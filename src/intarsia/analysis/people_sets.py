"""Sets of people as bits: everybody has a place, by profile number, and a set says of each place whether it is in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from intarsia.errors import Bug
from intarsia.segment.asking import Asking

Numbers = npt.NDArray[np.int64]
"""Profile numbers, rising, each once: who stands at which place."""
Mask = npt.NDArray[np.bool_]
"""Of each place, whether the person is in."""
Bits = npt.NDArray[np.uint64]
"""One row a set: 64 places a word, of which nobody stands at those beyond the last person."""

WORDS_AT_ONCE = 1 << 15
"""So many words of each set are looked at together, two million people: what is worked out in between stays small."""


def everybody(asking: Asking) -> Numbers:
    """The base of a question as places."""
    return _sorted(asking.session.execute("select profile_no from people"))


def together(bases: Iterable[Numbers]) -> Numbers:
    """The people of several bases as places."""
    return np.unique(np.concatenate([np.empty(0, np.int64), *bases]))


def mask_of(members: pa.Table, places: Numbers) -> Mask:
    """Some people (`profile_no`) as a mask; all of them have a place."""
    numbers = _sorted(members)
    found = np.searchsorted(places, numbers)
    if numbers.size and (found[-1] == places.size or not np.array_equal(places[found], numbers)):
        raise Bug(what="somebody is in a segment and not among everybody")
    mask = np.zeros(places.size, np.bool_)
    mask[found] = True
    return mask


def packed(masks: Sequence[Mask], size: int) -> Bits:
    """Masks of `size` places as bits, one row each."""
    rows = np.zeros((len(masks), -(-size // 64) * 8), np.uint8)
    for row, mask in zip(rows, masks, strict=True):
        held = np.packbits(mask)
        row[: held.size] = held
    return rows.view(np.uint64)


def shared(bits: Bits) -> npt.NDArray[np.int64]:
    """How many people each two sets share, sets by sets; with itself a set shares its size."""
    count, words = bits.shape
    found = np.zeros((count, count), np.int64)
    for begin in range(0, words, WORDS_AT_ONCE):
        part = bits[:, begin : begin + WORDS_AT_ONCE]
        for first in range(count):
            both = np.bitwise_count(part[first:] & part[first])
            found[first, first:] += both.sum(axis=1, dtype=np.int64)
    found += np.triu(found, 1).T
    return found


def times_in(masks: Iterable[Mask], size: int) -> npt.NDArray[np.int64]:
    """Of each of `size` places, in how many of some sets the person is."""
    found = np.zeros(size, np.int64)
    for mask in masks:
        found += mask
    return found


def _sorted(members: pa.Table) -> Numbers:
    numbers: npt.NDArray[Any] = members["profile_no"].to_numpy()
    return np.sort(numbers).astype(np.int64, copy=False)
