"""When the edge of a window goes past what happened: the instant at which a row enters a window, or leaves it."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from intarsia.clock import LAST, CalendarName, shift
from intarsia.clock_pieces import Shift
from intarsia.engine.columns.values import Array
from intarsia.engine.kernel.pattern_passes import NEVER, Way
from intarsia.engine.kernel.stepping import steps
from intarsia.language import tree

DAY = 86_400_000
_SLACK = 5 * DAY
"""So far may a step back lead from where a step forward began, for months differ by up to three days; and zones."""


class Edge(NamedTuple):
    """What goes along with time, so far behind it; that of `last ..` is where the window begins."""

    length: tree.Length
    zone: ZoneInfo
    calendar: CalendarName


def first_past(marks: Array, edge: Edge, now: int) -> Array:
    """Of each instant, when an edge is first past it, after now; milliseconds UTC.

    What the edge is past already is past it at once: a millisecond from now.
    """
    if not len(marks):
        return marks
    begin, out, slope = _pieces(edge, (now + 1) // DAY, max(int(marks.max()), now) // DAY + 1)
    # The last piece that begins not past the mark either goes past it, or the next one is.
    piece = out.searchsorted(marks, side="right") - 1
    last = np.maximum(piece, 0)
    inside = np.where(slope[last] == 1, begin[last] + (marks - out[last]) + 1, NEVER)
    past = np.where(piece < 0, begin[0], np.minimum(inside, begin[last + 1]))
    return np.maximum(past, now + 1)


@lru_cache(maxsize=1024)
def _pieces(edge: Edge, first: int, last: int) -> Way:
    """Where an edge is, from before a day on until it must be past another; days since 1970.

    One more begins behind the others, which never comes.
    """
    count, unit = edge.length.count, edge.length.unit
    horizon = min(shift(min(last * DAY, LAST), count, unit, edge.zone, edge.calendar) + _SLACK, LAST)
    found = steps(Shift(-count, unit, edge.zone, edge.calendar), first * DAY, max(horizon, first * DAY))
    return found._replace(begin=np.append(found.begin, NEVER))
