"""One pass over the rows of everybody for each feature: plain loops, which numba makes into machine code.

First it is found where each person's rows enter a window and where they leave it; that is one pass for all windows of a
type. From then on a window is two numbers a person, and no pass looks at the time again. Each pass writes one number a
person to `out[low:high]`, so that two threads can share the people between them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from intarsia.engine.columns.machine_code import machine_code
from intarsia.engine.columns.values import UNKNOWN, Array

NO_ROW = -1
"""Stands for the row of whoever has none."""


class Span(NamedTuple):
    """The rows that a pass goes over, those whose code passes.

    begin, end     the rows of person p are begin[p] up to, not including, end[p]
    codes, passes  of each row a code, and of each code whether it passes; None: every row passes
    """

    begin: Array
    end: Array
    codes: Array | None
    passes: Array | None


@machine_code
def edges(first: Array, at: Array, instants: Array, low: int, high: int, out: Array) -> None:
    """Each person's first row that is not before an instant, to `out[number of the instant]`; instants rise."""
    for person in range(low, high):
        row = first[person + 1]
        for number in range(len(instants) - 1, -1, -1):
            while row > first[person] and at[row - 1] >= instants[number]:
                row -= 1
            out[number, person] = row


@machine_code
def _passes(codes: Array | None, passes: Array | None, row: int) -> bool:
    """Whether the code of a row passes."""
    return True if codes is None else passes[codes[row]]  # type: ignore[index]


@machine_code
def count(rows: Span, low: int, high: int, out: Array) -> None:
    """How many rows there are."""
    for person in range(low, high):
        found = 0
        for row in range(rows.begin[person], rows.end[person]):
            found += _passes(rows.codes, rows.passes, row)
        out[person] = found


@machine_code
def newest(rows: Span, low: int, high: int, out: Array) -> None:
    """The last row."""
    for person in range(low, high):
        out[person] = NO_ROW
        for row in range(rows.end[person] - 1, rows.begin[person] - 1, -1):
            if _passes(rows.codes, rows.passes, row):
                out[person] = row
                break


@machine_code
def oldest(rows: Span, low: int, high: int, out: Array) -> None:
    """The first row."""
    for person in range(low, high):
        out[person] = NO_ROW
        for row in range(rows.begin[person], rows.end[person]):
            if _passes(rows.codes, rows.passes, row):
                out[person] = row
                break


class Held(NamedTuple):
    """The numbers that rows hold: `numbers[codes[row]]`, or without codes `numbers[row]`; `UNKNOWN` is none."""

    numbers: Array
    codes: Array | None


@machine_code
def _number(numbers: Array, codes: Array | None, row: int) -> int:
    return numbers[row] if codes is None else numbers[codes[row]]


@machine_code
def total(rows: Span, held: Held, low: int, high: int, out: Array, known: Array) -> None:
    """The sum of the numbers, and to `known` how many there are."""
    for person in range(low, high):
        found = np.int64(0)
        there = 0
        for row in range(rows.begin[person], rows.end[person]):
            if _passes(rows.codes, rows.passes, row):
                number = _number(held.numbers, held.codes, row)
                if number != UNKNOWN:
                    found += number
                    there += 1
        out[person] = found
        known[person] = there


@machine_code
def least(rows: Span, held: Held, low: int, high: int, out: Array) -> None:
    """The smallest number; `UNKNOWN` of none."""
    for person in range(low, high):
        found = UNKNOWN
        for row in range(rows.begin[person], rows.end[person]):
            if _passes(rows.codes, rows.passes, row):
                number = _number(held.numbers, held.codes, row)
                if number != UNKNOWN and (found == UNKNOWN or number < found):
                    found = number
        out[person] = found


@machine_code
def greatest(rows: Span, held: Held, low: int, high: int, out: Array) -> None:
    """The largest number; `UNKNOWN` of none."""
    for person in range(low, high):
        found = UNKNOWN
        for row in range(rows.begin[person], rows.end[person]):
            if _passes(rows.codes, rows.passes, row):
                # What is unknown is smaller than any number.
                found = max(found, _number(held.numbers, held.codes, row))
        out[person] = found


@machine_code
def distinct(rows: Span, classes: Array, codes: Array, class_count: int, low: int, high: int, out: Array) -> None:
    """How many different classes the values are of; class 0 is none. `classes`: of each code."""
    seen_by = np.full(class_count, -1, np.int64)
    for person in range(low, high):
        found = 0
        for row in range(rows.begin[person], rows.end[person]):
            if _passes(rows.codes, rows.passes, row):
                value = classes[codes[row]]
                if value != 0 and seen_by[value] != person:
                    seen_by[value] = person
                    found += 1
        out[person] = found
