"""Who stands where in a segment tree: everybody in exactly one leaf, by the first branch that has room for them.

A leaf is a branch without branches below it, or what is left over (`rest`): of a branch, those who are in none of the
branches below it; of the whole tree, those who are in no branch at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from intarsia.analysis.people_sets import Mask
from intarsia.errors import UserError
from intarsia.language import show, tree
from intarsia.segment.branches import Branch
from intarsia.speech import mark

Path = tuple[str, ...]
"""The names from the outermost branch down to one; nothing: the whole tree."""


class NoSuchBranch(UserError):
    """A tree has no branch there."""

    code = "tree.no-such-branch"
    says = mark("the tree `{name}` has no branch {path}")
    advises = mark("`intarsia tree show {name}` shows it; name each branch on the way, the outermost first")


@dataclass(frozen=True)
class Spot:
    """A place in a tree where people stand: a branch with all that is below it, what is left over, or the whole.

    is_rest     what is left over of the branch `path`, or of the whole tree
    first, end  the numbers of its leaves: from `first` up to, not including, `end`
    size        how many members the segment has; None where there is no segment: the whole, and what is left over
    in_parent   how many of these stand in the branch above
    """

    path: Path
    is_rest: bool
    first: int
    end: int
    size: int | None
    in_parent: int | None

    @property
    def is_leaf(self) -> bool:
        """Whether nothing is below it: whatever has branches below it also has what they leave over."""
        return self.end - self.first == 1


@dataclass(frozen=True)
class Leaves:
    """Who stands in which leaf.

    spots    the whole tree, then its branches line by line, what is left over of each behind what is below it
    leaf_of  of each place of everybody the number of the leaf
    """

    spots: tuple[Spot, ...]
    leaf_of: npt.NDArray[np.int64]

    @property
    def leaves(self) -> list[Spot]:
        """The spot of each leaf, by its number."""
        return [spot for spot in self.spots if spot.is_leaf]

    def counts(self) -> list[int]:
        """How many people stand in each leaf, by its number."""
        counted: list[int] = np.bincount(self.leaf_of, minlength=self.spots[0].end).tolist()
        return counted

    def standing(self, spot: Spot) -> Mask:
        """Who stands in a spot."""
        return (self.leaf_of >= spot.first) & (self.leaf_of < spot.end)


def stand(branches: Sequence[Branch], members: Callable[[str], Mask], people: int) -> Leaves:
    """Put everybody into the leaf where they stand.

    members  those of a segment, as a mask over all places; people: how many places there are
    """
    leaf_of = np.zeros(people, np.int64)
    spots: list[Spot] = []

    def place(below: Sequence[Branch], path: Path, inside: Mask, number: int) -> int:
        left = inside.copy()
        for branch in below:
            own, first, spot = members(branch.name), number, len(spots)
            here, way = own & left, (*path, branch.name)
            left &= ~here
            spots.append(Spot(way, False, first, first, int(own.sum()), int((own & inside).sum())))
            if branch.branches:
                number = place(branch.branches, way, here, number)
            else:
                leaf_of[here] = number
                number += 1
            spots[spot] = Spot(way, False, first, number, spots[spot].size, spots[spot].in_parent)
        leaf_of[left] = number
        spots.append(Spot(path, True, number, number + 1, None, None))
        return number + 1

    end = place(branches, (), np.ones(people, np.bool_), 0)
    return Leaves((Spot((), False, 0, end, None, None), *spots), leaf_of)


def rule_of(branches: Sequence[Branch], path: Path, *, is_rest: bool = False) -> str:
    """The rule that says who stands in a spot, in the segment language.

    >>> rule_of([Branch("vip"), Branch("loyal", (Branch("cold"),))], ("loyal",), is_rest=True)
    "in segment 'loyal' and not in segment 'vip' and not in segment 'cold'"
    """
    parts = list(_conditions(branches, path, is_rest=is_rest)) or [tree.Everyone()]
    return show(parts[0] if len(parts) == 1 else tree.And(tuple(parts)))


def _conditions(branches: Sequence[Branch], path: Path, *, is_rest: bool) -> Iterator[tree.Condition]:
    """What must hold, branch by branch: to be in, and not in those that come before."""
    for name in path:
        place = [branch.name for branch in branches].index(name)
        yield tree.InSegment(name)
        yield from (tree.Not(tree.InSegment(before.name)) for before in branches[:place])
        branches = branches[place].branches
    if is_rest:
        yield from (tree.Not(tree.InSegment(branch.name)) for branch in branches)
