"""Whether one person is in the ranks and segments that a definition names, each worked out when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from intarsia.language import tree
from intarsia.language.checking.named import Pin
from intarsia.language.interpret import Ranking
from intarsia.language.interpret.known import Known

if TYPE_CHECKING:
    import pyarrow as pa

Earlier = tree.InSegment | tree.Moved


@dataclass(frozen=True)
class SetsOfOne:
    """The sets of people that conditions on one person name, of which only that person matters.

    number    of the profile, under which the person stands in `members` and `earlier`: one column `profile_no`
    rank      works out a rank; members: of a segment; earlier: at another instant, or who moved; moved: when
    pins      of the person, by the names of segments
    """

    number: int
    profile_id: str
    rank: Callable[[tree.Rank], Ranking]
    members: Callable[[str], pa.Table]
    earlier: Callable[[Earlier], pa.Table]
    moved_at: Callable[[tree.Moved], tuple[int, ...]]
    pins: Mapping[str, tuple[Pin, ...]]
    _rankings: dict[tree.Rank, Ranking] = field(default_factory=dict)
    _found: dict[str | Earlier, frozenset[str]] = field(default_factory=dict)

    def ranking(self, rank: tree.Rank) -> Ranking:
        """Who a rank condition takes."""
        if rank not in self._rankings:
            self._rankings[rank] = self.rank(rank)
        return self._rankings[rank]

    def segment(self, name: str) -> frozenset[str]:
        """The person's id, if they are a member of a segment."""
        if name not in self._found:
            self._found[name] = only(self.members(name), self.number, self.profile_id)
        return self._found[name]

    def segment_at(self, node: tree.InSegment) -> frozenset[str]:
        """The person's id, if they were a member at an instant, as it was asked then."""
        return self._earlier(node)

    def moved(self, node: tree.Moved) -> frozenset[str]:
        """The person's id, if they entered or left a segment in a window."""
        return self._earlier(node)

    def by_hand(self, name: str, known: Known) -> tuple[Pin, ...]:  # noqa: ARG002 - the sets are of one person
        """By which pins and exclusions the person is in a segment, or kept out of it."""
        return self.pins.get(name, ())

    def moments(self, node: tree.Moved, known: Known) -> tuple[int, ...]:  # noqa: ARG002 - as above
        """When the person entered or left a segment in a window, as far as that is worked out."""
        return self.moved_at(node)

    def _earlier(self, node: Earlier) -> frozenset[str]:
        if node not in self._found:
            self._found[node] = only(self.earlier(node), self.number, self.profile_id)
        return self._found[node]


def only(members: pa.Table, number: int, profile_id: str) -> frozenset[str]:
    """The id of a person if their number is among some members."""
    import pyarrow.compute as compute

    is_in = compute.any(compute.equal(members["profile_no"], number)).as_py()
    return frozenset((profile_id,)) if is_in else frozenset()
