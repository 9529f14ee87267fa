"""Rows of one type that grow: those of one state, and behind them the rows of people who have changed since."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from intarsia.engine.columns.growing import Growing, GrowingColumn, Run
from intarsia.engine.columns.rows import Lines, Rows, places_of
from intarsia.engine.columns.values import Array

FEWEST_BEHIND = 1 << 14
"""So many rows may lie behind, whosever they are."""


class GrowingRows:
    """Rows by person, who go by their numbers; each person's rows lie in one run, wherever that is."""

    def __init__(self, rows: Rows) -> None:
        self._base = rows
        self._begin: Array = rows.first[:-1].astype(np.int64)
        self._end: Array = rows.first[1:].astype(np.int64)
        self._has_changed = np.zeros(len(self._begin), np.bool_)
        self._at = Growing(rows.at)
        self._columns = {path: GrowingColumn(values) for path, values in rows.columns.items()}
        self._lines = None if rows.lines is None else _GrowingLines(rows.lines)
        self._compact_at = FEWEST_BEHIND

    @property
    def has_lines(self) -> bool:
        """Whether the lines of orders are there."""
        return self._lines is not None

    def people(self, size: int) -> None:
        """Let there be so many people; those who are new have no rows."""
        more = np.zeros(size - len(self._begin), np.int64)
        self._begin, self._end = np.append(self._begin, more), np.append(self._end, more)
        self._has_changed = np.append(self._has_changed, more > 0)

    # --- writing

    def put(self, people: Array, rows: Rows) -> None:
        """Give some people these rows instead of theirs; `rows`: by their places in `people`."""
        before = self._append(rows)
        self._begin[people], self._end[people] = before + rows.first[:-1], before + rows.first[1:]
        self._has_changed[people] = True
        if len(self._at) - self._base.count > self._compact_at:
            self._compact()

    def _compact(self) -> None:
        """Leave nothing behind but what is somebody's; done whenever twice as much lies there as the time before."""
        people = np.flatnonzero(self._has_changed)
        rows, base = self.taken(people), self._base
        self._at = Growing(base.at)
        self._columns = {path: GrowingColumn(values) for path, values in base.columns.items()}
        self._lines = None if base.lines is None else _GrowingLines(base.lines)
        before = self._append(rows)
        self._begin[people], self._end[people] = before + rows.first[:-1], before + rows.first[1:]
        self._compact_at = max(2 * rows.count, FEWEST_BEHIND)

    def add(self, people: Array, rows: Rows) -> Array:
        """Give some people these rows beside theirs; those of them who have two rows of one instant by that.

        Theirs are in no certain order then, until they are put anew.
        """
        before = self._append(rows)
        first, old = places_of(self._begin[people], self._end[people])
        counts = np.diff(first), np.diff(rows.first)
        owner = np.concatenate([np.repeat(np.arange(len(people)), count) for count in counts])
        places = np.concatenate([old, before + np.arange(rows.count)])
        at = np.concatenate([self._at.taken(old), rows.at])
        order = np.lexsort((at, owner))
        self.put(people, self._taken(np.append(0, np.cumsum(counts[0] + counts[1])), places[order]))
        is_same = (np.diff(at[order]) == 0) & (np.diff(owner[order]) == 0)
        is_new = order >= len(old)
        found: Array = people[np.unique(owner[order[1:][is_same & (is_new[1:] | is_new[:-1])]])]
        return found

    def _append(self, rows: Rows) -> int:
        """Put rows behind; where they begin."""
        before = len(self._at)
        self._at.append(rows.at)
        for path, column in self._columns.items():
            column.append(rows.columns[path])
        if self._lines is not None and rows.lines is not None:
            self._lines.append(rows.lines)
        return before

    # --- reading

    def taken(self, people: Array) -> Rows:
        """The rows of some people, in their order."""
        return self._taken(*places_of(self._begin[people], self._end[people]))

    def _taken(self, first: Array, places: Array) -> Rows:
        columns = {path: column.taken(places) for path, column in self._columns.items()}
        return Rows(first, self._at.taken(places), columns, None if self._lines is None else self._lines.taken(places))

    def joined(self) -> Rows:
        """The rows of everybody, one person's behind another's."""
        if not self._has_changed.any() and len(self._begin) == len(self._base.first) - 1:
            return self._base
        return self.stretch(0, len(self._begin))

    def stretch(self, low: int, high: int) -> Rows:
        """The rows of the people from a number up to, not including, another, one person's behind another's."""
        known = len(self._base.first) - 1
        if high <= known and not self._has_changed[low:high].any():
            return self._base.stretch(low, high)
        runs = list(self._runs(low, high))
        lengths = self._end[low:high] - self._begin[low:high]
        first = np.append(0, np.cumsum(lengths)).astype(self._base.first.dtype)
        columns = {path: column.joined(runs) for path, column in self._columns.items()}
        return Rows(first, self._at.joined(runs), columns, None if self._lines is None else self._lines.joined(runs))

    def _runs(self, low: int, high: int) -> Iterator[Run]:
        """Where the rows of people lie, of those who have not changed together with their neighbours'."""
        known, last = len(self._base.first) - 1, low
        for person in (low + np.flatnonzero(self._has_changed[low:high])).tolist():
            if last < min(person, known):
                yield int(self._base.first[last]), int(self._base.first[min(person, known)])
            yield int(self._begin[person]), int(self._end[person])
            last = person + 1
        if last < min(high, known):
            yield int(self._base.first[last]), int(self._base.first[min(high, known)])


class _GrowingLines:
    """The lines of rows that grow: where those of each row lie, and their columns."""

    def __init__(self, lines: Lines) -> None:
        self._begin = Growing(lines.first[:-1])
        self._end = Growing(lines.first[1:])
        self._count = lines.count
        self._columns = {path: GrowingColumn(values) for path, values in lines.columns.items()}

    def append(self, lines: Lines) -> None:
        first = lines.first.astype(np.int64) + self._count
        self._begin.append(first[:-1])
        self._end.append(first[1:])
        self._count += lines.count
        for path, column in self._columns.items():
            column.append(lines.columns[path])

    def taken(self, rows: Array) -> Lines:
        first, places = places_of(self._begin.taken(rows), self._end.taken(rows))
        return Lines(first, {path: column.taken(places) for path, column in self._columns.items()})

    def joined(self, runs: list[Run]) -> Lines:
        first, places = places_of(self._begin.joined(runs), self._end.joined(runs))
        return Lines(first, {path: column.taken(places) for path, column in self._columns.items()})
