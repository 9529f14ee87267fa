"""When answers may change though nothing new is known: of everybody the next instant, by groups of segments."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from intarsia.engine.columns.values import Array
from intarsia.engine.kernel.pattern_passes import NEVER

BLOCK = 1024
"""So many people have one lower bound together, below which nobody of them needs to be looked at."""


class Due:
    """The next instants of everybody, milliseconds UTC, or `NEVER`; one for each of some groups.

    first  of each person the least
    """

    def __init__(self, groups: int, size: int) -> None:
        # A group of which nothing is due ever has no array.
        self._of_groups: list[Array | None] = [None] * groups
        self.first: Array = np.full(size, NEVER, np.int64)
        self._bounds: Array = np.full(size // BLOCK + 1, NEVER, np.int64)

    def grow(self, size: int) -> None:
        """Let there be so many people; nothing is due of those who are new."""
        more = np.full(size - len(self.first), NEVER, np.int64)
        if len(more):
            self._of_groups = [None if one is None else np.append(one, more) for one in self._of_groups]
            self.first = np.append(self.first, more)
            self._bounds = np.append(self._bounds, np.full(size // BLOCK + 1 - len(self._bounds), NEVER, np.int64))

    def at(self, instant: int) -> tuple[Array, list[int]]:
        """Of whom something is due by an instant, and in which groups."""
        found = [np.zeros(0, np.int64)]
        for block in np.flatnonzero(self._bounds <= instant).tolist():
            theirs = self.first[block * BLOCK : (block + 1) * BLOCK]
            self._bounds[block] = theirs.min(initial=NEVER)
            found.append(block * BLOCK + np.flatnonzero(theirs <= instant))
        people = np.concatenate(found)
        groups = enumerate(self._of_groups) if len(people) else ()
        return people, [group for group, one in groups if one is not None and (one[people] <= instant).any()]

    def forget(self, groups: Iterable[int]) -> None:
        """Let nothing be due in some groups."""
        for group in groups:
            self._of_groups[group] = None

    def put(self, people: Array, group: int, instants: Array, *, is_whole: bool) -> None:
        """Say when the next change of some people is; `is_whole`: of all segments of the group, not of some of them."""
        theirs = self._of_groups[group]
        if theirs is None:
            if instants.min(initial=NEVER) == NEVER:
                return
            theirs = self._of_groups[group] = np.full(len(self.first), NEVER, np.int64)
        theirs[people] = instants if is_whole else np.minimum(theirs[people], instants)

    def settle(self, people: Array) -> None:
        """Have the least of some people follow what was put."""
        least = np.full(len(people), NEVER, np.int64)
        for instants in self._of_groups:
            if instants is not None:
                np.minimum(least, instants[people], out=least)
        self.first[people] = least
        np.minimum.at(self._bounds, people // BLOCK, least)
