"""The days that a question looks back on, in the workspace's zone, as a relation that sales are held against."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

import pyarrow as pa

from intarsia.clock import DAY, begin_of_day, local_date, shift
from intarsia.segment.asking import Asking


@dataclass(frozen=True)
class DaysBack:
    """The instants from `begin` up to, not including, `end` (milliseconds UTC): the window `last {count} days`."""

    count: int
    begin: int
    end: int

    def bounds(self) -> dict[str, object]:
        """`begin` and `end`, as the values of a query's parameters."""
        return {"begin": self.begin, "end": self.end}


def look_back(asking: Asking, count: int) -> DaysBack:
    """The last `count` days as of a question; their relation `days_back` is offered to its session.

    `days_back` has one row a day: `begin_ms`, and `days_ago`, whole calendar days before the day of the question.
    """
    at, zone = asking.as_of.at, ZoneInfo(asking.catalog.timezone)
    begin = shift(at, -count, "day", zone)
    first, today = local_date(begin, zone), local_date(at, zone)
    ages = list(range((today - first).days, -1, -1))
    begins = [begin_of_day(today - age * DAY, zone) for age in ages]
    relation = pa.table({"begin_ms": pa.array(begins, pa.int64()), "days_ago": pa.array(ages, pa.int64())})
    asking.session.register("days_back", relation)
    return DaysBack(count, begin, at + 1)
