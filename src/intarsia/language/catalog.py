"""The catalog: which names a definition may use, handed in to whoever checks or runs it."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum


class Kind(Enum):
    """The type that a value is declared or seen to have; it guides checks, never the outcome of a test (rule 9)."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    BOOLEAN = "boolean"
    DATE = "date"
    INSTANT = "instant"
    LIST = "list"
    OBJECT = "object"
    ANY = "any"


class Family(Enum):
    """The four families of criteria."""

    DEMOGRAPHIC = "demographic"
    GEOGRAPHIC = "geographic"
    PSYCHOGRAPHIC = "psychographic"
    BEHAVIOURAL = "behavioural"


@dataclass(frozen=True)
class Trait:
    """Something that is said of a person; `path` has one name, or more for what lies inside an object."""

    path: tuple[str, ...]
    kind: Kind = Kind.ANY
    family: Family = Family.DEMOGRAPHIC
    is_personal: bool = False
    is_derived: bool = False


@dataclass(frozen=True)
class Property:
    """Something that is said of an event, or with `is_of_line` of one of its order lines."""

    path: tuple[str, ...]
    kind: Kind = Kind.ANY
    is_of_line: bool = False


@dataclass(frozen=True)
class EventType:
    """One kind of event.

    name        as it is sent: "Order Completed"
    short       as it is written in rules, if it has a short name: "order"
    properties  by path, the event's own
    lines       by path, its lines'; empty where the type has no lines
    """

    name: str
    short: str | None = None
    properties: Mapping[tuple[str, ...], Property] = field(default_factory=dict)
    lines: Mapping[tuple[str, ...], Property] = field(default_factory=dict)

    def property(self, names: tuple[str, ...]) -> Property | None:
        """What a name inside `where` means: the event's own property, else one of its lines' (rules 15, 27).

        `lines.x` is always the line's; a leading short or full name of the event is allowed (`order.lines.sku`).
        """
        if len(names) > 1 and names[0] in (self.name, self.short):
            names = names[1:]
        if names[0] == "lines" and self.lines:
            return self.lines.get(names[1:])
        return self.properties.get(names) or self.lines.get(names)


@dataclass(frozen=True)
class Catalog:
    """Everything that can be named, and how this workspace counts.

    timezone        an IANA name; currency: three capital letters, `currency_digits` places in its minor unit
    first_weekday   0 Monday .. 6 Sunday
    order_statuses  an order with another status does not count as `order` (rule 24)
    traits          by path; events: by name as sent; segments: names
    """

    timezone: str = "UTC"
    currency: str = "EUR"
    currency_digits: int = 2
    first_weekday: int = 0
    order_statuses: frozenset[str] = frozenset({"completed", "processing", "paid", "shipped", "delivered"})
    traits: Mapping[tuple[str, ...], Trait] = field(default_factory=dict)
    events: Mapping[str, EventType] = field(default_factory=dict)
    segments: frozenset[str] = frozenset()

    def trait(self, names: tuple[str, ...]) -> Trait | None:
        """The trait of that path, or None."""
        return self.traits.get(names)

    def event(self, name: str) -> EventType | None:
        """The event type of that short or full name, or None.

        A short name goes first: an event that somebody sends as `order` does not change what definitions mean by it.
        """
        short = next((event for event in self.events.values() if event.short == name), None)
        return short or self.events.get(name)


def nearest(name: str, known: list[str], most: int = 3) -> list[str]:
    """Up to `most` known names that look like `name`, the likeliest first."""
    by_folded = {candidate.casefold(): candidate for candidate in known}
    hits = difflib.get_close_matches(name.casefold(), list(by_folded), n=most, cutoff=0.6)
    return [by_folded[hit] for hit in hits]
