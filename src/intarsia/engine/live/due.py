"""When answers may change though nothing new is known: of everybody the next instant, by groups of segments."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import numpy as np

from intarsia.engine.columns.values import Array
from intarsia.engine.kernel.pattern_passes import NEVER


class Due:
    """The next instants of everybody, milliseconds UTC, or `NEVER`; one for each of some groups.

    first  of each person the least
    """

    def __init__(self, groups: int, size: int) -> None:
        self._of_groups = [np.full(size, NEVER, np.int64) for _ in range(groups)]
        self.first: Array = np.full(size, NEVER, np.int64)

    def grow(self, size: int) -> None:
        """Let there be so many people; nothing is due of those who are new."""
        if size == len(self.first):
            return
        more = np.full(size - len(self.first), NEVER, np.int64)
        self._of_groups = [np.append(instants, more) for instants in self._of_groups]
        self.first = np.append(self.first, more)

    def at(self, instant: int) -> tuple[Array, list[int]]:
        """Of whom something is due by an instant, and in which groups."""
        people = np.flatnonzero(self.first <= instant)
        groups = enumerate(self._of_groups) if len(people) else ()
        return people, [group for group, instants in groups if (instants[people] <= instant).any()]

    def forget(self, groups: Iterable[int]) -> None:
        """Let nothing be due in some groups."""
        for group in groups:
            self._of_groups[group].fill(NEVER)

    def put(self, people: Array, group: int, instants: Array, *, is_whole: bool) -> None:
        """Say when the next change of some people is; `is_whole`: of all segments of the group, not of some of them."""
        theirs = self._of_groups[group]
        theirs[people] = instants if is_whole else np.minimum(theirs[people], instants)

    def settle(self, people: Array, groups: Collection[int]) -> None:
        """Have the least of some people follow what was put, in some groups."""
        if len(groups):
            self.first[people] = np.minimum.reduce([instants[people] for instants in self._of_groups])
