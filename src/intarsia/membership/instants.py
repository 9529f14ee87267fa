"""Since when has a person been in, or not? Found backwards from the present, with the plain interpreter (rule 17).

Whether a definition holds for a person changes only at certain instants: where a fact of theirs happened, where a
fact or a date enters or leaves a window, where a derived trait changes, and where they entered or left a segment that
is named. These are looked at, the latest first, until the definition held otherwise just before.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import islice, pairwise
from typing import Literal
from zoneinfo import ZoneInfo

from intarsia.language import Checked, tree
from intarsia.language.facts import Json, Person
from intarsia.language.interpret import Derive, GivenSets, Question, holds, value_of
from intarsia.language.values import date_of, instant_of
from intarsia.language.windows import date_interval, interval
from intarsia.membership.ledger import Timeline, was_in

STEPS_MOST = 2_000
"""How many instants of one person are looked at for one segment."""

FIRST_STRETCH = 86_400_000
"""How far back, in milliseconds, the first look goes at least; each further one goes twice as far as the one before."""

_STANDING_STILL = (tree.Point, tree.BetweenTimes)


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


class Rule:
    """One definition, and what in it moves as time goes on.

    derive  what computes derived traits
    Not for a definition with a rank, which other people's facts decide: `is_ranked` says so.
    """

    def __init__(self, checked: Checked, derive: Derive) -> None:
        self.checked = checked
        self._derive = derive
        self._zone = ZoneInfo(checked.catalog.timezone)

    @cached_property
    def is_ranked(self) -> bool:
        """Whether the definition has a rank in it."""
        return any(isinstance(node, tree.Rank) for node in self.checked.tree.walk())

    def holds(self, person: Person, at: int, known_at: int, segments: Mapping[str, Timeline]) -> bool:
        """Whether it holds for a person; segments: when they were in those that it names."""
        named = {name: frozenset((person.id,) if was_in(said, at) else ()) for name, said in segments.items()}
        sets = GivenSets(segments=named)
        return holds(self.checked, person, Question(at, known_at), sets=sets, derive=self._derive)

    def since(self, person: Person, search: Search, segments: Mapping[str, Timeline]) -> int | None:
        """The first instant from which on the answer has been the same, without a break, by what is known now.

        Not before the floor; None after `STEPS_MOST` instants.
        """
        found = self._instants(person, search, segments)
        for instant in islice(found, STEPS_MOST):
            if self.holds(person, instant - 1, search.known_at, segments) != search.is_in:
                return instant
        return search.floor if next(found, None) is None else None

    # --- where it may change

    def _instants(self, person: Person, search: Search, segments: Mapping[str, Timeline]) -> Iterator[int]:
        """Every instant after the floor at which the answer may change, the latest first."""
        times = _Times(person, self._zone, with_values=self._asks_for_dates)
        upper = search.at
        lower = min(search.previous_at, search.at - FIRST_STRETCH)
        while upper > search.floor:
            lower = max(lower, search.floor)
            yield from sorted(set(self._within(lower, upper, person, times, search, segments)), reverse=True)
            upper, lower = lower, lower - 2 * (upper - lower)

    def _within(
        self, lower: int, upper: int, person: Person, times: _Times, search: Search, segments: Mapping[str, Timeline]
    ) -> Iterator[int]:
        """Those after `lower`, up to and with `upper`, in no order."""
        yield from times.happened[bisect_right(times.happened, lower) : bisect_right(times.happened, upper)]
        for edge in self._edges:
            passed = times.days if edge.of_days else times.instants
            yield from edge.passes(passed, lower, upper)
        for said in segments.values():
            yield from (instant for instant, _ in said if lower < instant <= upper)
        for name in self._derived_names:
            yield from self._derived_changes(name, lower, upper, person, search.known_at)

    @cached_property
    def _edges(self) -> tuple[_Edge, ...]:
        windows = {node for node in self.checked.tree.walk() if isinstance(node, tree.Window)}
        moving = [window for window in windows if not isinstance(window.period, _STANDING_STILL)]
        first_weekday = self.checked.catalog.first_weekday
        return tuple(
            _Edge(window, side, of_days, self._zone, first_weekday)
            for window in moving
            for side in ("begin", "end")
            for of_days in ((False, True) if self._asks_for_dates else (False,))
        )

    @cached_property
    def _asks_for_dates(self) -> bool:
        """Whether a value that may be a date or a time is held against a window, and not only when events happened."""
        tests = [node for node in self.checked.tree.walk() if isinstance(node, tree.Test)]
        return any(isinstance(test.operator, tree.During) and _is_said(test.value) for test in tests)

    @cached_property
    def _derived_names(self) -> tuple[str, ...]:
        traits = self.checked.catalog.traits
        names = {path[0] for path in self.checked.traits if path in traits and traits[path].is_derived}
        return tuple(sorted(names))

    def _derived_changes(self, name: str, lower: int, upper: int, person: Person, known_at: int) -> Iterator[int]:
        """Where a derived trait changes while what it is derived from does not: a birthday.

        It is taken to be one value and then another, never one that comes back: age and generation are so.
        """
        said = Person(person.id, tuple(fact for fact in person.facts if fact.kind == "identify"))
        path, catalog = tree.Path((name,)), self.checked.catalog

        def value(at: int) -> object:
            return value_of(path, said, Question(at, known_at), catalog, derive=self._derive)

        stated = {fact.occurred_at for fact in said.facts if lower < fact.occurred_at <= upper}
        for begin, end in pairwise(sorted({lower, upper + 1, *stated})):
            yield from _steps(value, begin, end - 1)


def _is_said(value: tree.Value) -> bool:
    return isinstance(value, tree.Path) or (isinstance(value, tree.Aggregate) and len(value.event.names) > 1)


def _steps(value: Callable[[int], object], begin: int, end: int) -> Iterator[int]:
    """Each instant after `begin`, up to and with `end`, at which a value is another than just before."""
    todo = [(begin, value(begin), end, value(end))]
    while todo:
        first, before, last, after = todo.pop()
        if before == after:
            continue
        if last - first == 1:
            yield last
            continue
        middle = (first + last) // 2
        between = value(middle)
        todo += [(first, before, middle, between), (middle, between, last, after)]


@dataclass(frozen=True)
class _Edge:
    """The begin or the end of a window, as an instant or as a day's number; it never moves back."""

    window: tree.Window
    side: Literal["begin", "end"]
    of_days: bool
    zone: ZoneInfo
    first_weekday: int

    def place(self, at: int) -> int | None:
        """Where the edge is, seen from an instant; None: nowhere, the window is open there."""
        seen = (self.window, at, self.zone, self.first_weekday)
        found = getattr(date_interval(*seen) if self.of_days else interval(*seen), self.side)
        return found.toordinal() if isinstance(found, date) else found

    def passes(self, times: Sequence[int], lower: int, upper: int) -> Iterator[int]:
        """For each of the times, in order, that the edge goes past in (lower, upper]: the first instant when it has."""
        first, last = self.place(lower), self.place(upper)
        if first is None or last is None:
            return
        index, end = bisect_left(times, first), bisect_left(times, last)
        while index < end:
            instant = lower = self._past(times[index], lower, upper)
            yield instant
            index = bisect_left(times, self.place(instant) or 0, index + 1)

    def _past(self, time: int, before: int, after: int) -> int:
        """The first instant from which the edge is past a time; it is not at `before`, and is at `after`."""
        while after - before > 1:
            middle = (before + after) // 2
            if (self.place(middle) or 0) > time:
                after = middle
            else:
                before = middle
        return after


class _Times:
    """The times in a person's facts, sorted.

    happened  when they happened; instants: these, and with `with_values` those that values name; days: the dates that
              values name, by their numbers
    """

    def __init__(self, person: Person, zone: ZoneInfo, *, with_values: bool) -> None:
        happened = {fact.occurred_at for fact in person.facts}
        instants, days = set(happened), set[int]()
        if with_values:
            for text in _texts([(fact.properties, fact.lines) for fact in person.facts]):
                day, instant = date_of(text), instant_of(text, zone)
                days.update(() if day is None else (day.toordinal(),))
                instants.update(() if instant is None else (instant,))
        self.happened, self.instants, self.days = sorted(happened), sorted(instants), sorted(days)


def _texts(value: Json | Sequence[object]) -> Iterator[str]:
    """Every text in a value, however deep."""
    todo: list[object] = [value]
    while todo:
        part = todo.pop()
        if isinstance(part, str):
            yield part
        elif isinstance(part, Mapping):
            todo += part.values()
        elif isinstance(part, list | tuple):
            todo += part
