"""The times in people's facts, and the edges of windows that go past them as time goes on."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from intarsia.clock import CALENDARS, anniversary, day_holding, end_of_day
from intarsia.language.meaning.facts import Fact, Person
from intarsia.language.meaning.values import instant_of, written_day

MarksIn = Callable[[int, int], Iterable[int]]
"""The marks from the first number up to, not including, the second; instants, or days by their numbers."""


@dataclass(frozen=True)
class Marks:
    """The times in the facts of some people.

    zone  of times without an offset
    """

    people: tuple[Person, ...]
    zone: ZoneInfo

    @property
    def facts(self) -> Iterator[Fact]:
        """All facts, in no order."""
        for person in self.people:
            yield from person.facts

    @cached_property
    def happened(self) -> tuple[int, ...]:
        """When the facts happened, in order."""
        return tuple(sorted({fact.occurred_at for fact in self.facts}))

    @cached_property
    def learned(self) -> tuple[int, ...]:
        """When the facts were recorded, in order."""
        return tuple(sorted({fact.recorded_at for fact in self.facts}))

    @cached_property
    def _texts(self) -> frozenset[str]:
        return frozenset(text for fact in self.facts for text in _texts((fact.properties, fact.lines)))

    @cached_property
    def instants(self) -> tuple[int, ...]:
        """When the facts happened, and the instants that their values name, in order."""
        named = {instant for text in self._texts if (instant := instant_of(text, self.zone)) is not None}
        return tuple(sorted({*self.happened, *named}))

    @cached_property
    def days(self) -> tuple[int, ...]:
        """The numbers of the days that values name, in order."""
        return tuple(sorted({day.toordinal() for day in self._written}))

    @cached_property
    def _written(self) -> frozenset[date]:
        return frozenset(day for text in self._texts if (day := written_day(text)) is not None)

    def celebrated(self, first: int, after: int) -> Iterator[int]:
        """The numbers of the days, and of their anniversaries in every calendar, from `first` up to `after`."""
        for calendar in CALENDARS:
            for day in self._written:
                for years in count(max((first - day.toordinal()) // 366 - 1, 0)):
                    found = anniversary(day, years, calendar)
                    if found is None or found.toordinal() >= after:
                        break
                    if found.toordinal() >= first:
                        yield found.toordinal()


def _texts(value: object) -> Iterator[str]:
    """Every text in a value, however deep."""
    todo: list[Any] = [value]
    while todo:
        part = todo.pop()
        if isinstance(part, str):
            yield part
        elif hasattr(part, "values"):
            todo += part.values()
        elif isinstance(part, list | tuple):
            todo += part


def inside(sorted_marks: Sequence[int]) -> MarksIn:
    """Those of the marks that lie in a range."""
    return lambda first, after: sorted_marks[bisect_left(sorted_marks, first) : bisect_left(sorted_marks, after)]


@dataclass(frozen=True)
class Edge:
    """The begin or the end of a window, which goes past marks as time goes on.

    place  where it is, seen from an instant: an instant, or a day's number; None: nowhere, the window is open there.
           It never moves back.
    marks  what it can go past
    when   about when it goes past a mark; None: nobody knows
    """

    place: Callable[[int], int | None]
    marks: MarksIn
    when: Callable[[int], int] | None = None

    def passes(self, lower: int, upper: int) -> Iterator[int]:
        """Every instant after `lower`, up to and with `upper`, from which on the edge is past one more mark."""
        first, last = self.place(lower), self.place(upper)
        if first is None or last is None:
            return
        reached = lower
        for mark in sorted(set(self.marks(first, last))):
            if self._at(reached) <= mark:
                reached = self._past(mark, reached, upper)
                yield reached

    def _past(self, mark: int, before: int, after: int) -> int:
        """The first instant from which the edge is past a mark; it is not at `before`, and is at `after`."""
        # Most edges go along with time, as far behind or ahead as they are: then one of two guesses is right.
        along = (before + mark - self._at(before) + 1, after + mark - self._at(after) + 1)
        for guess in along if self.when is None else (self.when(mark), *along):
            if before < guess <= after and self._at(guess - 1) <= mark < self._at(guess):
                return guess
        while after - before > 1:
            middle = (before + after) // 2
            if self._at(middle) > mark:
                after = middle
            else:
                before = middle
        return after

    def _at(self, instant: int) -> int:
        place = self.place(instant)
        assert place is not None
        return place


def of_today(days: MarksIn, zone: ZoneInfo) -> Edge:
    """The begin of each of some days."""

    def marks(first: int, after: int) -> Iterable[int]:
        return (day - 1 for day in days(first + 1, after + 1))

    def begin_after(day: int) -> int:
        return end_of_day(date.fromordinal(day), zone)

    return Edge(lambda at: day_holding(at, zone).toordinal(), marks, begin_after)
