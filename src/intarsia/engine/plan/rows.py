"""How many rows a feature passes over, from one count of the record by kind of event and hour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from intarsia.engine.columns.values import Array
from intarsia.engine.plan.noted import Feature
from intarsia.engine.sql.evaluate import Evaluator
from intarsia.language.catalog import ANY_EVENT
from intarsia.language.interpret.question import When
from intarsia.language.meaning.orders import REFUND

HOUR = 3_600_000
_COUNT = """
select name, happened // $hour as hour, count(*) as events, sum(len(lines)) as lines
from facts where kind <> 'identify' and profile_no is not null group by all order by hour
"""


@dataclass(frozen=True)
class _Hours:
    """Of one kind of event, the hours in which any happened, and how many events and lines there were before each."""

    hours: Array
    events: Array
    lines: Array

    def between(self, begin: int | None, end: int | None, *, of_lines: bool) -> int:
        """How many lie in the hours that a span touches, milliseconds UTC."""
        low = 0 if begin is None else int(np.searchsorted(self.hours, begin // HOUR))
        high = len(self.hours) if end is None else int(np.searchsorted(self.hours, (end - 1) // HOUR, side="right"))
        counts = self.lines if of_lines else self.events
        return int(counts[max(high, low)] - counts[low])


class RowCounts:
    """The events of one question, counted.

    An order is one row, however often it was updated; that one is cancelled, or of a status that does not count, is not
    looked at: so these are estimates.
    """

    def __init__(self, kinds: Mapping[str, _Hours]) -> None:
        self._kinds = kinds

    def of(self, feature: Feature, when: When) -> int:
        """How many rows lie in the window of a feature."""
        name = REFUND if feature.of_refunds else feature.event
        found = self._kinds.get(name)
        if found is None:
            return 0
        if feature.window is None:
            return found.between(None, None, of_lines=feature.of_lines)
        span = when.instants(feature.window)
        return found.between(span.begin, span.end, of_lines=feature.of_lines)


def row_counts(evaluator: Evaluator) -> RowCounts:
    """The events that count in a question, by kind and hour."""
    evaluator.relation("facts")
    found = evaluator.session.execute(_COUNT, {"hour": HOUR})
    names = np.array([name or "" for name in found["name"].to_pylist()], object)
    columns = [found[name].to_numpy().astype(np.int64) for name in ("hour", "events", "lines")]
    kinds = {name: _hours(*(column[names == name] for column in columns)) for name in set(names.tolist())}
    return RowCounts({**kinds, ANY_EVENT: _hours(*columns)})


def _hours(hours: Array, events: Array, lines: Array) -> _Hours:
    return _Hours(hours, *(np.concatenate(([0], np.cumsum(counts))) for counts in (events, lines)))
