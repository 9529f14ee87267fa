"""Everybody at once: who a rank takes and who is in a segment (rules 37, 39, 41)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from math import ceil
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from intarsia.clock import FIRST, to_iso
from intarsia.errors import UserError
from intarsia.language import tree
from intarsia.language.catalog import Catalog
from intarsia.language.checking.named import FixedList, Named, NamedSegments, Pin, Version
from intarsia.language.interpret.aggregates import select
from intarsia.language.interpret.conditions import answer, is_member
from intarsia.language.interpret.known import Known
from intarsia.language.interpret.moves import Group, Groups, Look, Moves
from intarsia.language.interpret.operators import Answer, Instant, as_number
from intarsia.language.interpret.persons import persons
from intarsia.language.interpret.question import Derive, Question
from intarsia.language.interpret.sets import Ranking
from intarsia.language.meaning.facts import Person
from intarsia.language.meaning.joins import Join, JoinsById, by_id
from intarsia.language.meaning.trends import aggregates_of
from intarsia.language.meaning.windows import Interval, instants_of
from intarsia.language.problems.checking import SegmentNotYetThere
from intarsia.speech import mark

if TYPE_CHECKING:
    from intarsia.language.checking.check import Checked


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


class Chain:
    """The segments that are being worked out, each because the one before names it."""

    def __init__(self) -> None:
        self._open: list[tuple[str, int]] = []

    @contextmanager
    def link(self, name: str, version: Version) -> Iterator[None]:
        """While a version of a segment is worked out; raises `SegmentLoop`, `ChainTooLong`."""
        link = (name, version.created_at)
        names = [above for above, _ in self._open]
        if link in self._open:
            raise SegmentLoop(circle=" → ".join([*names[self._open.index(link) :], name]))
        if len(self._open) == CHAIN_MOST:
            raise ChainTooLong(name=names[0], most=CHAIN_MOST)
        self._open.append(link)
        try:
            yield
        finally:
            self._open.pop()


class Crowd:
    """All people as of one question; works out each rank and each segment once, when it is asked for.

    people      profiles as they were recorded
    segments    the segments that conditions may name
    joins       which profiles are one person, for every `known_at`
    defined_at  the definitions are those in force then; None: as of the question's `known_at`
    above       the crowd that looks at another instant through this one
    """

    def __init__(
        self,
        catalog: Catalog,
        people: Iterable[Person],
        question: Question,
        *,
        segments: Mapping[str, Checked | Named] | None = None,
        derive: Derive | None = None,
        joins: Iterable[Join] = (),
        defined_at: int | None = None,
        above: Crowd | None = None,
    ) -> None:
        self._catalog = catalog
        self._profiles = tuple(people)
        self._question = question
        self._derive = derive
        self._joins: JoinsById = by_id(joins) if above is None else above._joins
        self._everybody = tuple(
            Known(person, question, catalog, derive)
            for person in persons(self._profiles, self._joins, question.known_at)
        )
        self._defined_at = question.known_at if defined_at is None else defined_at
        self._named: NamedSegments = NamedSegments(segments) if above is None else above._named
        self._chain: Chain = Chain() if above is None else above._chain
        self._groups: Groups = Groups(self._profiles, self._joins) if above is None else above._groups
        self._moves: Moves = self._own_moves() if above is None else above._moves
        self._rankings: dict[tree.Rank, Ranking] = {}
        self._members: dict[tuple[str, int], frozenset[str]] = {}
        self._earlier: dict[int, Crowd] = {}
        self._moved: dict[tree.Moved, frozenset[str]] = {}

    @cached_property
    def base(self) -> tuple[Known, ...]:
        """Everybody who was known."""
        return tuple(known for known in self._everybody if known.is_in_base)

    def members(self, condition: tree.Condition) -> frozenset[str]:
        """The profile ids of those for whom the condition holds."""
        return frozenset(known.id for known in self.base if is_member(condition, known, self))

    # --- segments

    def segment(self, name: str) -> frozenset[str]:
        """The members of a segment, by the definition in force (rule 39).

        Raises `SegmentLoop`, `ChainTooLong`, and `SegmentInvalid` where its definition is wrong.
        """
        return self._by(name, self._named[name].in_force(self._defined_at))

    def segment_at(self, node: tree.InSegment) -> frozenset[str]:
        """Those who were members as it was asked at an instant (rule 40); raises `SegmentNotYetThere`."""
        assert node.at is not None
        at = instants_of(node.at, ZoneInfo(self._catalog.timezone))[0]
        named = self._named[node.name]
        if at < named.created_at:
            raise SegmentNotYetThere(name=node.name, at=to_iso(at), created_at=to_iso(named.created_at), span=node.span)
        if at not in self._earlier:
            self._earlier[at] = self._as_asked(self._profiles, at)
        earlier = self._earlier[at]
        ids = earlier.ids_of(earlier._by(node.name, named.in_force(at)))
        return frozenset(known.id for known in self.base if self._ids[known.id] & ids)

    def _by(self, name: str, version: Version) -> frozenset[str]:
        """The members of a segment by one version of it."""
        key = (name, version.created_at)
        if key not in self._members:
            with self._chain.link(name, version):
                self._members[key] = self._worked_out(name, version)
        return self._members[key]

    def _worked_out(self, name: str, version: Version) -> frozenset[str]:
        content = self._named.content(name, version)
        at, known_at, named = self._question.at, self._question.known_at, self._named[name]
        if isinstance(content, FixedList):
            members = self._with_one_of(content.ids)
        else:
            members = self.members(content.tree)
        members |= self._with_one_of(named.put_in(at, known_at))
        return members - self._with_one_of(named.kept_out(at, known_at))

    def by_hand(self, name: str, known: Known) -> tuple[Pin, ...]:
        """By which pins and exclusions somebody is in a segment, or kept out of it."""
        return self._named[name].by_hand(self._ids[known.id], self._question.at, self._question.known_at)

    def _with_one_of(self, ids: frozenset[str]) -> frozenset[str]:
        """Those of the base one of whose ids is among these."""
        return frozenset(known.id for known in self.base if self._ids[known.id] & ids) if ids else frozenset()

    # --- who is one person

    @cached_property
    def _ids(self) -> Mapping[str, frozenset[str]]:
        """The profile ids that are each person's, by the person's id."""
        return {known.id: frozenset(known.person.ids) for known in self._everybody}

    def ids_of(self, members: Iterable[str]) -> frozenset[str]:
        """All profile ids of some people."""
        return frozenset().union(*(self._ids[profile_id] for profile_id in members))

    # --- other instants

    def _as_asked(self, people: Iterable[Person], at: int, defined_at: int | None = None) -> Crowd:
        """Some people as of an instant, by what was known then and by the definitions in force then."""
        limit = self._question.known_at
        known_at = at if limit is None else min(at, limit)
        if defined_at is not None and limit is not None:
            defined_at = min(defined_at, limit)
        question = Question(at, known_at)
        return Crowd(self._catalog, people, question, derive=self._derive, defined_at=defined_at, above=self)

    def moved(self, node: tree.Moved) -> frozenset[str]:
        """Those who entered or left a segment in a window (rule 40)."""
        if node not in self._moved:
            self._moved[node] = frozenset(known.id for known in self.base if self.moments(node, known))
        return self._moved[node]

    def moments(self, node: tree.Moved, known: Known) -> tuple[int, ...]:
        """When somebody entered or left a segment in a window, by time."""
        span = Interval() if node.window is None else known.when.instants(node.window)
        lower = FIRST if span.begin is None else span.begin - 1
        upper = self._question.at if span.end is None else min(self._question.at, span.end - 1)
        is_ranked = self._named.are_ranked([node.name])
        group = self._groups.everybody if is_ranked else self._groups.of(known.id)
        moves = self._moves.of(node.name, group, lower, upper)
        return tuple(move.at for move in moves if move.is_of(self._ids[known.id], node.how))

    def _own_moves(self) -> Moves:
        known_at = self._question.known_at
        return Moves(self._named, self._catalog, self._look, derive=self._derive, known_at=known_at)

    def _look(self, group: Group, name: str, look: Look) -> frozenset[str]:
        crowd = self._as_asked(group.profiles, look.at, look.defined_at)
        return crowd.ids_of(crowd._by(name, self._named[name].in_force(look.defined_at)))

    # --- ranks

    def ranking(self, rank: tree.Rank) -> Ranking:
        """Who a rank condition takes: the best or worst of those who have a place, ties by profile id in bytes."""
        if rank not in self._rankings:
            self._rankings[rank] = self._ranked(rank)
        return self._rankings[rank]

    def _ranked(self, rank: tree.Rank) -> Ranking:
        people = [known for known in self.base if rank.among is None or is_member(rank.among, known, self)]
        placed = [(place, known.id, found) for known in people for place, found in places_of(rank.by, known)]
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


def places_of(by: tree.Value, known: Known) -> Iterator[tuple[Decimal | Fraction, Answer]]:
    """The number that ranks a person and what it stands for; nothing where there is no place (rule 37)."""
    aggregates = list(aggregates_of(by))
    if aggregates and not any(select(aggregate, known).subjects for aggregate in aggregates):
        return
    found = answer(by, known)
    place = Decimal(found.at) if isinstance(found, Instant) else as_number(found)
    if place is not None:
        yield place, found
