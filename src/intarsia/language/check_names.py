"""What the names of a definition mean in a catalog, and which of them it uses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NoReturn

from intarsia.errors import UserError
from intarsia.language.catalog import Catalog, EventType, Kind, Property, nearest
from intarsia.language.problems import (
    EventNameOutside,
    NotAnEvent,
    NotYet,
    TraitInWhere,
    UnknownEvent,
    UnknownProperty,
    UnknownSegment,
    UnknownTrait,
)
from intarsia.language.spelling import spell_path
from intarsia.language.tree import Event, InSegment, Node, Path

PROFILE = ("profile",)
"""The profile id: a text that every person has."""
EVENT_NAME = ("event_name",)
LINES = ("lines",)

Names = tuple[str, ...]


@dataclass(frozen=True)
class Scope:
    """Of what a condition speaks: of a person, of one event, or of one line of an event."""

    event: EventType | None = None
    is_line: bool = False


PERSON = Scope()


@dataclass(frozen=True)
class Taken:
    """What an aggregate takes: an event type, its property if one is named, and whether it goes over lines."""

    event: EventType
    property: Property | None
    is_over_lines: bool


@dataclass
class Naming:
    """Looks names up, remembers which were used, and refuses those that nobody knows.

    text  what the tree was read from, for errors; None if it was built
    """

    catalog: Catalog
    text: str | None = None
    traits: set[Names] = field(default_factory=set)
    events: set[str] = field(default_factory=set)
    segments: set[str] = field(default_factory=set)

    def fail(self, error: type[UserError], node: Node, **facts: object) -> NoReturn:
        """Raise an error about a node."""
        raise error(text=self.text, span=node.span, **facts)

    # --- people

    def path(self, node: Path, scope: Scope) -> Kind:
        """The kind of what a name means: a trait of a person, or in a `where` a property of the event."""
        if scope.event is not None:
            return self._property_in_where(node, scope.event)
        if node.names == PROFILE:
            return Kind.TEXT
        kind = self._trait_kind(node.names)
        if kind is None:
            known = [*map(spell_path, self.catalog.traits), *PROFILE]
            self.fail(UnknownTrait, node, name=spell_path(node.names), nearest=_likely(node.names, known))
        self.traits.add(node.names)
        return kind

    def _trait_kind(self, names: Names) -> Kind | None:
        trait = self.catalog.trait(names)
        if trait is not None:
            return trait.kind
        is_inside = _is_inside_object(names, {path: known.kind for path, known in self.catalog.traits.items()})
        return Kind.ANY if is_inside else None

    def segment(self, node: InSegment) -> None:
        """Remember a segment that is named."""
        if node.name not in self.catalog.segments:
            close = _quoted(nearest(node.name, sorted(self.catalog.segments)))
            self.fail(UnknownSegment, node, name=node.name, nearest=close)
        self.segments.add(node.name)

    # --- events

    def event(self, node: Event) -> EventType:
        """The event type of a condition that takes no property."""
        found = self._event_type(node)
        if len(node.names) > 1:
            self.fail(NotAnEvent, node, name=spell_path(node.names), event=spell_path(node.names[:1]))
        return found

    def taken(self, node: Event) -> Taken:
        """What an aggregate takes: `order`, `order.total`, `order.lines`, `order.lines.quantity`."""
        found = self._event_type(node)
        path = node.names[1:]
        if not path:
            return Taken(found, None, is_over_lines=False)
        if path == LINES and found.lines and path not in found.properties:
            return Taken(found, None, is_over_lines=True)
        taken = self._property(found, path)
        if taken is None:
            self._refuse_property(node, found, path)
        return Taken(found, taken, taken.is_of_line)

    def _event_type(self, node: Event) -> EventType:
        if node.is_any:
            self.fail(NotYet, node, construct=f"`any {node.names[0]}`")
        found = self.catalog.event(node.names[0])
        if found is None:
            known = [name for event in self.catalog.events.values() for name in (event.short, event.name) if name]
            close = _quoted(spell_path((name,)) for name in nearest(node.names[0], known))
            self.fail(UnknownEvent, node, name=spell_path(node.names[:1]), nearest=close)
        self.events.add(found.name)
        return found

    def _property_in_where(self, node: Path, event: EventType) -> Kind:
        found = self._property(event, node.names)
        if found is not None:
            return found.kind
        if node.names == EVENT_NAME:
            self.fail(EventNameOutside, node, event=event.short or event.name)
        if self._trait_kind(node.names) is not None:
            self.fail(TraitInWhere, node, event=event.short or event.name, name=spell_path(node.names))
        self._refuse_property(node, event, node.names)

    def _property(self, event: EventType, names: Names) -> Property | None:
        found = event.property(names)
        if found is None and names[0] != LINES[0]:
            kinds = {path: known.kind for path, known in event.properties.items()}
            return Property(names, Kind.ANY) if _is_inside_object(names, kinds) else None
        return found

    def _refuse_property(self, node: Node, event: EventType, names: Names) -> NoReturn:
        lines = [spell_path(LINES + path) if path in event.properties else spell_path(path) for path in event.lines]
        close = _likely(names, [*map(spell_path, event.properties), *lines])
        name = spell_path(names)
        self.fail(UnknownProperty, node, event=event.short or event.name, name=name, nearest=close)


def _is_inside_object(names: Names, kinds: dict[Names, Kind]) -> bool:
    """Whether a path goes into an object of which nobody has said what is inside."""
    for end in range(len(names) - 1, 0, -1):
        above = names[:end]
        if above in kinds:
            is_described = any(path[:end] == above and len(path) > end for path in kinds)
            return kinds[above] is Kind.OBJECT and not is_described
    return False


def _likely(names: Names, known: list[str]) -> str | None:
    return _quoted(nearest(spell_path(names), known))


def _quoted(names: Iterable[str]) -> str | None:
    """Names in backticks with `or` between them; None of none."""
    return " or ".join(f"`{name}`" for name in names) or None
