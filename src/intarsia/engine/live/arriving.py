"""Which new facts add to what is known of a person, and which may change it: for those all of it is read again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from intarsia.engine.columns.known_texts import KnownTexts
from intarsia.engine.columns.values import UNKNOWN, Array
from intarsia.language.meaning.consents import RANKS
from intarsia.language.meaning.deletion import DELETED, RESTORED
from intarsia.language.meaning.facts import Fact
from intarsia.language.meaning.orders import CANCELLED, ORDER, REFUND, UPDATED, order_id

EVENTS = ("track", "page", "screen")
OF_ORDERS = frozenset((ORDER, UPDATED, CANCELLED, REFUND))
CHANGING = frozenset((UPDATED, CANCELLED, REFUND, DELETED, RESTORED, *RANKS))
"""Events that say something of others, or of the person."""


class Arrivals:
    """What must be known of the past to tell: which orders are known, and when somebody last said something.

    orders   the ids of everybody's orders and refunds, as `order_id` reads them, each salted with the person's place
    said_at  by the place of a person, when the newest statement was made, milliseconds UTC; `UNKNOWN`: there is none
    """

    def __init__(self, orders: KnownTexts | None = None, said_at: Array | None = None) -> None:
        self.orders = KnownTexts() if orders is None else orders
        self.said_at = np.zeros(0, np.int64) if said_at is None else np.array(said_at, np.int64)

    def add(self, places: Sequence[int], facts: Sequence[Fact]) -> list[bool]:
        """Know some facts from now on, each of the person in a place, as if they came one after another.

        Of each, whether it only adds an event, or a newer statement, to what is known of the person.
        """
        self._make_room(max(places, default=-1) + 1)
        is_new = self._new_orders(places, facts)
        return [
            self._adds(place, fact, is_new.get(number))
            for number, (place, fact) in enumerate(zip(places, facts, strict=True))
        ]

    def adds(self, place: int, fact: Fact) -> bool:
        """Whether a fact only adds an event, or a newer statement, to what is known of a person; it is known then."""
        return self.add((place,), (fact,))[0]

    def learn(self, place: int, facts: Iterable[Fact]) -> None:
        """Note what is known of a person."""
        known = tuple(facts)
        self.add([place] * len(known), known)

    def _new_orders(self, places: Sequence[int], facts: Sequence[Fact]) -> dict[int, bool]:
        """Of each fact that names an order, by its number in the list, whether the order is surely new."""
        named = {number: order_id(fact) for number, fact in enumerate(facts) if fact.name in OF_ORDERS}
        ids = {number: one for number, one in named.items() if one is not None and facts[number].kind != "identify"}
        if not ids:
            return {}
        salts = np.array([places[number] for number in ids], np.int64)
        return dict(zip(ids, (~self.orders.add(list(ids.values()), salts)).tolist(), strict=True))

    def _adds(self, place: int, fact: Fact, is_new_order: bool | None) -> bool:
        if fact.kind == "identify":
            before = int(self.said_at[place])
            self.said_at[place] = max(before, fact.occurred_at)
            return not fact.is_undated and fact.occurred_at > before
        if is_new_order is None:
            return fact.kind in EVENTS and fact.name not in CHANGING
        return is_new_order and fact.name == ORDER

    def _make_room(self, size: int) -> None:
        if size > len(self.said_at):
            more = max(size, 2 * len(self.said_at)) - len(self.said_at)
            self.said_at = np.append(self.said_at, np.full(more, UNKNOWN, np.int64))
