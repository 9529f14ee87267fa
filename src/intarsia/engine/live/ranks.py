"""Who a rank takes, kept up as people's numbers change."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from intarsia.engine.columns.grown import Grown
from intarsia.engine.columns.values import Array
from intarsia.engine.kernel.answering import Answers
from intarsia.language import tree
from intarsia.language.interpret.crowd import how_many

Ranked = Callable[[tree.Rank, Answers, Array], Array]
"""Who of some people a rank takes; they are those of the question."""
NO_PLACE = np.iinfo(np.int64).max
"""The key of who has no place; the smallest keys are taken."""
NEAR = 200
"""On either side of the edge, one of so many people is near it: while the edge stays among them, only they matter."""


class Rank:
    """One rank over everybody: the number of each, who has a place, and who is taken.

    Who is near the edge has a key from `_low` to `_high`; so many have a smaller one, and are taken in any case.
    """

    def __init__(self, node: tree.Rank) -> None:
        self._node = node
        self._key = np.full(0, NO_PLACE, np.int64)
        self._places = 0
        self._low, self._high, self._smaller = 0, -1, 0
        self._near: Array = np.zeros(0, np.int64)
        self._is_near: Array = np.zeros(0, np.bool_)
        self.taken: Array = np.zeros(0, np.bool_)

    def update(
        self, people: Array, value: Array, has_place: Array, size: int, order_of_ids: Callable[[], Array]
    ) -> Array:
        """Give some people their numbers; who is taken now and was not, or was and is not any more."""
        if more := size - len(self._key):
            self._key = np.append(self._key, np.full(more, NO_PLACE, np.int64))
            self.taken = np.append(self.taken, np.zeros(more, np.bool_))
            self._is_near = np.append(self._is_near, np.zeros(more, np.bool_))
        # Counts come as narrower numbers, in which the key of who has no place would be another.
        wide = value.astype(np.int64)
        key = np.where(has_place, wide if self._node.direction == "bottom" else -wide, NO_PLACE)
        before = self._key[people]
        is_moved = before != key
        if not is_moved.any():
            return people[:0]
        people, before, key = people[is_moved], before[is_moved], key[is_moved]
        self._places += int((key < NO_PLACE).sum()) - int((before < NO_PLACE).sum())
        self._key[people] = key
        count = min(how_many(self._node, self._places), self._places)
        if self._follow(people, before, key) and self._smaller < count <= self._smaller + len(self._near):
            is_far = (key < self._low) | (key > self._high)
            return self._take(count, people[is_far], key[is_far] < self._low, order_of_ids)
        was, self.taken, self._near = self.taken, np.zeros(size, np.bool_), people[:0]
        if count:
            self._find_near(count)
            self.taken = self._key < self._low
            self._take(count, people[:0], is_moved[:0], order_of_ids)
        return np.flatnonzero(was != self.taken)

    def _follow(self, people: Array, before: Array, key: Array) -> bool:
        """Keep up who is near the edge, and how many have smaller keys; not where too many have moved for that."""
        if len(people) > len(self._near):
            return False
        self._smaller += int((key < self._low).sum()) - int((before < self._low).sum())
        was_near, is_near = ((some >= self._low) & (some <= self._high) for some in (before, key))
        self._is_near[people] = is_near
        self._near = np.append(self._near[self._is_near[self._near]], people[is_near & ~was_near])
        return True

    def _find_near(self, count: int) -> None:
        """Look among everybody for those who are near the last of so many that are taken."""
        margin = self._places // NEAR
        first, last = max(count - 1 - margin, 0), min(count - 1 + margin, self._places - 1)
        found = np.partition(self._key, sorted({first, last}))
        self._low, self._high = int(found[first]), int(found[last])
        self._smaller = int((self._key < self._low).sum())
        self._is_near = (self._key >= self._low) & (self._key <= self._high)
        self._near = np.flatnonzero(self._is_near)

    def _take(self, count: int, far: Array, is_taken: Array, order_of_ids: Callable[[], Array]) -> Array:
        """Say of those near the edge who is taken, and of some who are far from it; for whom that is new."""
        key, left = self._key[self._near], count - self._smaller
        edge = np.partition(key, left - 1)[left - 1]
        found = key < edge
        tied = np.flatnonzero(key == edge)
        left -= int(found.sum())
        if left < len(tied):
            # Of equal keys those whose profile ids come first (rule 37).
            order = order_of_ids()[self._near[tied]]
            tied = tied[np.argpartition(order, left)[:left]]
        found[tied] = True
        people, now = np.append(self._near, far), np.append(found, is_taken)
        is_flipped = self.taken[people] != now
        self.taken[people] = now
        return np.sort(people[is_flipped])


class Flips:
    """The ranks that some people move in, and whom each of them takes or lets go of by that.

    ranks  those that are kept up; grows
    of     by rank
    """

    def __init__(self, ranks: dict[tree.Rank, Rank], columns: Grown) -> None:
        self._ranks = ranks
        self._columns = columns
        self.of: dict[tree.Rank, Array] = {}

    def taken(self, node: tree.Rank, answers: Answers, people: Array) -> Array:
        """Who of the people a rank takes, once it knows their numbers of now."""
        rank = self._ranks.setdefault(node, Rank(node))
        flipped = rank.update(people, *answers.places(node), self._columns.size, self._columns.order_of_ids)
        if len(flipped):
            self.of[node] = flipped
        return rank.taken[people]
