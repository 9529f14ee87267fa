"""What a keeper begins with: who stands where, which facts will only add, what has not happened yet."""

from __future__ import annotations

from collections.abc import Mapping

from intarsia.engine.live.arriving import Arrivals, order_key
from intarsia.segment.asking import Asking

_ORDERS = "select profile_no, order_id from lake.events where order_id is not null and profile_no is not null"
_SAID = """
select profile_no, max(epoch_ms(occurred_at)) as at from lake.events
where kind = 'identify' and profile_no is not null group by profile_no
"""
_LATER = """
select profile_no, min(epoch_ms(occurred_at)) as at from lake.events
where profile_no is not null and not is_undated and epoch_ms(occurred_at) > $at group by profile_no
"""


def arrivals(asking: Asking) -> Arrivals:
    """What must be known of the past to tell which facts only add, of everybody as of a question."""
    survivor_of = asking.evaluator.persons.survivor_of
    orders = asking.session.execute(_ORDERS)
    keys = (
        order_key(survivor_of(number), order)
        for number, order in zip(orders["profile_no"].to_pylist(), orders["order_id"].to_pylist(), strict=True)
    )
    said_at: dict[int, int] = {}
    for number, at in _by_profile(asking, _SAID, {}).items():
        place = survivor_of(number)
        said_at[place] = max(at, said_at.get(place, at))
    return Arrivals(set(keys), said_at)


def later(asking: Asking) -> dict[int, int]:
    """When the first thing of somebody will have happened that lies ahead of a question, by place."""
    survivor_of = asking.evaluator.persons.survivor_of
    found: dict[int, int] = {}
    for number, at in _by_profile(asking, _LATER, {"at": asking.as_of.at}).items():
        place = survivor_of(number)
        found[place] = min(at, found.get(place, at))
    return found


def _by_profile(asking: Asking, sql: str, values: Mapping[str, object]) -> dict[int, int]:
    found = asking.session.execute(sql, values)
    return dict(zip(found["profile_no"].to_pylist(), found["at"].to_pylist(), strict=True))
