"""How segments overlap: how many people each two of them share, and how many are in two or more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa

from intarsia.analysis.people_sets import everybody, mask_of, packed, shared, times_in
from intarsia.errors import UserError
from intarsia.segment.asking import Asking, AsOf


@dataclass(frozen=True)
class Pair:
    """Two segments, the first of which comes first among those that were asked about.

    shared      people in both; either: people in at least one
    of_smaller  of how many people the smaller one has, shared ones are counted
    """

    first: str
    second: str
    shared: int
    either: int
    smaller: int

    @property
    def jaccard(self) -> float | None:
        """Those in both among those in either, 0 to 1; None: nobody is in either."""
        return self.shared / self.either if self.either else None

    @property
    def of_smaller(self) -> float | None:
        """Those in both among the members of the smaller one, 0 to 1; None: it has none."""
        return self.shared / self.smaller if self.smaller else None

    def to_json(self) -> dict[str, object]:
        """Both names, people in both and in either, and the shares."""
        return {
            "first": self.first,
            "second": self.second,
            "shared": self.shared,
            "either": self.either,
            "jaccard": _rounded(self.jaccard),
            "share_of_smaller": _rounded(self.of_smaller),
        }


@dataclass(frozen=True)
class Overlap:
    """How some segments overlap in one question.

    shared   people in each two of them, by their places in `names`; with itself: its size
    by_count how many people are in exactly none of them, in one, in two, ...
    invalid  why others, of all segments, could not be asked
    """

    names: tuple[str, ...]
    shared: tuple[tuple[int, ...], ...]
    by_count: tuple[int, ...]
    as_of: AsOf
    invalid: Mapping[str, UserError] = field(default_factory=dict)

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many members each one has."""
        return tuple(row[place] for place, row in enumerate(self.shared))

    @property
    def base(self) -> int:
        """How many people are known."""
        return sum(self.by_count)

    @property
    def reached(self) -> int:
        """People in at least one of them."""
        return sum(self.by_count[1:])

    @property
    def in_several(self) -> int:
        """People in two or more of them, who are written to more than once when each segment is written to."""
        return sum(self.by_count[2:])

    @property
    def double_contacts(self) -> int:
        """By how much the sizes together exceed the people reached: letters that go to somebody who had one."""
        return sum(self.sizes) - self.reached

    def pairs(self) -> Iterator[Pair]:
        """Every two of them."""
        sizes = self.sizes
        for first in range(len(self.names)):
            for second in range(first + 1, len(self.names)):
                both = self.shared[first][second]
                either = sizes[first] + sizes[second] - both
                smaller = min(sizes[first], sizes[second])
                yield Pair(self.names[first], self.names[second], both, either, smaller)

    def closest(self) -> list[Pair]:
        """Those two that share somebody, most alike (Jaccard) first."""
        found = [pair for pair in self.pairs() if pair.shared]
        return sorted(found, key=lambda pair: (-pair.shared * 10**12 // pair.either, pair.first, pair.second))

    def to_json(self) -> dict[str, object]:
        """Sizes, the matrix, every pair, and how many people are in how many segments."""
        sizes = [{"name": name, "size": size} for name, size in zip(self.names, self.sizes, strict=True)]
        return {
            "segments": sizes,
            "base": self.base,
            "reached": self.reached,
            "in_several": self.in_several,
            "double_contacts": self.double_contacts,
            "by_count": list(self.by_count),
            "shared": [list(row) for row in self.shared],
            "pairs": [pair.to_json() for pair in self.pairs()],
            "invalid": [{"name": name, "error": error.to_json()} for name, error in self.invalid.items()],
            "as_of": self.as_of.to_json(),
        }


def overlap(asking: Asking, names: Sequence[str]) -> Overlap:
    """How segments, or definitions, overlap as of a question; each is looked at once.

    Raises what is wrong with one of them.
    """
    return _overlap(asking, {name: asking.numbers(name) for name in names})


def overlap_of_all(asking: Asking) -> Overlap:
    """How all segments overlap; of those that are invalid it is told."""
    members, invalid = asking.several(asking.definitions)
    return replace(_overlap(asking, members), invalid=invalid)


def _overlap(asking: Asking, members: Mapping[str, pa.Table]) -> Overlap:
    asked, places = tuple(members), everybody(asking)
    masks = [mask_of(members[name], places) for name in asked]
    found = shared(packed(masks, places.size))
    by_count = np.bincount(times_in(masks, places.size), minlength=len(asked) + 1)
    rows = tuple(tuple(row) for row in found.tolist())
    return Overlap(asked, rows, tuple(by_count.tolist()), asking.as_of)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)
