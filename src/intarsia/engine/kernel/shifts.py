"""Instants moved through the calendar, all at once, by the linear pieces that `clock_pieces` works out."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import numpy as np

from intarsia.clock import FIRST, LAST, MILLISECONDS, CalendarName
from intarsia.clock_pieces import Shift, pieces
from intarsia.engine.columns.values import Array
from intarsia.language import tree


def shifted(at: Array, length: tree.Length, zone: ZoneInfo, calendar: CalendarName) -> Array:
    """Each instant so long after; before where the count is below zero."""
    if not len(at):
        return at
    if length.unit in MILLISECONDS:
        return np.clip(at + length.count * MILLISECONDS[length.unit], FIRST, LAST)
    found = pieces(Shift(length.count, length.unit, zone, calendar), int(at.min()), int(at.max()))
    begin = np.array([one.begin for one in found], np.int64)
    out = np.array([one.out for one in found], np.int64)
    slope = np.array([one.slope for one in found], np.int64)
    piece = np.searchsorted(begin, at, side="right") - 1
    return out[piece] + slope[piece] * (at - begin[piece])
