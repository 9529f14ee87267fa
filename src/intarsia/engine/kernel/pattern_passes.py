"""Passes over what several events are in time: what follows what, what comes before, in how many periods."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from intarsia.engine.columns.machine_code import machine_code
from intarsia.engine.columns.values import Array

NEVER = 2**62
"""Stands for an instant that does not come."""


class Chosen(NamedTuple):
    """The rows that a pattern is looked for in: those in `begin <= at < end` that count.

    first     the rows of person p are first[p] up to, not including, first[p + 1]
    at        when, milliseconds UTC; earliest: the least of all
    counts    of each row, whether it counts; None: all do
    """

    first: Array
    at: Array
    earliest: int
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


class Way(NamedTuple):
    """A step through the calendar as linear pieces: from begin[n] on, t goes to out[n] + slope[n] * (t - begin[n])."""

    begin: Array
    out: Array
    slope: Array


@machine_code
def moved(way: Way, instant: int) -> int:
    """Where an instant goes."""
    piece = np.searchsorted(way.begin, instant, side="right") - 1
    return way.out[piece] + way.slope[piece] * (instant - way.begin[piece])


@machine_code
def _first_since(rows: Chosen, person: int, instant: int) -> int:
    """A person's first row that is not before an instant."""
    row = rows.first[person + 1]
    while row > rows.first[person] and rows.at[row - 1] >= instant:
        row -= 1
    return row


@machine_code
def _ends(rows: Chosen, is_end: Array | None, row: int) -> bool:
    """Whether a choice of events for the steps so far can end in a row; without `is_end`, whether the row is chosen."""
    return is_chosen(rows, row) if is_end is None else is_end[row]


@machine_code
def _broken_at(absent: Chosen, way: Way | None, person: int, place: int, instant: int) -> tuple[int, int]:
    """When what must not happen first does so in the span after an instant, or `NEVER`; and where it was looked for.

    place  nothing of the kind before it comes after the instant
    """
    while place < absent.first[person + 1] and (absent.at[place] <= instant or not is_chosen(absent, place)):
        place += 1
    if place == absent.first[person + 1]:
        return NEVER, place
    found = absent.at[place]
    if way is not None and found > moved(way, instant):
        return NEVER, place
    return found, place


@machine_code
def follow(
    rows: Chosen,
    is_end: Array | None,
    gap: Way,
    absent: Chosen | None,
    absent_gap: Way | None,
    then: Chosen,
    low: int,
    high: int,
    out: Array,
) -> None:
    """Which chosen rows follow an end: they come after it, within the gap, and not after what must not happen between.

    Of the ends before a row the one that is open longest decides; without an absence between, that is the latest.
    out  of each row of the next step; false everywhere before
    """
    for person in range(low, high):
        row = _first_since(rows, person, rows.begin)
        if row == rows.first[person + 1]:
            continue
        latest = open_until = -NEVER
        place = 0 if absent is None else absent.first[person]
        for theirs in range(_first_since(then, person, rows.at[row]), then.first[person + 1]):
            if not is_chosen(then, theirs):
                continue
            before = latest
            while row < rows.first[person + 1] and rows.at[row] < then.at[theirs]:
                if _ends(rows, is_end, row):
                    latest = rows.at[row]
                    if absent is not None:
                        broken, place = _broken_at(absent, absent_gap, person, place, latest)
                        open_until = max(open_until, min(moved(gap, latest), broken))
                row += 1
            if absent is None and latest != before:
                open_until = moved(gap, latest)
            out[theirs] = then.at[theirs] <= open_until


@machine_code
def any_end(rows: Chosen, is_end: Array | None, low: int, high: int, out: Array) -> None:
    """Who has a row that is an end."""
    for person in range(low, high):
        out[person] = False
        for row in range(rows.first[person], rows.first[person + 1]):
            if _ends(rows, is_end, row):
                out[person] = True
                break


@machine_code
def any_unbroken(
    rows: Chosen, is_end: Array | None, absent: Chosen, gap: Way | None, now: int, low: int, high: int, out: Array
) -> None:
    """Who has an end after which the whole span, or all time until now, has passed without what must not happen."""
    for person in range(low, high):
        out[person] = False
        place = absent.first[person]
        for row in range(rows.first[person], rows.first[person + 1]):
            if not _ends(rows, is_end, row):
                continue
            broken, place = _broken_at(absent, gap, person, place, rows.at[row])
            if broken == NEVER and (gap is None or moved(gap, rows.at[row]) <= now):
                out[person] = True
                break


@machine_code
def next_moved(rows: Chosen, way: Way, now: int, low: int, high: int, out: Array) -> None:
    """The next instant after now to which a chosen row of each person goes, or `NEVER`."""
    for person in range(low, high):
        out[person] = NEVER
        for row in range(rows.first[person + 1] - 1, rows.first[person] - 1, -1):
            if is_chosen(rows, row):
                goes = moved(way, rows.at[row])
                if goes <= now:
                    break
                out[person] = goes


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
def came_back(rows: Chosen, back: Way, low: int, high: int, out: Array) -> None:
    """Who has a row in the window whose nearest one strictly before it, in the window or not, came so long before."""
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
                if earlier >= rows.first[person] and rows.at[earlier] <= moved(back, rows.at[later]):
                    out[person] = True
            later -= 1
