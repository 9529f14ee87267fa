"""Who a rank takes, kept up as people's numbers change."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from intarsia.engine.columns.values import Array
from intarsia.language import tree
from intarsia.language.interpret.crowd import how_many

NO_PLACE = np.iinfo(np.int64).max
"""The key of who has no place; the smallest keys are taken."""
NEAR = 50
"""The edge is looked for among one of so many people first, those who were nearest to it when it was last far off."""


class Rank:
    """One rank over everybody: the number of each, who has a place, and who is taken."""

    def __init__(self, node: tree.Rank) -> None:
        self._node = node
        self._key = np.full(0, NO_PLACE, np.int64)
        self._places = 0
        self._near = (0, -1)
        self.taken: Array = np.zeros(0, np.bool_)

    def update(
        self, people: Array, value: Array, has_place: Array, size: int, order_of_ids: Callable[[], Array]
    ) -> Array:
        """Give some people their numbers; who is taken now and was not, or was and is not any more."""
        if more := size - len(self._key):
            self._key = np.append(self._key, np.full(more, NO_PLACE, np.int64))
            self.taken = np.append(self.taken, np.zeros(more, np.bool_))
        before = self._key[people]
        key = np.where(has_place, value if self._node.direction == "bottom" else -value, NO_PLACE)
        if np.array_equal(before, key):
            return people[:0]
        self._places += int(has_place.sum()) - int((before < NO_PLACE).sum())
        self._key[people] = key
        was, self.taken = self.taken, self._take(order_of_ids)
        return np.flatnonzero(was != self.taken)

    def _take(self, order_of_ids: Callable[[], Array]) -> Array:
        """Who is taken; of equal keys those whose profile ids come first (rule 37)."""
        count = min(how_many(self._node, self._places), self._places)
        if not count:
            return np.zeros(len(self._key), np.bool_)
        edge = self._edge(count)
        taken = self._key < edge
        tied = np.flatnonzero(self._key == edge)
        left = count - int(taken.sum())
        if left < len(tied):
            tied = tied[np.argsort(order_of_ids()[tied])[:left]]
        taken[tied] = True
        return taken

    def _edge(self, count: int) -> int:
        """The key of the last of so many that are taken."""
        low, high = self._near
        better = int((self._key < low).sum())
        near = self._key[(self._key >= low) & (self._key <= high)]
        if better < count <= better + len(near):
            return int(np.partition(near, count - better - 1)[count - better - 1])
        margin = self._places // NEAR
        first, last = max(count - 1 - margin, 0), min(count - 1 + margin, self._places - 1)
        found = np.partition(self._key, sorted({first, count - 1, last}))
        self._near = int(found[first]), int(found[last])
        return int(found[count - 1])
