"""A catalog whose every name is marked, and the tree of any text over again in these names.

So a definition of random letters makes sense often enough to be compiled, and what of it would reach the SQL is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from intarsia.language import tree as t
from intarsia.language.catalog import Catalog, EventType, Kind, Property, Trait
from intarsia.language.checking.tests import nature
from intarsia.language.meaning.areas import AreaVersion, NamedArea
from intarsia.language.meaning.rates import Quote, Rates

CANARY = "k4n4ry"
"""Stands in every name and in every text, and in nothing that we write."""

Names = tuple[str, ...]
Choice = TypeVar("Choice")


def _named(*kinds: Kind, name: str) -> dict[Names, Kind]:
    return {(f"{name}{CANARY}{number}'\"",): kind for number, kind in enumerate(kinds)}


OWN = _named(Kind.ANY, Kind.NUMBER, Kind.MONEY, Kind.TEXT, Kind.DATE, Kind.LIST, name="own")
OF_LINES = _named(Kind.ANY, Kind.NUMBER, Kind.TEXT, name="line")
TRAITS = _named(*[Kind.ANY] * 5, Kind.NUMBER, Kind.DATE, Kind.INSTANT, Kind.LIST, Kind.BOOLEAN, name="trait")
SEGMENTS = (f"one {CANARY}'", f"two {CANARY}")
AREA = f"area {CANARY}'"
CONSENT = (f"mail {CANARY}", f"offers {CANARY}")
SQUARE = "[[[[14, 50], [15, 50], [15, 51], [14, 51], [14, 50]]]]"
EVENTS = (
    EventType(
        "Order Completed",
        "order",
        {path: Property(path, kind) for path, kind in OWN.items()},
        {path: Property(path, kind, is_of_line=True) for path, kind in OF_LINES.items()},
    ),
    EventType("Order Refunded", "refund", {path: Property(path, kind) for path, kind in OWN.items()}),
    EventType(f"Seen {CANARY}'\"", None, {path: Property(path, kind) for path, kind in OWN.items()}),
)
CATALOG = Catalog(
    timezone="Europe/Prague",
    currency="CZK",
    traits={
        **{path: Trait(path, kind) for path, kind in TRAITS.items()},
        ("latitude",): Trait(("latitude",), Kind.NUMBER),
        ("longitude",): Trait(("longitude",), Kind.NUMBER),
    },
    events={event.name: event for event in EVENTS},
    segments=frozenset(SEGMENTS),
    areas={AREA: NamedArea(AREA, (AreaVersion(0, SQUARE),))},
    consents=frozenset({CONSENT}),
    rates=Rates.of({"EUR": [Quote(date(2026, 1, 1), Decimal("24.5"))]}),
)

LOOSE = replace(
    CATALOG,
    traits={path: replace(trait, kind=Kind.ANY) for path, trait in CATALOG.traits.items()},
    events={
        event.name: replace(
            event,
            properties={path: replace(known, kind=Kind.ANY) for path, known in event.properties.items()},
            lines={path: replace(known, kind=Kind.ANY) for path, known in event.lines.items()},
        )
        for event in EVENTS
    },
)
"""The same names, of which nobody has said of what kind they are: nearly every test of them makes sense."""


def planted(node: t.Condition) -> t.Condition:
    """The condition with names of the catalog in place of its own, and the canary in its texts."""
    found: t.Condition = _planted(node, None)
    return found


def _chosen(names: Sequence[str], choices: Sequence[Choice]) -> Choice:
    """One of the choices, the same for the same names."""
    return choices[sum(map(ord, "".join(names))) % len(choices)]


def _planted(node: Any, event: EventType | None) -> Any:
    match node:
        case tuple():
            return tuple(_planted(part, event) for part in node)
        case t.Path(names=names):
            return node if names == ("profile",) else t.Path(_path(names, event))
        case t.Event():
            return _event(node)
        case t.Text(value=value):
            return node if nature(node) in ("number", "time") else t.Text(value + CANARY)
        case t.TextMatch(text=text):
            return replace(node, text=text + CANARY)
        case t.Bucket(salt=salt):
            return t.Bucket(salt + CANARY)
        case t.InSegment(name=name) | t.Moved(name=name):
            return replace(node, name=_chosen((name,), SEGMENTS))
        case t.InsideArea():
            return t.InsideArea(AREA)
        case t.Consent():
            return replace(node, channel=CONSENT[0], purpose=CONSENT[1])
        case t.Node():
            return _rebuilt(node, event)
        case _:
            return node


def _rebuilt(node: t.Node, event: EventType | None) -> t.Node:
    """The node with everything below it planted; its `where` and `had` in the names of its own event."""
    own = getattr(node, "event", None)
    inside = CATALOG.event_of(_event(own)) if isinstance(own, t.Event) else event
    values = {field.name: getattr(node, field.name) for field in fields(node) if field.name != "span"}
    return type(node)(**{name: _planted(value, inside) for name, value in values.items()})


def _event(node: t.Event) -> t.Event:
    if node.is_any:
        first = node.names[0]
        found = CATALOG.event_of(t.Event((first,), is_any=True))
    else:
        found = _chosen(node.names[:1], EVENTS)
        first = found.short or found.name
    rest = _path(node.names[1:], found) if len(node.names) > 1 and found is not None else ()
    return t.Event((first, *rest), node.is_any)


def _path(names: Names, event: EventType | None) -> Names:
    if event is None:
        return _chosen(names, list(TRAITS))
    if names[0] == "lines" and event.lines:
        return ("lines", *_chosen(names, list(OF_LINES))) if len(names) > 1 else names
    return _chosen(names, [*event.properties, *event.lines])
