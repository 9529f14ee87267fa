"""Steps through the calendar from whole stretches of time, worked out once for all questions that begin inside."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from intarsia.clock import FIRST, LAST
from intarsia.clock_pieces import Shift, pieces
from intarsia.engine.kernel.pattern_passes import Way

_STRETCH = 400 * 86_400_000


def steps(shift: Shift, first: int, last: int) -> Way:
    """A step from every instant from one to another, and from some before and behind; milliseconds UTC."""
    return _steps(shift, max(first // _STRETCH * _STRETCH, FIRST), min((last // _STRETCH + 1) * _STRETCH, LAST))


@lru_cache(maxsize=512)
def _steps(shift: Shift, first: int, last: int) -> Way:
    found = pieces(shift, first, last)
    return Way(*(np.array([getattr(one, name) for one in found], np.int64) for name in ("begin", "out", "slope")))
