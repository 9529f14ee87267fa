"""The sets of people that a condition on one person names: ranks, segments, and who moved into and out of them."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from intarsia.errors import Bug
from intarsia.language import tree
from intarsia.language.checking.named import Pin
from intarsia.language.interpret.known import Known
from intarsia.language.interpret.operators import Answer


@dataclass(frozen=True)
class Ranking:
    """Who a rank condition takes.

    members  profile ids
    ranked   how many people had a place; None: not kept
    edge     the value of the last one taken; None: not kept, or nobody was taken
    """

    members: Container[str]
    ranked: int | None = None
    edge: Answer = None


class Sets(Protocol):
    """The sets of people that a condition on one person can name."""

    def ranking(self, rank: tree.Rank) -> Ranking:
        """Who a rank condition takes."""
        ...

    def segment(self, name: str) -> Container[str]:
        """The members of a segment."""
        ...

    def segment_at(self, node: tree.InSegment) -> Container[str]:
        """Who was a member at an instant, as it was asked then."""
        ...

    def moved(self, node: tree.Moved) -> Container[str]:
        """Who entered or left a segment in a window."""
        ...

    def by_hand(self, name: str, known: Known) -> tuple[Pin, ...]:
        """By which pins and exclusions somebody is in a segment, or kept out of it."""
        ...

    def moments(self, node: tree.Moved, known: Known) -> tuple[int, ...]:
        """When somebody entered or left a segment in a window, as far as that was worked out; milliseconds UTC."""
        ...


@dataclass(frozen=True)
class GivenSets:
    """Sets of people that were worked out before, by whatever engine; pins and moves are those of one person."""

    rankings: Mapping[tree.Rank, Ranking] = field(default_factory=dict)
    segments: Mapping[str, Container[str]] = field(default_factory=dict)
    earlier: Mapping[tree.InSegment | tree.Moved, Container[str]] = field(default_factory=dict)
    pins: Mapping[str, tuple[Pin, ...]] = field(default_factory=dict)
    moves: Mapping[tree.Moved, tuple[int, ...]] = field(default_factory=dict)

    def ranking(self, rank: tree.Rank) -> Ranking:
        """Who a rank condition takes."""
        if rank not in self.rankings:
            raise Bug(what=f"nobody handed in who is in {rank}")
        return self.rankings[rank]

    def segment(self, name: str) -> Container[str]:
        """The members of a segment."""
        if name not in self.segments:
            raise Bug(what=f"nobody handed in who is in the segment {name}")
        return self.segments[name]

    def segment_at(self, node: tree.InSegment) -> Container[str]:
        """Who was a member at an instant, as it was asked then."""
        return self._earlier(node)

    def moved(self, node: tree.Moved) -> Container[str]:
        """Who entered or left a segment in a window."""
        return self._earlier(node)

    def by_hand(self, name: str, known: Known) -> tuple[Pin, ...]:  # noqa: ARG002 - the sets are of one person
        """By which pins and exclusions the person is in a segment, or kept out of it."""
        return self.pins.get(name, ())

    def moments(self, node: tree.Moved, known: Known) -> tuple[int, ...]:  # noqa: ARG002 - as above
        """When the person entered or left a segment in a window, as far as that was worked out."""
        return self.moves.get(node, ())

    def _earlier(self, node: tree.InSegment | tree.Moved) -> Container[str]:
        if node not in self.earlier:
            raise Bug(what=f"nobody handed in who is in {node}")
        return self.earlier[node]
