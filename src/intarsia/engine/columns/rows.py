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

    def by_lines(self) -> Rows:
        """One row a line instead, each as of its event's time."""
        assert self.lines is not None
        return Rows(self.lines.first[self.first], self.lines.of_events(self.at), self.lines.columns)
