"""One pass over the rows of everybody for each feature: plain loops, which numba makes into machine code.

Each pass writes one number a person to `out[low:high]`, so that two threads can share the people between them. A
person's rows are walked from the newest back, and left at the first that lies before the window.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numba import njit

from intarsia.engine.columns.values import UNKNOWN, Array

F = TypeVar("F", bound=Callable[..., Any])

NO_ROW = -1
"""Stands for the row of whoever has none."""


class Chosen(NamedTuple):
    """The rows that a pass goes over: those in `begin <= at < end` whose code passes.

    first          the rows of person p are first[p] up to, not including, first[p + 1]
    at             when, milliseconds UTC
    codes, passes  of each row a code, and of each code whether it passes; None: every row passes
    """

    first: Array
    at: Array
    begin: int
    end: int
    codes: Array | None
    passes: Array | None


def machine_code(function: F) -> F:
    """The function, compiled when it is first called and kept on the disk; it lets other threads run meanwhile."""
    compiled: F = njit(function, nogil=True, cache=True)
    return compiled


@machine_code
def _passes(codes: Array | None, passes: Array | None, row: int) -> bool:
    """Whether the code of a row passes."""
    return True if codes is None else passes[codes[row]]  # type: ignore[index]


@machine_code
def is_chosen(rows: Chosen, row: int) -> bool:
    """Whether a row is chosen, of those that do not lie before the window."""
    return rows.at[row] < rows.end and _passes(rows.codes, rows.passes, row)


@machine_code
def count(rows: Chosen, low: int, high: int, out: Array) -> None:
    """How many rows there are."""
    for person in range(low, high):
        found = 0
        for row in range(rows.first[person + 1] - 1, rows.first[person] - 1, -1):
            if rows.at[row] < rows.begin:
                break
            found += is_chosen(rows, row)
        out[person] = found


@machine_code
def newest(rows: Chosen, low: int, high: int, out: Array) -> None:
    """The last row."""
    for person in range(low, high):
        out[person] = NO_ROW
        for row in range(rows.first[person + 1] - 1, rows.first[person] - 1, -1):
            if rows.at[row] < rows.begin:
                break
            if is_chosen(rows, row):
                out[person] = row
                break


@machine_code
def oldest(rows: Chosen, low: int, high: int, out: Array) -> None:
    """The first row."""
    for person in range(low, high):
        out[person] = NO_ROW
        for row in range(rows.first[person + 1] - 1, rows.first[person] - 1, -1):
            if rows.at[row] < rows.begin:
                break
            if is_chosen(rows, row):
                out[person] = row


class Held(NamedTuple):
    """The numbers that rows hold: `numbers[codes[row]]`, or without codes `numbers[row]`; `UNKNOWN` is none."""

    numbers: Array
    codes: Array | None


@machine_code
def _number(numbers: Array, codes: Array | None, row: int) -> int:
    return numbers[row] if codes is None else numbers[codes[row]]


@machine_code
def total(rows: Chosen, held: Held, low: int, high: int, out: Array, known: Array) -> None:
    """The sum of the numbers, and to `known` how many there are."""
    for person in range(low, high):
        found = np.int64(0)
        there = 0
        for row in range(rows.first[person + 1] - 1, rows.first[person] - 1, -1):
            if rows.at[row] < rows.begin:
                break
            if is_chosen(rows, row):
                number = _number(held.numbers, held.codes, row)
                if number != UNKNOWN:
                    found += number
                    there += 1
        out[person] = found
        known[person] = there


@machine_code
def least(rows: Chosen, held: Held, low: int, high: int, out: Array) -> None:
    """The smallest number; `UNKNOWN` of none."""
    for person in range(low, high):
        found = UNKNOWN
        for row in range(rows.first[person + 1] - 1, rows.first[person] - 1, -1):
            if rows.at[row] < rows.begin:
                break
            if is_chosen(rows, row):
                number = _number(held.numbers, held.codes, row)
                if number != UNKNOWN and (found == UNKNOWN or number < found):
                    found = number
        out[person] = found


@machine_code
def greatest(rows: Chosen, held: Held, low: int, high: int, out: Array) -> None:
    """The largest number; `UNKNOWN` of none."""
    for person in range(low, high):
        found = UNKNOWN
        for row in range(rows.first[person + 1] - 1, rows.first[person] - 1, -1):
            if rows.at[row] < rows.begin:
                break
            if is_chosen(rows, row):
                # What is unknown is smaller than any number.
                found = max(found, _number(held.numbers, held.codes, row))
        out[person] = found


@machine_code
def distinct(rows: Chosen, classes: Array, codes: Array, class_count: int, low: int, high: int, out: Array) -> None:
    """How many different classes the values are of; class 0 is none. `classes`: of each code."""
    seen_by = np.full(class_count, -1, np.int64)
    for person in range(low, high):
        found = 0
        for row in range(rows.first[person + 1] - 1, rows.first[person] - 1, -1):
            if rows.at[row] < rows.begin:
                break
            if is_chosen(rows, row):
                value = classes[codes[row]]
                if value != 0 and seen_by[value] != person:
                    seen_by[value] = person
                    found += 1
        out[person] = found
