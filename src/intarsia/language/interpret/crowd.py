"""Everybody at once: who a rank takes and who is in a segment (rules 37, 39, 41)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from math import ceil
from typing import TYPE_CHECKING

from intarsia.errors import Bug, UserError
from intarsia.language import tree
from intarsia.language.catalog import Catalog
from intarsia.language.facts import Person
from intarsia.language.interpret.aggregates import select
from intarsia.language.interpret.conditions import Ranking, answer, is_member
from intarsia.language.interpret.known import Known
from intarsia.language.interpret.operators import Answer, Instant, as_number
from intarsia.language.interpret.question import Derive, Question
from intarsia.speech import mark

if TYPE_CHECKING:
    from intarsia.language.check import Checked


class SegmentLoop(UserError):
    """Segments that name each other in a circle."""

    code = "language.segment-loop"
    says = mark("segments name each other in a circle: {circle}")
    advises = mark("take one of these names out of its definition")


CHAIN_MOST = 64
"""So many segments may stand between a segment and the last one that it rests on."""


class ChainTooLong(UserError):
    """Segments name each other in a chain that is longer than anybody could follow."""

    code = "language.segment-chain"
    says = mark("`{name}` rests on a chain of more than {most} segments, each named by the one before")
    advises = mark("write some of their definitions out, so that the chain gets shorter")


class Crowd:
    """All people as of one question; works out each rank and each segment once, when it is asked for.

    segments  the definitions of the segments that conditions may name
    """

    def __init__(
        self,
        catalog: Catalog,
        people: Iterable[Person],
        question: Question,
        *,
        segments: Mapping[str, Checked] | None = None,
        derive: Derive | None = None,
    ) -> None:
        self._everybody = tuple(Known(person, question, catalog, derive) for person in people)
        self._definitions = {} if segments is None else segments
        self._rankings: dict[tree.Rank, Ranking] = {}
        self._members: dict[str, frozenset[str]] = {}
        self._open: list[str] = []

    @cached_property
    def base(self) -> tuple[Known, ...]:
        """Everybody who was known."""
        return tuple(known for known in self._everybody if known.is_in_base)

    def members(self, condition: tree.Condition) -> frozenset[str]:
        """The profile ids of those for whom the condition holds."""
        return frozenset(known.id for known in self.base if is_member(condition, known, self))

    def segment(self, name: str) -> frozenset[str]:
        """The members of a segment; a circle of segments is refused (`SegmentLoop`)."""
        if name not in self._members:
            self._members[name] = self._worked_out(name)
        return self._members[name]

    def _worked_out(self, name: str) -> frozenset[str]:
        if name in self._open:
            raise SegmentLoop(circle=" → ".join([*self._open[self._open.index(name) :], name]))
        if name not in self._definitions:
            raise Bug(what=f"nobody handed in the definition of the segment {name}")
        if len(self._open) == CHAIN_MOST:
            raise ChainTooLong(name=self._open[0], most=CHAIN_MOST)
        self._open.append(name)
        try:
            return self.members(self._definitions[name].tree)
        finally:
            self._open.pop()

    def ranking(self, rank: tree.Rank) -> Ranking:
        """Who a rank condition takes: the best or worst of those who have a place, ties by profile id in bytes."""
        if rank not in self._rankings:
            self._rankings[rank] = self._ranked(rank)
        return self._rankings[rank]

    def _ranked(self, rank: tree.Rank) -> Ranking:
        people = [known for known in self.base if rank.among is None or is_member(rank.among, known, self)]
        placed = [(place, known.id, found) for known in people for place, found in _places(rank.by, known)]
        by_id = sorted(placed, key=lambda item: item[1].encode())
        ordered = sorted(by_id, key=lambda item: item[0], reverse=rank.direction == "top")
        taken = ordered[: how_many(rank, len(ordered))]
        edge = taken[-1][2] if taken else None
        return Ranking(frozenset(profile_id for _, profile_id, _ in taken), len(ordered), edge)


def how_many(rank: tree.Rank, ranked: int) -> int:
    """How many of the ranked people a rank condition takes: N, or ceil(n * p / 100)."""
    if not rank.is_percent:
        return int(rank.amount)
    return ceil(ranked * Fraction(rank.amount) / 100)


def _places(by: tree.Value, known: Known) -> Iterator[tuple[Decimal | Fraction, Answer]]:
    """The number that ranks a person and what it stands for; nothing where there is no place (rule 37)."""
    if isinstance(by, tree.Aggregate) and not select(by, known).subjects:
        return
    found = answer(by, known)
    place = Decimal(found.at) if isinstance(found, Instant) else as_number(found)
    if place is not None:
        yield place, found
