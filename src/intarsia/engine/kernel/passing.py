"""When the edge of a window goes past what happened: the instant at which a row enters a window, or leaves it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from intarsia.clock import FIRST, LAST, shift
from intarsia.clock_pieces import Shift, pieces
from intarsia.engine.columns.values import Array
from intarsia.engine.kernel.pattern_passes import NEVER
from intarsia.language import tree
from intarsia.language.interpret.question import When

_SLACK = 5 * 86_400_000
"""So far may a step back lead from where a step forward began, for months differ by up to three days; and zones."""
_STRETCH = 400 * 86_400_000
"""Steps are worked out for whole stretches of time, so that the next question finds them worked out."""


def first_past(marks: Array, length: tree.Length, when: When) -> Array:
    """Of each instant, when the edge that lies so long back is first past it, after the question's own instant.

    marks   milliseconds UTC, none after the question
    length  how long back the edge lies: that of `last ..` is where the window begins
    What the edge is past already is past it at once: a millisecond after the question.
    """
    if not len(marks):
        return marks
    count, zone, calendar = length.count, when.zone, when.calendar
    horizon = min(shift(int(marks.max()), count, length.unit, zone, calendar) + _SLACK, LAST)
    first = max((when.at + 1) // _STRETCH * _STRETCH, FIRST)
    last = min((max(horizon, when.at + 1) // _STRETCH + 1) * _STRETCH, LAST)
    found = _steps(Shift(-count, length.unit, zone, calendar), first, last)
    # The last piece that begins not past the mark either goes past it, or the next one is.
    piece = np.searchsorted(found.out, marks, side="right") - 1
    at = np.maximum(piece, 0)
    inside = np.where(found.slope[at] == 1, found.begin[at] + (marks - found.out[at]) + 1, NEVER)
    past = np.where(piece < 0, first, np.minimum(inside, found.begin[at + 1]))
    return np.maximum(past, when.at + 1)


@dataclass(frozen=True)
class _Steps:
    """Where an edge lies: from each `begin` on at `out`, moving along where the slope is 1; `begin` has one more."""

    begin: Array
    out: Array
    slope: Array


@lru_cache(maxsize=512)
def _steps(way: Shift, first: int, last: int) -> _Steps:
    found = pieces(way, first, last)
    return _Steps(
        np.array([*(one.begin for one in found), NEVER], np.int64),
        np.array([one.out for one in found], np.int64),
        np.array([one.slope for one in found], np.int64),
    )
