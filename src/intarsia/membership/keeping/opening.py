"""What a keeper begins with: which facts will only add, and what has not happened yet."""

from __future__ import annotations

import numpy as np

from intarsia.engine.columns.known_texts import KnownTexts
from intarsia.engine.columns.values import UNKNOWN, Array
from intarsia.engine.live.arriving import Arrivals
from intarsia.segment.asking import Asking

_ORDERS = "select profile_no, order_id from lake.events where order_id is not null and profile_no is not null"
_SAID = """
select profile_no, max(epoch_ms(occurred_at)) as at from lake.events
where kind = 'identify' and profile_no is not null group by profile_no
"""
_LATER = """
select profile_no, min(begins) as at
from (
    select profile_no, epoch_ms(case when is_undated then recorded_at else occurred_at end) as begins
    from lake.events where profile_no is not null
)
where begins > $at group by profile_no
"""


def arrivals(asking: Asking, size: int) -> Arrivals:
    """What must be known of the past to tell which facts only add, of so many people as of a question."""
    survivors = _survivors(asking, size)
    orders = asking.session.execute(_ORDERS)
    known = KnownTexts.build(orders["order_id"], survivors[orders["profile_no"].to_numpy()])
    said = asking.session.execute(_SAID)
    said_at = np.full(size, UNKNOWN, np.int64)
    np.maximum.at(said_at, survivors[said["profile_no"].to_numpy()], said["at"].to_numpy())
    return Arrivals(known, said_at)


def later(asking: Asking, size: int) -> dict[int, int]:
    """When the first thing of somebody will have happened that lies ahead of a question, by place."""
    survivors = _survivors(asking, size)
    found: dict[int, int] = {}
    ahead = asking.session.execute(_LATER, {"at": asking.as_of.at})
    for number, at in zip(ahead["profile_no"].to_pylist(), ahead["at"].to_pylist(), strict=True):
        place = int(survivors[number])
        found[place] = min(at, found.get(place, at))
    return found


def _survivors(asking: Asking, size: int) -> Array:
    """Under which number each profile's facts stand."""
    found = np.arange(size)
    grouped = asking.evaluator.persons.survivors
    found[grouped["profile_no"].to_numpy()] = grouped["survivor_no"].to_numpy()
    return found
