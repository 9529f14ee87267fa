"""When each person's answer may be another though nothing new is known: the next instant, and never too late."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeVar

import numpy as np

from intarsia.clock import MILLISECONDS, begin_of_day, day_holding, end_of_day
from intarsia.engine.columns.columns import Columns, ConsentState
from intarsia.engine.columns.missing import NotInColumns
from intarsia.engine.columns.values import Array, Numbered, Values
from intarsia.engine.kernel.features import Features, Selection
from intarsia.engine.kernel.lookups import moves_with_time
from intarsia.engine.kernel.numbers import ENDS
from intarsia.engine.kernel.passes import NO_ROW
from intarsia.engine.kernel.passing import Edge, first_past
from intarsia.engine.kernel.pattern_passes import NEVER, next_moved
from intarsia.engine.kernel.patterns import last, way
from intarsia.errors import phrase
from intarsia.language import tree
from intarsia.language.meaning.periods import stretches
from intarsia.language.meaning.trends import aggregates_of
from intarsia.language.meaning.values import date_of, instant_of
from intarsia.language.meaning.windows import WindowBefore
from intarsia.language.writing.show import show

N = TypeVar("N", bound=tree.Node)
T = TypeVar("T")


class Changes:
    """The next changes of people as of a question.

    names_are_given  who is in the segments that a condition names is told from outside, and so is when that changes
    """

    def __init__(self, features: Features, columns: Columns, *, names_are_given: bool = False) -> None:
        self._names_are_given = names_are_given
        self._features = features
        self._columns = columns
        self._when = features.when

    def of(self, node: tree.Condition) -> Array:
        """The next instant of each person, milliseconds UTC, or `NEVER`; raises `NotInColumns`."""
        found = np.full(self._features.size, NEVER, np.int64)
        self.lower(found, node, set())
        return found

    def lower(self, next_change: Array, node: tree.Condition, done: set[int]) -> None:
        """Let no entry lie behind the next instant of that person; `done`: the conditions that it is lowered by."""
        match node:
            case tree.And(parts=parts) | tree.Or(parts=parts):
                for part in parts:
                    self.lower(next_change, part, done)
            case tree.Not(part=part):
                self.lower(next_change, part, done)
            case _ if (key := self._features.keys.of(node)) not in done:
                for instants in self._parts(node):
                    np.minimum(next_change, instants, out=next_change)
                done.add(key)

    def _parts(self, node: tree.Condition) -> Iterator[Array]:
        match node:
            case tree.Test(held=held) if held is not None:
                raise NotInColumns(phrase("how long a trait has been so"))
            case tree.Test(value=tree.Path() as path, operator=operator):
                yield from self._of_trait(path, operator)
            case tree.Test(value=tree.Anniversary()):
                if any(window.local or not _goes_by_days(window) for window in _windows(node)):
                    raise NotInColumns(phrase("an anniversary within hours, or in local time"))
                yield self._tomorrow()
            case tree.Test(value=value, operator=operator):
                if self._once("amounts", operator, _has_amounts):
                    # An amount in another currency is as much as the rate of the day makes it.
                    yield self._tomorrow()
                for aggregate in self._once("aggregates", value, _aggregates):
                    yield from self._of_aggregate(aggregate, operator)
            case tree.Did(event=event, where=where, window=window) | tree.Had(event=event, where=where, window=window):
                yield from self._edges(self._selected(event, where, window))
                if isinstance(node, tree.Had):
                    self._be_lasting(node.condition)
            case tree.Rank(by=by, among=among):
                for aggregate in aggregates_of(by):
                    yield from self._edges(self._selected_by(aggregate))
                if among is not None:
                    yield self.of(among)
            case tree.Consent():
                yield self._of_consent(node)
            case tree.Everyone() | tree.Nobody() | tree.Near() | tree.InsideArea():
                return
            case tree.InSegment(at=None) if self._names_are_given:
                return
            case _:
                yield from self._of_pattern(node)

    def _once(self, what: str, node: N, make: Callable[[N], T]) -> T:
        """What follows from a tree alone, worked out for the first question that asks it."""
        keys = self._features.keys
        return keys.once((what, keys.of(node)), lambda: make(node))

    def _tomorrow(self) -> Array:
        """The begin of the next day: what goes by days changes for everybody then."""
        today = day_holding(self._when.at, self._when.zone)
        return np.full(self._features.size, end_of_day(today, self._when.zone), np.int64)

    def _of_trait(self, path: tree.Path, operator: tree.Operator) -> Iterator[Array]:
        trait = self._columns.catalog.trait(path.names)
        if trait is not None and trait.changes_by_time:
            yield self._tomorrow()
        if not self._once("moves", operator, moves_with_time):
            return
        yield self._tomorrow()
        if path.names != ("profile",):
            values = self._features.once(("trait", path.names), lambda: self._columns.trait(path.names))
            yield from self._of_times(values, operator)
        elif any(_moving(window) is not None for window in _windows(operator)):
            raise NotInColumns(phrase("a trait that is a time, next to one that moves"))

    def _of_times(self, values: Values, operator: tree.Operator) -> Iterator[Array]:
        """When windows go past traits that are times, or time reaches one; past days they go at the begin of days."""
        windows = [window for window in _windows(operator) if _moving(window) is not None]
        if isinstance(values, Numbered) or not windows:
            return
        known, now = values.dictionary.values, self._when.at
        times = [instant_of(value, self._when.zone) for value in known]
        if not any(times) and all(map(_goes_by_days, windows)):
            return
        is_plain = all(_moving(window) and not isinstance(window, WindowBefore) for window in windows)
        if not is_plain or any(date_of(value) for value in known):
            raise NotInColumns(phrase("a trait that is a time, next to one that moves"))
        at = np.array([NEVER if time is None else time for time in times], np.int64)
        # At its own instant, and a millisecond later, a time is reached.
        yield np.where(at > now, at, np.where(at == now, now + 1, NEVER))[values.codes]
        for window in windows:
            yield from (past[values.codes] for past in self._crossed(window, at))

    # --- events

    def _selected(
        self, event: tree.Event, where: tree.Condition | None, window: tree.Window | None = None
    ) -> Selection:
        self._be_lasting(where)
        return self._features.of(event, where, window)

    def _selected_by(self, aggregate: tree.Aggregate) -> Selection:
        self._be_lasting(aggregate.where)
        goal = self._features.goal(aggregate.event, aggregate.fold)
        return Selection(goal, aggregate.where, aggregate.window)

    def _be_lasting(self, where: tree.Condition | None) -> None:
        """Raise `NotInColumns` where a filter itself depends on the instant."""
        if where is not None and self._once("lasting", where, _moves):
            raise NotInColumns(phrase("a filter that moves with time"))

    def _of_aggregate(self, aggregate: tree.Aggregate, operator: tree.Operator) -> Iterator[Array]:
        selection = self._selected_by(aggregate)
        yield from self._edges(selection)
        if aggregate.fold not in ENDS or not self._once("moves", operator, moves_with_time):
            return
        if selection.goal.property is not None:
            raise NotInColumns(phrase("a property that is a time, next to one that moves"))
        row = self._features.end(aggregate.fold, selection)
        for window in _windows(operator):
            yield from self._crossed(window, self._of_row(selection, row))

    def _of_row(self, selection: Selection, row: Array) -> Array:
        """When each person's row happened; `NEVER`: there is none."""
        return np.where(row != NO_ROW, self._features.taken(self._features.rows(selection).at, row), NEVER)

    def _edges(self, selection: Selection) -> Iterator[Array]:
        """When the next row enters or leaves the window: of the rows inside an edge, that is the oldest."""
        window = selection.window
        if window is None:
            return
        if window.local:
            raise NotInColumns(phrase("a window in local time"))
        lengths = _moving(window)
        if lengths is None:
            yield self._tomorrow()
            return
        for length in lengths:
            yield self._leaving(selection, length, window)
        if _is_ahead(window):
            yield self._at_once(self._of_row(selection, self._features.end("last", selection)))

    def _leaving(self, selection: Selection, length: tree.Length, window: tree.Window) -> Array:
        """When the oldest row of the window `last ..` leaves it."""
        keys = self._features.keys
        asked = ("last", keys.of(length), window.calendar)
        within = keys.once(asked, lambda: replace(last(length), calendar=window.calendar))
        inside = Selection(selection.goal, selection.where, within)

        def make() -> Array:
            return self._past(self._of_row(inside, self._features.end("first", inside)), length, window)

        return self._features.once(("leaving", self._features.key(inside)), make)

    def _crossed(self, window: tree.Window, at: Array) -> Iterator[Array]:
        """When the edges of a window go past an instant of each person."""
        lengths = _moving(window)
        if lengths is None:
            yield self._tomorrow()
            return
        for length in lengths:
            past = self._past(at, length, window)
            # An edge that lies behind the instant already does not go past it again.
            yield np.where(past == self._when.at + 1, NEVER, past)
        if _is_ahead(window):
            yield self._at_once(at)

    def _at_once(self, at: Array) -> Array:
        """When what has happened leaves a window that lies ahead: only what does so this very instant is inside."""
        return np.where(at == self._when.at, self._when.at + 1, NEVER)

    def _past(self, at: Array, length: tree.Length, window: tree.Window) -> Array:
        found = np.full(len(at), NEVER, np.int64)
        there = np.flatnonzero(at < NEVER)
        zone, calendar = self._when.zone, window.calendar or self._when.calendar
        found[there] = first_past(at[there], Edge(length, zone, calendar), self._when.at)
        return found

    # --- patterns

    def _of_pattern(self, node: tree.Condition) -> Iterator[Array]:
        match node:
            case tree.Lapsed(event=event, where=where, length=length):
                yield from self._end_leaves("last", self._selected(event, where), length)
            case tree.FirstTime(event=event, where=where, length=length):
                yield from self._end_leaves("first", self._selected(event, where), length)
            case tree.Returned(event=event, where=where, length=length):
                yield from self._edges(self._selected(event, where, last(length)))
            case tree.Active(event=event, where=where):
                for window in stretches(node):
                    yield from self._edges(self._selected(event, where, window))
            case tree.Sequence(steps=steps, window=window):
                yield from self._edges(self._selected(steps[0].event, steps[0].where, window))
                for step in steps:
                    self._be_lasting(step.where)
                if steps[-1].is_absent and (gap := steps[-1].within) is not None:
                    yield self._spans_end(self._selected(steps[-2].event, steps[-2].where), gap)
            case _:
                raise NotInColumns(phrase("when `{condition}` becomes another answer", condition=show(node)))

    def _spans_end(self, selection: Selection, gap: tree.Length) -> Array:
        """When the next span of an absence has passed."""
        rows = self._features.chosen(selection)
        step, now = way(gap, rows, self._features), self._when.at
        out = np.zeros(self._features.size, np.int64)
        self._features.shared(lambda low, high: next_moved(rows, step, now, low, high, out))
        return out

    def _end_leaves(self, which: str, selection: Selection, length: tree.Length) -> Iterator[Array]:
        row = self._features.end(which, selection)
        yield from self._crossed(last(length), self._of_row(selection, row))

    # --- consent

    def _of_consent(self, node: tree.Consent) -> Array:
        places, states = self._columns.consents(node.channel, node.purpose)
        ends = np.array([self._ends(state) for state in states], np.int64)
        return ends[places]

    def _ends(self, state: ConsentState) -> int:
        """When a grant that is in force ends; an instant ends it itself, a day when it is over."""
        ends = [state.ends_at] if state.ends_at is not None else []
        if state.last_day is not None:
            ends.append(begin_of_day(state.last_day, self._when.zone))
            ends.append(end_of_day(state.last_day, self._when.zone))
        return min((end for end in ends if end > self._when.at), default=NEVER)


