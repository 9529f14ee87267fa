"""When the edge of a window goes past an instant: held against the clock, one instant before and at it."""

from __future__ import annotations

from random import Random
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from intarsia.clock import shift, to_instant
from intarsia.engine.columns.values import UNKNOWN
from intarsia.engine.kernel.fallback import seen_from
from intarsia.engine.kernel.passing import Edge, first_past
from intarsia.language import Catalog, tree

DAY = 86_400_000
LENGTHS = (
    *(tree.Length(1, unit) for unit in ("hour", "day", "week", "month", "quarter", "year")),
    *(tree.Length(count, "day") for count in (2, 30, 90)),
    *(tree.Length(count, "month") for count in (2, 5, 13)),
)

NOWS = ("2024-03-31T01:30:00Z", "2024-10-27T00:30:00Z", "2024-02-29T23:59:59Z", "2024-05-31T12:00Z")


@pytest.mark.parametrize("zone", ["UTC", "Europe/Prague", "America/Santiago", "Australia/Lord_Howe"])
@pytest.mark.parametrize(
    "now", ["2024-03-31T01:30:00Z", "2024-10-27T00:30:00Z", "2024-02-29T23:59:59Z", "2024-05-31T12:00Z"]
)
def test_the_edge_is_past_a_mark_from_that_instant_on_and_not_before(zone: str, now: str) -> None:
    at = to_instant(now, ZoneInfo("UTC"))
    when = seen_from(Catalog(timezone=zone), at, UNKNOWN)
    chance = Random(1)
    for length in LENGTHS:
        edge = shift(at, -length.count, length.unit, when.zone)
        marks = sorted({edge, at, edge + 1, *(chance.randint(edge, at) for _ in range(40)), at - DAY, at - 30 * DAY})
        found = first_past(np.array(marks, np.int64), Edge(length, when.zone, when.calendar), when.at).tolist()
        for mark, instant in zip(marks, found, strict=True):
            assert instant > at
            assert shift(instant, -length.count, length.unit, when.zone) > mark
            if instant > at + 1:
                assert shift(instant - 1, -length.count, length.unit, when.zone) <= mark
