"""When may an answer about a person become another one? Every such instant, and some at which none does.

Whether a definition holds for a person changes only where a fact of theirs happens or is learned, where a fact or a
date enters or leaves a window, on days that are celebrated, where a gap or a grant ends, and where what other
definitions say changes. Whoever wants to know since when something has been so looks at these instants and at no
others: one that is left out would be a wrong answer, one too many costs time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Literal
from zoneinfo import ZoneInfo

from intarsia.clock import CalendarName, shift
from intarsia.language import tree
from intarsia.language.catalog import Catalog, Kind
from intarsia.language.interpret.known import Known
from intarsia.language.interpret.marks import Edge, Marks, MarksIn, inside, of_today
from intarsia.language.interpret.question import Derive, Question
from intarsia.language.meaning.consents import RANKS
from intarsia.language.meaning.facts import Person
from intarsia.language.meaning.periods import stretches
from intarsia.language.meaning.windows import DateInterval, Interval, WindowBefore, date_interval, interval

Side = Literal["begin", "end"]
SIDES: tuple[Side, Side] = ("begin", "end")

_STANDING_STILL = (tree.Point, tree.BetweenTimes)

MovesIn = Callable[[tree.Moved, int, int], Iterable[int]]
"""The instants from the first up to, not including, the second at which people may have entered or left a segment."""


@dataclass(frozen=True)
class Moments:
    """The instants at which answers about some people may change as `at` moves.

    people  one person, or several whose instants are wanted together; of people who are one for some time and two for
            some, each of them and the one
    moves   the marks of windows of `entered segment` and `left segment`
    known_at  what is recorded later is left out; None: nothing is
    Where other people decide too, as in a rank, theirs are not among them, nor are those of segments that are named.
    """

    catalog: Catalog
    people: tuple[Person, ...]
    moves: MovesIn
    derive: Derive | None = None
    known_at: int | None = None

    @cached_property
    def zone(self) -> ZoneInfo:
        """The workspace's zone."""
        return ZoneInfo(self.catalog.timezone)

    @cached_property
    def marks(self) -> Marks:
        """The times in the people's facts."""
        return Marks(self.people, self.zone)

    def of(self, condition: tree.Condition, lower: int, upper: int) -> set[int]:
        """Those after `lower`, up to and with `upper`, of a condition, by one state of what is known."""
        return {*inside(self.marks.happened)(lower + 1, upper + 1), *self.by_time(condition, lower, upper)}

    def by_time(self, condition: tree.Condition, lower: int, upper: int) -> set[int]:
        """Those of them at which no fact happens, and only time goes on."""
        found: set[int] = set()
        for node in condition.walk():
            for edge in self._edges(node):
                found.update(edge.passes(lower, upper))
            if isinstance(node, tree.Step) and node.within is not None:
                found.update(self._deadlines(node.within, lower, upper))
        return found

    # --- edges

    def _edges(self, node: tree.Node) -> Iterator[Edge]:
        match node:
            case tree.Window():
                yield from self._of_window(node)
            case tree.Test(value=tree.Anniversary(), operator=tree.During(window=window)):
                yield from self._days(window, self.marks.celebrated)
            case tree.Test(held=tree.Held(length=length)):
                plain = replace(node, held=None)
                # It has held once the start is past the last instant at which it did not.
                yield self._begin(length, lambda first, after: (one - 1 for one in self.of(plain, first, after)))
            case tree.Path(names=names) if self._changes_by_time(names):
                yield of_today(self.marks.celebrated, self.zone)
            case tree.Number(currency=currency) if currency is not None:
                quoted = {quote.day.toordinal() for quote in self.catalog.rates.quotes(currency)}
                days = sorted({day for first in quoted for day in (first, first + 1)})
                yield of_today(inside(days), self.zone)
            case tree.Active():
                for stretch in stretches(node):
                    yield from self._instants(stretch, inside(self.marks.happened))
            case tree.Lapsed(length=length) | tree.FirstTime(length=length) | tree.Returned(length=length):
                yield self._begin(length, inside(self.marks.happened))
            case tree.Moved(window=window) if window is not None:
                yield from self._instants(window, lambda first, after: self.moves(node, first, after))
            case tree.Trend(window=window):
                before = WindowBefore(window.period, window.local, window.calendar)
                yield from self._instants(before, inside(self.marks.happened))
            case tree.Consent():
                yield from self._of_consent()

    def _of_window(self, window: tree.Window) -> Iterator[Edge]:
        """Where facts, and what their values name, enter and leave it."""
        yield from self._instants(window, inside(self.marks.instants))
        yield from self._days(window, inside(self.marks.days))

    def _instants(self, window: tree.Window, marks: MarksIn) -> Iterator[Edge]:
        if not isinstance(window.period, _STANDING_STILL):
            for zone in self._zones(window):
                yield from (Edge(self._place(interval, window, side, zone), marks) for side in SIDES)

    def _days(self, window: tree.Window, marks: MarksIn) -> Iterator[Edge]:
        if not isinstance(window.period, _STANDING_STILL):
            for zone in self._zones(window):
                yield from (Edge(self._place(date_interval, window, side, zone), marks) for side in SIDES)

    def _place(
        self,
        span: Callable[[tree.Window, int, ZoneInfo, int, CalendarName], Interval | DateInterval],
        window: tree.Window,
        side: Side,
        zone: ZoneInfo,
    ) -> Callable[[int], int | None]:
        first_weekday, calendar = self.catalog.first_weekday, self.catalog.calendar

        def place(at: int) -> int | None:
            found = getattr(span(window, at, zone, first_weekday, calendar), side)
            return found.toordinal() if isinstance(found, date) else found

        return place

    def _begin(self, length: tree.Length, marks: MarksIn) -> Edge:
        """The start of the last so many units."""
        return Edge(lambda at: self._shifted(at, length, -1), marks)

    def _shifted(self, at: int, length: tree.Length, times: int) -> int:
        return shift(at, times * length.count, length.unit, self.zone, self.catalog.calendar)

    def _deadlines(self, within: tree.Length, lower: int, upper: int) -> Iterator[int]:
        """When the gap after each fact has passed."""
        for happened in self.marks.happened:
            deadline = self._shifted(happened, within, 1)
            yield from (instant for instant in (deadline, deadline + 1) if lower < instant <= upper)

    def _of_consent(self) -> Iterator[Edge]:
        """When grants end: an instant ends one, a day after it is over."""
        said = tuple(fact for fact in self.marks.facts if fact.name in RANKS)
        marks = Marks((Person("", said),), self.zone)
        instants, days = inside(marks.instants), inside(marks.days)
        yield Edge(lambda at: at, lambda first, after: (one - 1 for one in instants(first + 1, after + 1)))
        yield of_today(lambda first, after: (one + 1 for one in days(first - 1, after - 1)), self.zone)

    # --- whose zone

    def _zones(self, window: tree.Window) -> tuple[ZoneInfo, ...]:
        return self._local_zones if window.local else (self.zone,)

    @cached_property
    def _local_zones(self) -> tuple[ZoneInfo, ...]:
        """Every zone that one of the people has had, for as long as what was said of them was so."""
        return tuple({zone.key: zone for person in self.people for zone in self._zones_of(person)}.values())

    def _zones_of(self, person: Person) -> Iterator[ZoneInfo]:
        yield self.zone
        said = Person(person.id, tuple(fact for fact in person.facts if fact.kind == "identify"))
        for at in sorted({instant for fact in said.facts for instant in (fact.occurred_at, fact.recorded_at)}):
            for known_at in {self.known_at, at}:
                yield Known(said, Question(at, known_at), self.catalog, self.derive).local_zone

    def _changes_by_time(self, names: tuple[str, ...]) -> bool:
        trait = self.catalog.trait(names) or self.catalog.trait(names[:1])
        return trait is not None and trait.changes_by_time


def learned_of(condition: tree.Condition, catalog: Catalog, lower: int, upper: int) -> Iterator[int]:
    """When something was learned that is no fact of anybody, after `lower`, up to and with `upper`: areas, rates."""
    for node in condition.walk():
        if isinstance(node, tree.InsideArea):
            recorded = (version.recorded_at for version in catalog.areas[node.name].versions)
            yield from (instant for instant in recorded if lower < instant <= upper)
    if asks_for_money(condition, catalog):
        yield from catalog.rates.recorded_within(lower, upper)


def asks_for_money(condition: tree.Condition, catalog: Catalog) -> bool:
    """Whether an amount may have to be converted: a property of that kind is named, or a literal with a currency."""
    properties = (
        known for event in catalog.events.values() for known in (*event.properties.values(), *event.lines.values())
    )
    names = {known.path[-1] for known in properties if known.kind is Kind.MONEY}
    for node in condition.walk():
        if isinstance(node, tree.Number) and node.currency is not None:
            return True
        if isinstance(node, tree.Path | tree.Event) and node.names[-1] in names:
            return True
    return False
