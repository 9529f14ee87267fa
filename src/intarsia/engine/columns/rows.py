"""What everybody did of one kind: one row each time, grouped by person, each person's in the order of time and id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from intarsia.engine.columns.values import Array, Values

Names = tuple[str, ...]


@dataclass(frozen=True)
class Lines:
    """The lines of events, one row each, in the order of their events and of the list.

    first    the lines of the event in row r are first[r] up to, not including, first[r + 1]
    columns  by path
    """

    first: Array
    columns: Mapping[Names, Values] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many there are."""
        return int(self.first[-1])

    def taken(self, events: Array) -> Lines:
        """The lines of some events, in their order."""
        first, places = places_of(self.first[events], self.first[events + 1])
        return Lines(first, {path: values.taken(places) for path, values in self.columns.items()})

    def stretch(self, low: int, high: int) -> Lines:
        """The lines of the events from a row up to, not including, another."""
        first = self.first[low : high + 1]
        a, b = int(first[0]), int(first[-1])
        return Lines(first - first[0], {path: values.stretch(a, b) for path, values in self.columns.items()})

    def of_events(self, of_event: Array) -> Array:
        """What each event has, given to each of its lines."""
        return np.repeat(of_event, np.diff(self.first))


@dataclass(frozen=True)
class Rows:
    """Rows of one kind.

    first    the rows of person p are first[p] up to, not including, first[p + 1]; people + 1 of them
    at       when, milliseconds UTC
    columns  by path
    lines    the order lines, where the kind has any
    """

    first: Array
    at: Array
    columns: Mapping[Names, Values] = field(default_factory=dict)
    lines: Lines | None = None

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.at)

    @cached_property
    def earliest(self) -> int:
        """When the first of all happened; of no rows, 0."""
        return int(self.at.min()) if len(self.at) else 0

    def taken(self, people: Array) -> Rows:
        """The rows of some people, in their order."""
        first, places = places_of(self.first[people], self.first[people + 1])
        columns = {path: values.taken(places) for path, values in self.columns.items()}
        return Rows(first, self.at[places], columns, None if self.lines is None else self.lines.taken(places))

    def stretch(self, low: int, high: int) -> Rows:
        """The rows of the people from a number up to, not including, another; nothing but `first` is copied."""
        first = self.first[low : high + 1]
        a, b = int(first[0]), int(first[-1])
        columns = {path: values.stretch(a, b) for path, values in self.columns.items()}
        lines = None if self.lines is None else self.lines.stretch(a, b)
        return Rows(first - first[0], self.at[a:b], columns, lines)

    def by_lines(self) -> Rows:
        """One row a line instead, each as of its event's time."""
        assert self.lines is not None
        return Rows(self.lines.first[self.first], self.lines.of_events(self.at), self.lines.columns)


def places_of(begin: Array, end: Array) -> tuple[Array, Array]:
    """Of some runs of places, where each begins once they lie one behind the other, and all the places."""
    lengths = end - begin
    first = np.zeros(len(begin) + 1, np.int64)
    np.cumsum(lengths, out=first[1:])
    return first, np.repeat(begin - first[:-1], lengths) + np.arange(first[-1])
