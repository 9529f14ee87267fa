"""The catalog: which names a definition may use, handed in to whoever checks or runs it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cached_property

from intarsia.clock import CalendarName
from intarsia.language.meaning.areas import NamedArea
from intarsia.language.meaning.consents import Pair
from intarsia.language.meaning.orders import GROSS, ORDER, TOTAL
from intarsia.language.meaning.rates import Rates
from intarsia.language.tree import Event


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
    """Something that is said of a person; `path` has one name, or more for what lies inside an object.

    is_timeless  of a derived trait: the same sources give the same value on any day, as a city does its country
    """

    path: tuple[str, ...]
    kind: Kind = Kind.ANY
    family: Family = Family.DEMOGRAPHIC
    is_personal: bool = False
    is_derived: bool = False
    is_timeless: bool = False

    @property
    def changes_by_time(self) -> bool:
        """Whether the value may become another though nothing new is said: an age."""
        return self.is_derived and not self.is_timeless


@dataclass(frozen=True)
class Property:
    """Something that is said of an event, or with `is_of_line` of one of its order lines.

    is_name    it is the event's own name, as it is sent
    otherwise  what the name means of an event that does not have it itself: the same of its lines
    """

    path: tuple[str, ...]
    kind: Kind = Kind.ANY
    is_of_line: bool = False
    is_name: bool = False
    otherwise: Property | None = None

    @property
    def own(self) -> Property:
        """The same of the event alone."""
        return replace(self, otherwise=None)


EVENT_NAME = ("event_name",)
NAME = Property(EVENT_NAME, Kind.TEXT, is_name=True)
"""What every event has."""


@dataclass(frozen=True)
class EventType:
    """One kind of event.

    name        as it is sent: "Order Completed"
    short       as it is written in rules, if it has a short name: "order"
    properties  by path, the event's own
    lines       by path, its lines'; empty where the type has no lines
    is_any      with the name of orders: orders whatever their status; else: whatever happened, of every name
    former      short names that it had; definitions that say them go on meaning it
    """

    name: str
    short: str | None = None
    properties: Mapping[tuple[str, ...], Property] = field(default_factory=dict)
    lines: Mapping[tuple[str, ...], Property] = field(default_factory=dict)
    is_any: bool = False
    former: frozenset[str] = frozenset()

    def is_short(self, name: str) -> bool:
        """Whether a name is its short name, or was."""
        return name == self.short or name in self.former

    def property(self, names: tuple[str, ...]) -> Property | None:
        """What a name inside `where` means: what the event itself has, else what its lines have (rules 15, 27).

        That is decided for each event, so that what others have changes nothing; but an order's total is always its
        own, which is worked out of its lines where it is not sent. `event_name` is the event's name. `lines.x` is
        always the line's; a leading short or full name of the event is allowed (`order.lines.sku`).
        """
        if names == EVENT_NAME:
            return NAME
        if len(names) > 1 and (names[0] == self.name or self.is_short(names[0])):
            names = names[1:]
        if names[0] == "lines" and self.lines:
            return self.lines.get(names[1:])
        own, of_lines = self.properties.get(names), self.lines.get(names)
        if own is None or of_lines is None or names == TOTAL:
            return own or of_lines
        kind = _united_kind(own.kind, of_lines.kind)
        return replace(own, kind=kind, otherwise=replace(of_lines, kind=kind))


Names = tuple[str, ...]


@dataclass(frozen=True)
class Sent:
    """What was never sent, of the names in a catalog; by default nothing is missing, as if nobody had counted.

    blank_traits      paths of traits of which no value came, nor of any that they are worked out from
    blank_events      names of events of which none came
    blank_properties  properties that no event has that came: the event's name, whether it is of lines, path
    recorded          derived traits of which values came under their own name, which stand where nothing can be derived
    kinds             what every value is that came of a trait, by its path; a trait of which some differ is left out
    """

    blank_traits: frozenset[Names] = frozenset()
    blank_events: frozenset[str] = frozenset()
    blank_properties: frozenset[tuple[str, bool, Names]] = frozenset()
    recorded: frozenset[Names] = frozenset()
    kinds: Mapping[Names, Kind] = field(default_factory=dict)

    def lacks_event(self, event: EventType) -> bool:
        """Whether no such event came."""
        return event.name in self.blank_events

    def lacks_property(self, event: EventType, found: Property) -> bool:
        """Whether no event of the type came that has the property, itself or in its lines."""
        path = TOTAL if found.path == GROSS and not found.is_of_line else found.path
        places = {(event.name, found.is_of_line, path)}
        if found.otherwise is not None:
            places.add((event.name, True, found.otherwise.path))
        return places <= self.blank_properties


@dataclass(frozen=True)
class Catalog:
    """Everything that can be named, and how this workspace counts.

    timezone        an IANA name; currency: three capital letters, `currency_digits` places in its minor unit
    first_weekday   0 Monday .. 6 Sunday
    calendar        whose months, quarters and years they are where nothing else is said (rule 20)
    order_statuses  an order with another status does not count as `order` (rule 24)
    traits          by path; events: by name as sent; segments: names
    areas           by name
    consents        channels and purposes that somebody was asked about, or that were declared, as they are compared
    rates           of other currencies, by all that was ever recorded of them
    sent            of which of these names no value came yet
    """

    timezone: str = "UTC"
    currency: str = "EUR"
    currency_digits: int = 2
    first_weekday: int = 0
    calendar: CalendarName = "gregorian"
    order_statuses: frozenset[str] = frozenset({"completed", "processing", "paid", "shipped", "delivered"})
    traits: Mapping[tuple[str, ...], Trait] = field(default_factory=dict)
    events: Mapping[str, EventType] = field(default_factory=dict)
    segments: frozenset[str] = frozenset()
    areas: Mapping[str, NamedArea] = field(default_factory=dict)
    consents: frozenset[Pair] = frozenset()
    rates: Rates = field(default_factory=Rates)
    sent: Sent = field(default_factory=Sent)

    def trait(self, names: tuple[str, ...]) -> Trait | None:
        """The trait of that path, or None."""
        return self.traits.get(names)

    def event(self, name: str) -> EventType | None:
        """The event type of that short or full name, or None.

        A short name goes first: an event that somebody sends as `order` does not change what definitions mean by it.
        """
        short = next((event for event in self.events.values() if event.is_short(name)), None)
        return short or self.events.get(name)

    def event_of(self, node: Event) -> EventType | None:
        """The event type that a definition names, also `any event` and `any order`; without what is taken of it."""
        if not node.is_any:
            return self.event(node.names[0])
        if node.names[0] != ORDERS:
            return self.any_event
        order = self.events.get(ORDER)
        return None if order is None else replace(order, is_any=True)

    @cached_property
    def any_event(self) -> EventType:
        """Everything that may happen, with the properties of all types together."""
        own = [(type_.name, known) for type_ in self.events.values() for known in type_.properties.values()]
        sent = (known for name, known in own if (name, known.path) != (ORDER, GROSS))
        lines = (known for type_ in self.events.values() for known in type_.lines.values())
        return EventType(ANY_EVENT, None, _united(sent), _united(lines), is_any=True)


ORDERS = "order"
"""What stands behind `any` where orders are meant."""
ANY_EVENT = "any event"


def _united(found: Iterable[Property]) -> dict[tuple[str, ...], Property]:
    """Each path once; what is of several kinds is of any kind, but a number here and money there is money.

    So an amount in another currency is not taken for one in the workspace's.
    """
    united: dict[tuple[str, ...], Property] = {}
    for known in found:
        other = united.get(known.path, known)
        united[known.path] = replace(known, kind=_united_kind(known.kind, other.kind))
    return united


def _united_kind(one: Kind, other: Kind) -> Kind:
    if one is other:
        return one
    return Kind.MONEY if {one, other} == {Kind.NUMBER, Kind.MONEY} else Kind.ANY


def nearest(name: str, known: list[str], most: int = 3) -> list[str]:
    """Up to `most` known names that look like `name`, the likeliest first."""
    by_folded = {candidate.casefold(): candidate for candidate in known}
    hits = difflib.get_close_matches(name.casefold(), list(by_folded), n=most, cutoff=0.6)
    return [by_folded[hit] for hit in hits]
