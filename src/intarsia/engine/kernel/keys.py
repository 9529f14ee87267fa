"""Numbers for trees: equal ones have the same. To compare whole trees at each use takes longer than a few people do."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar

from intarsia.language.tree import Node

MOST_HELD = 20_000
"""So many trees are known by their place in memory; then they are all forgotten, and compared with others anew."""

T = TypeVar("T")


class Keys:
    """The numbers of trees, and what follows from trees and the catalog alone; for questions of one catalog."""

    def __init__(self) -> None:
        self._numbers: dict[Node, int] = {}
        self._by_place: dict[int, tuple[Node, int]] = {}
        self._kept: dict[Hashable, object] = {}

    def of(self, node: Node | None) -> int:
        """The number of a tree; -1 of none."""
        if node is None:
            return -1
        held = self._by_place.get(id(node))
        if held is None:
            if len(self._by_place) >= MOST_HELD:
                self._by_place.clear()
            # The tree is held with its number: no other tree takes its place in memory.
            held = self._by_place[id(node)] = node, self._numbers.setdefault(node, len(self._numbers))
        return held[1]

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What was made for a key, made at its first use."""
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]  # type: ignore[return-value]
