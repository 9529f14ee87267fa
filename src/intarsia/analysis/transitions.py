"""How people moved between segments from one instant to another: from which leaf into which.

Both instants are asked by the definitions in force and the facts known at one `known_at`, over one state of the record.
So nothing but what happened, and time, moves anybody: a definition that was edited in between, or a file that was
loaded late, does not. The ledger of memberships says the same of both instants where it goes by these definitions and
was evaluated often enough: who left and came back between two evaluations has not moved by it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from intarsia.analysis.leaves import Leaves, stand
from intarsia.analysis.people_sets import Mask, Numbers, everybody, mask_of, times_in, together
from intarsia.clock import to_iso
from intarsia.errors import UserError
from intarsia.segment.asking import Asking, AsOf
from intarsia.segment.branches import Branch
from intarsia.speech import mark


class MovedBackwards(UserError):
    """The later instant is not later than the earlier one."""

    code = "transitions.backwards"
    says = mark("nobody can have moved from {begin} to {end}")
    advises = mark("give `--from` the earlier instant and `--to` the later one")


@dataclass(frozen=True)
class State:
    """Where somebody can be: in a leaf, or not among the people who are known.

    path     the segments from the outermost down; is_rest: those in none of the segments below the path
    is_away  not known yet at the earlier instant; known no longer (deleted) at the later one
    """

    path: tuple[str, ...] = ()
    is_rest: bool = False
    is_away: bool = False

    def to_json(self) -> dict[str, object]:
        """All three."""
        return {"path": list(self.path), "is_rest": self.is_rest, "is_away": self.is_away}


@dataclass(frozen=True)
class Transitions:
    """Who moved where between two instants, milliseconds UTC.

    states  the leaves, what is left over among them; the last one is to be away
    counts  people by the place of their state at `begin`, and at `end`
    several how many people were in more than one of the segments that were named, at `begin` and at `end`: they are
            counted in the first; None: a tree was asked about
    """

    begin: int
    end: int
    states: tuple[State, ...]
    counts: tuple[tuple[int, ...], ...]
    several: tuple[int, int] | None
    as_of: AsOf

    def shares(self) -> list[list[float | None]]:
        """Where those of each state went, 0 to 1, each row together 1; None where nobody was."""
        sums = [sum(row) for row in self.counts]
        return [[count / of if of else None for count in row] for row, of in zip(self.counts, sums, strict=True)]

    @property
    def stayed(self) -> int:
        """People who were known at both instants, and in the same state."""
        return sum(row[place] for place, row in enumerate(self.counts[:-1]))

    @property
    def moved(self) -> int:
        """People who were known at both instants, and in another state."""
        return sum(sum(row[:-1]) for row in self.counts[:-1]) - self.stayed

    def to_json(self) -> dict[str, object]:
        """Both instants, the states with their people then and now, counts and shares, and as of."""
        before, after = [sum(row) for row in self.counts], [sum(row) for row in zip(*self.counts, strict=True)]
        states = [
            {**state.to_json(), "before": was, "after": now}
            for state, was, now in zip(self.states, before, after, strict=True)
        ]
        rounded = [[None if one is None else round(one, 6) for one in row] for row in self.shares()]
        return {
            "from": to_iso(self.begin),
            "to": to_iso(self.end),
            "states": states,
            "counts": [list(row) for row in self.counts],
            "shares": rounded,
            "stayed": self.stayed,
            "moved": self.moved,
            "in_several": None if self.several is None else list(self.several),
            "as_of": self.as_of.to_json(),
        }


def transitions(asking: Asking, branches: Sequence[Branch], begin: int, *, is_tree: bool) -> Transitions:
    """How people moved from `begin` to the instant of a question, which is spent afterwards.

    branches  those of a tree; or segments side by side, of which the first that somebody is in counts
    Raises `MovedBackwards`, and what is wrong with a segment.
    """
    end = asking.as_of.at
    if begin >= end:
        raise MovedBackwards(begin=to_iso(begin), end=to_iso(end))
    later = _look(asking, branches)
    asking.evaluator.rewind(begin)
    earlier = _look(asking, branches)
    places = together([earlier.base, later.base])
    spots = later.leaves.leaves
    states = (*(State(spot.path, spot.is_rest) for spot in spots), State(is_away=True))
    was, now = earlier.states(places, len(spots)), later.states(places, len(spots))
    counts = np.bincount(was * len(states) + now, minlength=len(states) ** 2).reshape(len(states), len(states))
    several = None if is_tree else (earlier.several, later.several)
    return Transitions(begin, end, states, tuple(tuple(row) for row in counts.tolist()), several, asking.as_of)


@dataclass(frozen=True)
class _Look:
    """Who is known at one instant, in which leaf each of them stands, and how many are in several segments."""

    base: Numbers
    leaves: Leaves
    several: int

    def states(self, places: Numbers, away: int) -> Numbers:
        """Of each place the number of the leaf, and `away` of who is not known."""
        found = np.full(places.size, away, np.int64)
        found[np.searchsorted(places, self.base)] = self.leaves.leaf_of
        return found


def _look(asking: Asking, branches: Sequence[Branch]) -> _Look:
    base = everybody(asking)
    masks: dict[str, Mask] = {}

    def members(name: str) -> Mask:
        if name not in masks:
            masks[name] = mask_of(asking.numbers(name), base)
        return masks[name]

    leaves = stand(branches, members, base.size)
    times = times_in((members(branch.name) for branch in branches), base.size)
    return _Look(base, leaves, int((times > 1).sum()))


def side_by_side(names: Sequence[str]) -> tuple[Branch, ...]:
    """Segments, or definitions, as the branches of a tree of one level; each once."""
    return tuple(Branch(name) for name in dict.fromkeys(names))
