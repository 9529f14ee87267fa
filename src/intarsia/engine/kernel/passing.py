"""When the edge of a window goes past what happened: the instant at which a row enters a window, or leaves it."""

from __future__ import annotations

from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np

from intarsia.clock import LAST, CalendarName, shift
from intarsia.clock_pieces import Shift
from intarsia.engine.columns.values import Array
from intarsia.engine.kernel.pattern_passes import NEVER
from intarsia.engine.kernel.stepping import steps
from intarsia.language import tree
from intarsia.language.interpret.question import When

DAY = 86_400_000
_SLACK = 5 * DAY
"""So far may a step back lead from where a step forward began, for months differ by up to three days; and zones."""


@lru_cache(maxsize=512)
def _ahead(length: tree.Length, zone: ZoneInfo, calendar: CalendarName, day: int) -> int:
    """Behind where a step of a length leads from before the end of a day, milliseconds UTC; days since 1970."""
    return min(shift(min(day * DAY, LAST), length.count, length.unit, zone, calendar) + _SLACK, LAST)


def first_past(marks: Array, length: tree.Length, when: When) -> Array:
    """Of each instant, when the edge that lies so long back is first past it, after the question's own instant.

    marks   milliseconds UTC, none after the question
    length  how long back the edge lies: that of `last ..` is where the window begins
    What the edge is past already is past it at once: a millisecond after the question.
    """
    if not len(marks):
        return marks
    count, zone, calendar = length.count, when.zone, when.calendar
    horizon = _ahead(length, zone, calendar, max(int(marks.max()), when.at) // DAY + 1)
    found = steps(Shift(-count, length.unit, zone, calendar), when.at + 1, max(horizon, when.at + 1))
    begin = np.append(found.begin, NEVER)
    # The last piece that begins not past the mark either goes past it, or the next one is.
    piece = np.searchsorted(found.out, marks, side="right") - 1
    last = np.maximum(piece, 0)
    inside = np.where(found.slope[last] == 1, begin[last] + (marks - found.out[last]) + 1, NEVER)
    past = np.where(piece < 0, begin[0], np.minimum(inside, begin[last + 1]))
    return np.maximum(past, when.at + 1)
