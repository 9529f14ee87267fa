"""Since when has a person been in, or not? Found backwards from the present, with the plain interpreter (rule 17).

Whether a definition holds for a person changes only at certain instants, which `language.interpret.moments` lists.
These are looked at, the latest first, until it held otherwise just before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

from intarsia.language import Checked, tree
from intarsia.language.catalog import Catalog
from intarsia.language.checking.named import FixedList, Pin, is_ranked
from intarsia.language.interpret import Derive, GivenSets, Question
from intarsia.language.interpret.conditions import is_member
from intarsia.language.interpret.known import Known
from intarsia.language.interpret.moments import Moments
from intarsia.language.meaning.facts import Person
from intarsia.language.meaning.windows import Interval
from intarsia.membership.ledger import Timeline, was_in

STEPS_MOST = 2_000
"""How many instants of one person are looked at for one segment."""

FIRST_STRETCH = 86_400_000
"""How far back, in milliseconds, the first look goes at least; each further one goes twice as far as the one before."""

Content = Checked | FixedList


@dataclass(frozen=True)
class Search:
    """What is searched for: since when a person has been in, or not.

    at, known_at  the question that was asked; is_in: its answer
    previous_at   the question before; most changes lie after it, so that stretch is looked at first
    floor         the answer is no earlier: before, the segment was defined otherwise
    """

    at: int
    known_at: int
    is_in: bool
    previous_at: int
    floor: int


@dataclass(frozen=True)
class Beside:
    """How one person stands to the other segments that a definition names, and to the segment by hand.

    segments  by name, when they were in those that are seen as of the same instant
    earlier   of `in segment .. at`, whether they were in
    moves     by `entered segment` or `left segment` without its window, when they moved
    pins      theirs, of the segment itself
    """

    segments: Mapping[str, Timeline] = field(default_factory=dict)
    earlier: Mapping[tree.InSegment, bool] = field(default_factory=dict)
    moves: Mapping[tree.Moved, Sequence[int]] = field(default_factory=dict)
    pins: tuple[Pin, ...] = ()

    def moved(self, node: tree.Moved) -> Sequence[int]:
        """When the person moved, in whatever window."""
        return self.moves.get(tree.Moved(node.how, node.name), ())


class Rule:
    """What one definition says, and what in it moves as time goes on.

    derive  what computes derived traits
    Not for a definition with a rank, which other people's facts decide: `is_ranked` says so.
    """

    def __init__(self, content: Content, catalog: Catalog, derive: Derive) -> None:
        self.content = content
        self._catalog = catalog
        self._derive = derive

    @cached_property
    def is_ranked(self) -> bool:
        """Whether the definition has a rank in it."""
        return isinstance(self.content, Checked) and is_ranked(self.content.tree)

    def holds(self, person: Person, at: int, known_at: int, beside: Beside) -> bool:
        """Whether a person is in: by the rule or the list, or by hand."""
        known = Known(person, Question(at, known_at), self._catalog, self._derive)
        counting = [pin for pin in beside.pins if pin.counts(at, known_at)]
        if not known.is_in_base or any(pin.is_exclusion for pin in counting):
            return False
        return bool(counting) or self._is_meant(known, beside)

    def _is_meant(self, known: Known, beside: Beside) -> bool:
        if isinstance(self.content, FixedList):
            return not self.content.ids.isdisjoint(known.person.ids)
        condition, at = self.content.tree, known.question.at
        only, nobody = frozenset((known.id,)), frozenset[str]()
        earlier: dict[tree.InSegment | tree.Moved, frozenset[str]] = {}
        for node in condition.walk():
            if isinstance(node, tree.InSegment) and node.at is not None:
                earlier[node] = only if beside.earlier[node] else nobody
            elif isinstance(node, tree.Moved):
                span = Interval() if node.window is None else known.when.instants(node.window)
                has_moved = any(instant <= at and span.holds(instant) for instant in beside.moved(node))
                earlier[node] = only if has_moved else nobody
        segments = {name: only if was_in(said, at) else nobody for name, said in beside.segments.items()}
        return is_member(condition, known, GivenSets(segments=segments, earlier=earlier))

    def since(self, person: Person, search: Search, beside: Beside) -> int | None:
        """The first instant from which on the answer has been the same, without a break, by what is known now.

        Not before the floor; None after `STEPS_MOST` instants.
        """
        found = self._instants(person, search, beside)
        for instant in islice(found, STEPS_MOST):
            if self.holds(person, instant - 1, search.known_at, beside) != search.is_in:
                return instant
        return search.floor if next(found, None) is None else None

    def _instants(self, person: Person, search: Search, beside: Beside) -> Iterator[int]:
        """Every instant after the floor at which the answer may change, the latest first."""

        def moves(node: tree.Moved, first: int, after: int) -> Iterable[int]:
            return (instant for instant in beside.moved(node) if first <= instant < after)

        moments = Moments(self._catalog, (person,), moves, self._derive, search.known_at)
        condition = tree.Everyone() if isinstance(self.content, FixedList) else self.content.tree
        others = {instant for said in beside.segments.values() for instant, _ in said}
        others.update(edge for pin in beside.pins for edge in pin.edges())
        others.update(instant for several in beside.moves.values() for instant in several)
        upper = search.at
        lower = min(search.previous_at, search.at - FIRST_STRETCH)
        while upper > search.floor:
            lower = max(lower, search.floor)
            within = moments.of(condition, lower, upper)
            within.update(instant for instant in others if lower < instant <= upper)
            yield from sorted(within, reverse=True)
            upper, lower = lower, lower - 2 * (upper - lower)