def _aggregates(value: tree.Value) -> tuple[tree.Aggregate, ...]:
    return tuple(aggregates_of(value))


def _has_amounts(operator: tree.Operator) -> bool:
    """Whether an amount in a currency is asked for."""
    return any(isinstance(one, tree.Number) and one.currency is not None for one in operator.walk())


def _moves(where: tree.Condition) -> bool:
    """Whether a filter itself depends on the instant."""
    return any(moves_with_time(node.operator) for node in where.walk() if isinstance(node, tree.Test))


def _windows(node: tree.Node) -> list[tree.Window]:
    return [one for one in node.walk() if isinstance(one, tree.Window)]


def _goes_by_days(window: tree.Window) -> bool:
    """Whether a window moves on at the begin of days only, for dates."""
    match window.period:
        case tree.Rolling(length=length) | tree.MoreThanAgo(length=length):
            return length.unit not in MILLISECONDS
        case tree.BetweenAgo(unit=unit):
            return unit not in MILLISECONDS
        case _:
            return True


def _is_ahead(window: tree.Window) -> bool:
    """Whether a window begins now, and goes along with time."""
    return isinstance(window.period, tree.Rolling) and window.period.direction == "next"


def _moving(window: tree.Window) -> tuple[tree.Length, ...] | None:
    """How far back the edges of a window lie that go along with time; None: they jump at the begin of days."""
    doubled = isinstance(window, WindowBefore)
    match window.period:
        case tree.Rolling(direction="last", length=length):
            return (tree.Length(2 * length.count, length.unit), length) if doubled else (length,)
        case tree.MoreThanAgo(length=length):
            return (length,)
        case tree.BetweenAgo(near=near, far=far, unit=unit):
            if doubled:
                return tree.Length(2 * far - near, unit), tree.Length(far, unit)
            return tree.Length(far, unit), tree.Length(near, unit)
        case tree.Calendar() | tree.NamedDay():
            return None
        case _:
            return ()
