"""Who a rank takes, kept up as people's numbers change."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from intarsia.engine.columns.values import Array
from intarsia.engine.kernel.sets import ranked
from intarsia.language import tree


class Rank:
    """One rank over everybody: the number of each, who has a place, and who is taken."""

    def __init__(self, node: tree.Rank) -> None:
        self._node = node
        self._value = np.zeros(0, np.int64)
        self._has_place = np.zeros(0, np.bool_)
        self.taken: Array = np.zeros(0, np.bool_)

    def update(
        self, people: Array, value: Array, has_place: Array, size: int, order_of_ids: Callable[[], Array]
    ) -> Array:
        """Give some people their numbers; who is taken now and was not, or was and is not any more."""
        more = size - len(self.taken)
        if more:
            self._value = np.append(self._value, np.zeros(more, np.int64))
            self._has_place = np.append(self._has_place, np.zeros(more, np.bool_))
            self.taken = np.append(self.taken, np.zeros(more, np.bool_))
        has_moved = (self._has_place[people] != has_place) | (has_place & (self._value[people] != value))
        if not has_moved.any():
            return people[:0]
        self._value[people], self._has_place[people] = value, has_place
        before, self.taken = self.taken, ranked(self._node, self._value, self._has_place, order_of_ids)
        return np.flatnonzero(before != self.taken)
