"""What a keeper must know of the past beside the columns: kept with them, and worked out where it is not there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from intarsia.engine.columns.cache import Cache
from intarsia.engine.columns.known_texts import KnownTexts
from intarsia.engine.columns.values import UNKNOWN, Array
from intarsia.engine.live.arriving import Arrivals
from intarsia.engine.live.live import Live
from intarsia.membership.keeping.in_ledger import InLedger
from intarsia.membership.keeping.seen import Seen
from intarsia.segment.asking import Asking

_MESSAGES = "known messages"
_ORDERS = "known orders"
_SAID = "last statements"
_AHEAD = "what lies ahead"
_LEDGER = "ledger"

_MESSAGES_SQL = "select event_id from lake.events where event_no <= $event_no"
_ORDERS_SQL = "select profile_no, order_id from lake.events where order_id is not null and profile_no is not null"
_SAID_SQL = """
select profile_no, max(epoch_ms(occurred_at)) as at from lake.events
where kind = 'identify' and profile_no is not null group by profile_no
"""
_AHEAD_SQL = """
select profile_no, min(begins) as at
from (
    select profile_no, epoch_ms(case when is_undated then recorded_at else occurred_at end) as begins
    from lake.events where profile_no is not null
)
where begins > $at group by profile_no
"""


class Memory:
    """The past as of a question, of so many people.

    cache  where it is looked for first, as of an earlier question perhaps, and kept; None: nowhere
    Whoever has changed since that question is to be learned from their facts.
    """

    def __init__(self, asking: Asking, size: int, cache: Cache | None) -> None:
        self._asking = asking
        self._size = size
        self._cache = cache

    def seen(self, event_no: int) -> tuple[KnownTexts, int]:
        """The ids of the messages that are recorded, and up to which event; `event_no`: of the last one there is."""
        hashes = self._kept(_MESSAGES)
        if hashes is not None:
            return KnownTexts(hashes), int(self._about(_MESSAGES)["event_no"])
        found = self._asking.tables.stream(_MESSAGES_SQL, {"event_no": event_no})
        hashes = KnownTexts.build(batch["event_id"] for batch in found).hashes
        return KnownTexts(self._keep(_MESSAGES, hashes, {"event_no": event_no})), event_no

    def arrivals(self) -> Arrivals:
        """What must be known of the past to tell which facts only add."""
        orders, said_at = self._kept(_ORDERS), self._kept(_SAID)
        if orders is None:
            found = self._asking.tables.execute(_ORDERS_SQL)
            theirs = self._survivors()[found["profile_no"].to_numpy()]
            orders = self._keep(_ORDERS, KnownTexts.build([found["order_id"]], [theirs]).hashes)
        if said_at is None:
            said = self._asking.tables.execute(_SAID_SQL)
            said_at = np.full(self._size, UNKNOWN, np.int64)
            np.maximum.at(said_at, self._survivors()[said["profile_no"].to_numpy()], said["at"].to_numpy())
            said_at = self._keep(_SAID, said_at)
        return Arrivals(KnownTexts(orders), said_at)

    def ahead(self) -> dict[int, int]:
        """When the first thing of somebody will have happened that lies ahead, by place."""
        kept = self._kept(_AHEAD)
        if kept is None:
            kept = self._keep(_AHEAD, self._read_ahead())
        return {place: at for place, at in kept.tolist() if at > self._asking.as_of.at}

    def _read_ahead(self) -> Array:
        found = self._asking.tables.execute(_AHEAD_SQL, {"at": self._asking.as_of.at})
        places = self._survivors()[found["profile_no"].to_numpy()]
        order = np.lexsort((found["at"].to_numpy(), places))
        pairs = np.stack((places, found["at"].to_numpy()), axis=1)[order]
        _, first = np.unique(pairs[:, 0], return_index=True)
        return pairs[first]

    def in_ledger(self) -> InLedger:
        """Who is in which segment by the ledger."""
        packed = self._kept(_LEDGER)
        if packed is None:
            return InLedger.read(self._asking.tables, self._size)
        about = self._about(_LEDGER)
        size = min(about["size"], self._size)  # places behind the last profile may have been kept, which are nobody's
        members = np.unpackbits(packed, axis=1, count=size).astype(np.bool_)
        found = InLedger(size, dict(zip(about["segments"], members, strict=True)), about["change_no"])
        found.widen(self._size)
        found.catch_up(self._asking.tables)
        return found

    def _survivors(self) -> Array:
        """Under which number each profile's facts stand."""
        found = np.arange(self._size)
        grouped = self._asking.evaluator.persons.survivors
        found[grouped["profile_no"].to_numpy()] = grouped["survivor_no"].to_numpy()
        return found

    def _kept(self, name: str) -> Array | None:
        return None if self._cache is None else self._cache.array(name)

    def _about(self, name: str) -> Mapping[str, Any]:
        return {} if self._cache is None else self._cache.about(name)

    def _keep(self, name: str, found: Array, about: Mapping[str, Any] | None = None) -> Array:
        return found if self._cache is None else self._cache.put_array(name, found, about)


def remember(cache: Cache, live: Live, seen: Seen, in_ledger: InLedger) -> None:
    """Keep what a keeper knows of the past, all as of one question, for the next one."""
    cache.put_array(_MESSAGES, seen.ids.hashes, {"event_no": seen.event_no})
    cache.put_array(_ORDERS, live.arrivals.orders.hashes)
    cache.put_array(_SAID, live.arrivals.said_at)
    cache.put_array(_AHEAD, np.array(sorted(live.awaited.items()), np.int64).reshape(-1, 2))
    members = in_ledger.members
    packed = np.packbits(np.array(list(members.values()), np.bool_).reshape(len(members), in_ledger.size), axis=1)
    about = {"size": in_ledger.size, "segments": list(members), "change_no": in_ledger.change_no}
    cache.put_array(_LEDGER, packed, about)
