"""Which new facts add to what is known of a person, and which may change it: for those all of it is read again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from intarsia.language.meaning.consents import RANKS
from intarsia.language.meaning.deletion import DELETED, RESTORED
from intarsia.language.meaning.facts import Fact
from intarsia.language.meaning.orders import CANCELLED, ORDER, REFUND, UPDATED, order_id

EVENTS = ("track", "page", "screen")
CHANGING = frozenset((UPDATED, CANCELLED, REFUND, DELETED, RESTORED, *RANKS))
"""Events that say something of others, or of the person."""


@dataclass
class Arrivals:
    """What must be known of the past to tell: which orders are known, and when somebody last said something.

    orders   the places of people with the ids of their orders and refunds, as `order_key` makes them
    said_at  by the place of a person, when the newest statement was made, milliseconds UTC
    """

    orders: set[int] = field(default_factory=set)
    said_at: dict[int, int] = field(default_factory=dict)

    def adds(self, place: int, fact: Fact) -> bool:
        """Whether a fact only adds an event, or a newer statement, to what is known of a person; it is known then."""
        if fact.kind == "identify":
            is_newest = not fact.is_undated and fact.occurred_at > self.said_at.get(place, fact.occurred_at - 1)
            self.said_at[place] = max(fact.occurred_at, self.said_at.get(place, fact.occurred_at))
            return is_newest
        named = order_id(fact) if fact.name in (ORDER, UPDATED, CANCELLED, REFUND) else None
        if named is None:
            return fact.kind in EVENTS and fact.name not in CHANGING
        key = order_key(place, named)
        is_new = key not in self.orders
        self.orders.add(key)
        return is_new and fact.name == ORDER

    def learn(self, place: int, facts: Iterable[Fact]) -> None:
        """Note what is known of a person."""
        for fact in facts:
            self.adds(place, fact)


def order_key(place: int, order: str) -> int:
    """What an order of a person is known by; should two have one key, one person is read again for nothing."""
    return hash((place, order))
