"""Passes over what several events are in time: what follows what, what comes before, in how many periods."""

from __future__ import annotations

from typing import NamedTuple

from intarsia.engine.columns.values import Array
from intarsia.engine.kernel.passes import machine_code

NEVER = 2**62
"""Stands for an instant that does not come."""


class Chosen(NamedTuple):
    """The rows that a pattern is looked for in: those in `begin <= at < end` that count.

    first   the rows of person p are first[p] up to, not including, first[p + 1]
    at      when, milliseconds UTC
    counts  of each row, whether it counts; None: all do
    """

    first: Array
    at: Array
    begin: int
    end: int
    counts: Array | None


@machine_code
def _counts(counts: Array | None, row: int) -> bool:
    return True if counts is None else counts[row]


@machine_code
def is_chosen(rows: Chosen, row: int) -> bool:
    """Whether a row lies in the window, and counts."""
    return rows.begin <= rows.at[row] < rows.end and _counts(rows.counts, row)


@machine_code
def next_after(rows: Chosen, other: Chosen, low: int, high: int, out: Array) -> None:
    """Of each row, chosen or not, when the first chosen row of another kind comes strictly after it, or `NEVER`."""
    for person in range(low, high):
        theirs = other.first[person + 1] - 1
        nearest = NEVER
        for row in range(rows.first[person + 1] - 1, rows.first[person] - 1, -1):
            while theirs >= other.first[person] and other.at[theirs] > rows.at[row]:
                if is_chosen(other, theirs):
                    nearest = other.at[theirs]
                theirs -= 1
            out[row] = nearest


@machine_code
def follow(rows: Chosen, is_end: Array, until: Array, then: Chosen, low: int, high: int, out: Array) -> None:
    """Which chosen rows follow a row that is an end: they come after it, and not after the `until` of its row."""
    for person in range(low, high):
        row = rows.first[person]
        open_until = -NEVER
        for theirs in range(then.first[person], then.first[person + 1]):
            while row < rows.first[person + 1] and rows.at[row] < then.at[theirs]:
                if is_end[row]:
                    open_until = max(open_until, until[row])
                row += 1
            out[theirs] = is_chosen(then, theirs) and then.at[theirs] <= open_until


@machine_code
def any_row(first: Array, is_so: Array, low: int, high: int, out: Array) -> None:
    """Who has a row that is so."""
    for person in range(low, high):
        out[person] = False
        for row in range(first[person], first[person + 1]):
            if is_so[row]:
                out[person] = True
                break


@machine_code
def hits(rows: Chosen, begins: Array, ends: Array, times: int, low: int, high: int, out: Array) -> None:
    """In how many periods there are so many rows or more; the periods lie one behind the other, the newest first."""
    for person in range(low, high):
        period = 0
        found = 0
        out[person] = 0
        for row in range(rows.first[person + 1] - 1, rows.first[person] - 1, -1):
            while period < len(begins) and rows.at[row] < begins[period]:
                out[person] += found >= times
                found = 0
                period += 1
            if period == len(begins):
                break
            if rows.at[row] < ends[period] and is_chosen(rows, row):
                found += 1
        if period < len(begins):
            out[person] += found >= times


@machine_code
def came_back(rows: Chosen, before: Array, low: int, high: int, out: Array) -> None:
    """Who has a row in the window whose nearest one strictly before it, in the window or not, came by its `before`."""
    for person in range(low, high):
        out[person] = False
        # `later` is the row under trial; its nearest strictly earlier one is looked for behind it.
        later = rows.first[person + 1] - 1
        while later >= rows.first[person] and rows.at[later] >= rows.begin and not out[person]:
            if is_chosen(rows, later):
                earlier = later - 1
                while earlier >= rows.first[person] and (
                    rows.at[earlier] == rows.at[later] or not _counts(rows.counts, earlier)
                ):
                    earlier -= 1
                if earlier >= rows.first[person] and rows.at[earlier] <= before[later]:
                    out[person] = True
            later -= 1
