"""Definitions of RFM: the edges between scores, frozen in versions that are only added."""

from __future__ import annotations

import json
from bisect import bisect_left
from dataclasses import dataclass
from typing import Literal

from intarsia.clock import to_iso
from intarsia.errors import UserError, phrase
from intarsia.speech import mark
from intarsia.store.store import Store

Counting = Literal["orders", "days"]
Edges = tuple[int, int, int, int]

CHAMPIONS, LOYAL, POTENTIAL, NEW, PROMISING = "champions", "loyal", "potential loyalist", "new", "promising"
ATTENTION, SLEEP, RISK, CANNOT_LOSE, HIBERNATING = (
    "need attention",
    "about to sleep",
    "at risk",
    "can't lose",
    "hibernating",
)

TITLES = {
    CHAMPIONS: mark("Champions"),
    LOYAL: mark("Loyal customers"),
    POTENTIAL: mark("Potential loyalists"),
    NEW: mark("New customers"),
    PROMISING: mark("Promising"),
    ATTENTION: mark("Need attention"),
    SLEEP: mark("About to sleep"),
    RISK: mark("At risk of leaving"),
    CANNOT_LOSE: mark("Can't lose them"),
    HIBERNATING: mark("Hibernating"),
}
"""The ten classes as they are written in rules, best first, and as they are shown."""

_CELLS = {
    CHAMPIONS: (54, 55),
    LOYAL: (34, 35, 44, 45),
    POTENTIAL: (42, 43, 52, 53),
    NEW: (51,),
    PROMISING: (41,),
    ATTENTION: (33,),
    SLEEP: (31, 32),
    RISK: (13, 14, 23, 24),
    CANNOT_LOSE: (15, 25),
    HIBERNATING: (11, 12, 21, 22),
}
CLASSES = {divmod(cell, 10): name for name, cells in _CELLS.items() for cell in cells}
"""The class of each pair of scores, recency and frequency. Money is a second axis, not a part of the class."""


class NoRfm(UserError):
    """No edges were learned or set yet."""

    code = "rfm.not-learned"
    says = mark("this workspace has no RFM definition yet")
    advises = mark("learn one from the orders that are there with `intarsia rfm learn`")


class NothingToLearn(UserError):
    """Nobody has an order in the window."""

    code = "rfm.nothing-to-learn"
    says = mark("nobody bought in the {days} days before {at}, so no edges can be learned")
    advises = mark("name another instant with --at, or a longer window")


class BadRfm(UserError):
    """A definition that makes no sense."""

    code = "rfm.bad-definition"
    says = mark("RFM cannot be counted so: {reason}")
    advises = mark("a window has 1 to 3660 days, orders or days are counted, and four edges never fall")


@dataclass(frozen=True)
class RfmDefinition:
    """Four edges for each score, and how what they divide is counted.

    window_days  how many days back from the question orders and refunds count
    counting     frequency is the number of `orders`, or of `days` with an order
    recency_edges, frequency_edges, monetary_edges  days, orders (or days), minor units of `currency`; each in order
    reference    the instant as of which the edges were learned; created_at: when; milliseconds UTC
    version      0: not kept in the store
    """

    version: int
    window_days: int
    counting: Counting
    currency: str
    recency_edges: Edges
    frequency_edges: Edges
    monetary_edges: Edges
    reference: int
    created_at: int

    def __post_init__(self) -> None:
        if not 1 <= self.window_days <= 3660:
            raise BadRfm(reason=phrase("its window is {count} days", count=self.window_days))
        if self.counting not in ("orders", "days"):
            raise BadRfm(reason=phrase("it counts {counting}", counting=repr(self.counting)))
        for edges in (self.recency_edges, self.frequency_edges, self.monetary_edges):
            if len(edges) != 4 or list(edges) != sorted(edges):
                raise BadRfm(reason=phrase("its edges are {edges}", edges=", ".join(map(str, edges))))

    def scores(self, recency_days: int, frequency: int, monetary_minor: int) -> tuple[int, int, int]:
        """The three scores, 1 to 5, 5 the best; a value on an edge belongs below it, so equal values stay together."""
        return (
            5 - bisect_left(self.recency_edges, recency_days),
            1 + bisect_left(self.frequency_edges, frequency),
            1 + bisect_left(self.monetary_edges, monetary_minor),
        )

    def to_json(self) -> dict[str, object]:
        """All of it; instants in ISO 8601, UTC."""
        return {
            "version": self.version,
            "window_days": self.window_days,
            "counting": self.counting,
            "currency": self.currency,
            "recency_edges_days": list(self.recency_edges),
            "frequency_edges": list(self.frequency_edges),
            "monetary_edges_minor": list(self.monetary_edges),
            "reference": to_iso(self.reference),
            "created_at": to_iso(self.created_at),
        }


class RfmDefinitions:
    """The definitions in one store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def all(self) -> list[RfmDefinition]:
        """Every version, oldest first."""
        return [
            RfmDefinition(
                version=row["version"],
                window_days=row["window_days"],
                counting=row["counting"],
                currency=row["currency"],
                recency_edges=tuple(json.loads(row["recency_edges"])),
                frequency_edges=tuple(json.loads(row["frequency_edges"])),
                monetary_edges=tuple(json.loads(row["monetary_edges"])),
                reference=row["reference"],
                created_at=row["created_at"],
            )
            for row in self._store.rows("select * from rfm_definition order by version")
        ]

    def latest(self) -> RfmDefinition:
        """The version in force; raises `NoRfm`."""
        found = self.all()
        if not found:
            raise NoRfm
        return found[-1]

    def add(self, new: RfmDefinition) -> RfmDefinition:
        """Put a definition down as the next version, and in force."""
        with self._store.change() as connection:
            connection.execute(
                "insert into rfm_definition (window_days, counting, currency, recency_edges, frequency_edges, "
                "monetary_edges, reference, created_at) values (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    new.window_days,
                    new.counting,
                    new.currency,
                    json.dumps(new.recency_edges),
                    json.dumps(new.frequency_edges),
                    json.dumps(new.monetary_edges),
                    new.reference,
                    new.created_at,
                ),
            )
        return self.latest()
