"""Rows as they come out of SQL, batch by batch, made into columns and put in order."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa

from intarsia.engine.columns.missing import NotInColumns
from intarsia.engine.columns.rows import Names, Rows
from intarsia.engine.columns.values import LARGEST, UNKNOWN, Array, Coded, Numbered, Values, coded
from intarsia.errors import phrase

LARGEST_INT32 = 2**31 - 1

IdsOf = Callable[[Array], dict[int, str]]
"""The ids of events, by the numbers of their messages."""


class Reading:
    """The rows of one type, under construction.

    paths       what the columns `c0`, `c1`, .. are; numbered: those that are numbers, the others are JSON texts
    with_lines  whether `lines_no` is asked for: of each row, under which number its lines are kept
    What there are millions of is held once, in the smallest type that it fits into.
    """

    def __init__(self, paths: Sequence[Names], numbered: frozenset[Names], *, with_lines: bool = False) -> None:
        self._paths = paths
        self._numbered = numbered
        self._with_lines = with_lines
        self._count = 0
        self._people: list[Array] = []
        self._at: list[Array] = []
        self._event_no: list[Array] = []
        self._lines_no: list[Array] = []
        self._odd_ids: dict[int, str] = {}
        self._columns: dict[Names, _Column] = {path: _Column(path in numbered) for path in paths}
        self._order: Array = np.zeros(0, np.int64)

    def take(self, batch: pa.RecordBatch) -> None:
        """Some more rows; raises `NotInColumns` where an amount has no rate."""
        if batch["unrated"].true_count:
            raise NotInColumns(phrase("amounts without a rate"))
        odd = batch["odd_id"]
        if odd.null_count < len(odd):
            self._odd_ids |= {self._count + row: said for row, said in enumerate(odd.to_pylist()) if said is not None}
        self._count += len(odd)
        self._people.append(_small(_numbers(batch["profile_no"])))
        self._at.append(_numbers(batch["happened"]))
        self._event_no.append(_small(_numbers(batch["event_no"].fill_null(-1))))
        if self._with_lines:
            self._lines_no.append(_numbers(batch["lines_no"].fill_null(-1)))
        for place, path in enumerate(self._paths):
            self._columns[path].take(batch[f"c{place}"])

    def arrange(self, ids_of: IdsOf) -> None:
        """Put the rows in order: by person, time and id. `ids_of` is asked of those alone whose times are equal."""
        self._order = order = _by_person_and_time(_joined(self._people), _joined(self._at))
        for values in (self._people, self._at):
            values[0] = values[0][order]
        people, at = self._people[0], self._at[0]
        same = (people[1:] == people[:-1]) & (at[1:] == at[:-1])
        tied = np.flatnonzero(np.append(same, False) | np.append(False, same)) if len(order) else order
        if len(tied):
            event_no, rows = _joined(self._event_no)[order[tied]], order[tied]
            ids, odd = ids_of(event_no), self._odd_ids
            said = [odd.get(row) or ids[number] for row, number in zip(rows.tolist(), event_no.tolist(), strict=True)]
            place = sorted(range(len(tied)), key=lambda n: (people[tied[n]], at[tied[n]], said[n]))
            order[tied] = rows[place]
        self._event_no.clear()

    @property
    def lines_no(self) -> Array:
        """Of each row, in order."""
        return _joined(self._lines_no)[self._order]

    def rows(self, size: int) -> Rows:
        """The rows, in order, of so many people."""
        order = self._order
        columns = {path: column.values(order) for path, column in self._columns.items()}
        return Rows(first_of(self._people[0], size), self._at[0], columns)


class _Column:
    """One column under construction: the texts that came, each once, and which of them each row has."""

    def __init__(self, is_numbered: bool) -> None:
        self._is_numbered = is_numbered
        self._places: list[Array] = []
        self._place_of: dict[str, int] = {}

    def take(self, values: pa.Array) -> None:
        if self._is_numbered:
            numbers = _numbers(values.fill_null(UNKNOWN))
            if len(numbers) and np.abs(numbers[numbers != UNKNOWN]).max(initial=0) > LARGEST:
                raise NotInColumns(phrase("numbers that are too large or too fine"))
            self._places.append(numbers)
            return
        encoded = values.dictionary_encode()
        texts = encoded.dictionary.to_pylist()
        places = np.array([*(self._place_of.setdefault(text, len(self._place_of)) for text in texts), -1], np.int32)
        self._places.append(places[_numbers(encoded.indices.fill_null(-1))])

    def values(self, order: Array) -> Values:
        if self._is_numbered:
            return Numbered(_joined(self._places)[order])
        return coded(_joined(self._places)[order], list(self._place_of))


def _by_person_and_time(people: Array, at: Array) -> Array:
    """The order of rows; as one key where both fit, for what is nearly in order already is sorted soon."""
    if not len(at):
        return np.zeros(0, np.int64)
    first, span = int(at.min()), int(at.max()) - int(at.min()) + 1
    if int(people.max()) < LARGEST // span:
        keys = people.astype(np.int64)
        keys *= span
        keys += at
        keys -= first
        return _small(np.argsort(keys, kind="stable"))
    return _small(np.lexsort((at, people)))


def coded_texts(said: pa.ChunkedArray, order: Array) -> Coded:
    """A column of JSON texts as values, in order."""
    encoded = said.combine_chunks().dictionary_encode()
    return coded(_numbers(encoded.indices.fill_null(-1))[order], encoded.dictionary.to_pylist())


def first_of(group: Array, count: int) -> Array:
    """Where each group's rows begin, of rows that are sorted by group."""
    first = np.zeros(count + 1, np.int32 if len(group) < LARGEST_INT32 else np.int64)
    np.cumsum(np.bincount(group, minlength=count), out=first[1:])
    return first


def _small(numbers: Array) -> Array:
    """Numbers in half the memory, where they fit."""
    return numbers.astype(np.int32) if numbers.max(initial=0) <= LARGEST_INT32 else numbers


def _numbers(values: pa.Array) -> Array:
    return values.to_numpy(zero_copy_only=False)


def _joined(parts: list[Array]) -> Array:
    """The parts as one; they are kept joined."""
    if len(parts) != 1:
        parts[:] = [np.concatenate(parts) if parts else np.zeros(0, np.int64)]
    return parts[0]
