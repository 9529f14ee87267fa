"""What the names of a definition mean in a catalog, and which of them it uses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NoReturn

from intarsia.errors import Phrase, UserError, one_of
from intarsia.geometry import is_on_globe
from intarsia.language.advice.names import (
    about_event,
    about_letters,
    about_property,
    about_segment,
    about_trait,
    instead_of_trait,
)
from intarsia.language.advice.told import Told
from intarsia.language.catalog import Catalog, EventType, Kind, Property, nearest
from intarsia.language.meaning.areas import LATITUDE, LONGITUDE
from intarsia.language.meaning.consents import pair
from intarsia.language.problems.checking import (
    NoRates,
    NotAnEvent,
    TraitInWhere,
    UnknownCurrency,
    UnknownEvent,
    UnknownProperty,
    UnknownSegment,
    UnknownTrait,
)
from intarsia.language.problems.places import NoAreas, NoConsents, OffTheGlobe, UnknownArea, UnknownConsent
from intarsia.language.tree import Consent, Event, InSegment, InsideArea, Moved, Near, Node, Number, Path, Test
from intarsia.language.words.spelling import spell_name, spell_path
from intarsia.language.writing.show import show

PROFILE = ("profile",)
"""The profile id: a text that every person has."""
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

    text      what the tree was read from, for errors; None if it was built
    problems  where all of them are wanted; None: the first is raised
    """

    catalog: Catalog
    text: str | None = None
    traits: set[Names] = field(default_factory=set)
    events: set[str] = field(default_factory=set)
    segments: set[str] = field(default_factory=set)
    problems: list[UserError] | None = None

    @contextmanager
    def gathering(self) -> Iterator[None]:
        """A problem of what is checked inside is put to the others, where all are wanted."""
        try:
            yield
        except UserError as problem:
            if self.problems is None:
                raise
            self.problems.append(problem)

    def fail(self, error: type[UserError], node: Node, **facts: object) -> NoReturn:
        """Raise an error about a node."""
        raise error(text=self.text, span=node.span, **facts)

    # --- people

    def path(self, node: Path, scope: Scope, tested: Test | None = None) -> Kind:
        """The kind of what a name means: a trait of a person, or in a `where` a property of the event.

        tested  the test of it, if it is tested itself; for what a reader is told to write instead
        """
        if scope.event is not None:
            return self._property_in_where(node, scope.event)
        if node.names == PROFILE:
            return Kind.TEXT
        kind = self._trait_kind(node.names)
        if kind is None:
            known = [*map(spell_path, self.catalog.traits), *PROFILE]
            close = _likely(node.names, known)
            told = about_letters(spell_path(node.names), known)
            told = told or instead_of_trait(node.names, self.catalog, self._rest(node, tested))
            step = _step(told or (None if close else about_trait(node.names, self.catalog)))
            self.fail(UnknownTrait, node, name=spell_path(node.names), nearest=close, next_step=step)
        self.traits.add(node.names)
        return kind

    def _rest(self, node: Path, tested: Test | None) -> str | None:
        """What stands behind the name in its test, as it is written where there is a text."""
        if tested is None or self.text is None or tested.span is None or node.span is None:
            return None if tested is None else show(tested).removeprefix(show(node))
        return self.text[node.span.end : tested.span.end]

    def _trait_kind(self, names: Names) -> Kind | None:
        trait = self.catalog.trait(names)
        if trait is not None:
            return trait.kind
        is_inside = _is_inside_object(names, {path: known.kind for path, known in self.catalog.traits.items()})
        return Kind.ANY if is_inside else None

    def segment(self, node: InSegment | Moved) -> None:
        """Remember a segment that is named."""
        if node.name not in self.catalog.segments:
            close = _quoted(nearest(node.name, sorted(self.catalog.segments)))
            step = None if close else Phrase(*about_segment(self.catalog))
            self.fail(UnknownSegment, node, name=node.name, nearest=close, next_step=step)
        self.segments.add(node.name)

    def area(self, node: InsideArea) -> None:
        """Refuse an area that nobody has added; what decides are the traits of the place."""
        if not self.catalog.areas:
            self.fail(NoAreas, node, name=node.name)
        if node.name not in self.catalog.areas:
            close = _quoted(nearest(node.name, sorted(self.catalog.areas)) or sorted(self.catalog.areas)[:3])
            self.fail(UnknownArea, node, name=node.name, nearest=close)
        self.traits.update((LATITUDE, LONGITUDE))

    def point(self, node: Near) -> None:
        """Refuse what is no place, or no distance."""
        if not is_on_globe(node.latitude, node.longitude) or node.kilometres <= 0:
            place = {"latitude": node.latitude, "longitude": node.longitude, "kilometres": node.kilometres}
            self.fail(OffTheGlobe, node, **place)
        self.traits.update((LATITUDE, LONGITUDE))

    def currency(self, node: Number) -> None:
        """Refuse a currency of which there are no rates: no test with it would ever hold."""
        own, known = self.catalog.currency, sorted(self.catalog.rates.currencies)
        if node.currency in (None, own, *known):
            return
        if not known:
            self.fail(NoRates, node, currency=node.currency, own=own)
        close = _quoted(nearest(str(node.currency), [own, *known]) or known[:3])
        self.fail(UnknownCurrency, node, currency=node.currency, nearest=close)

    def consent(self, node: Consent) -> None:
        """Refuse a channel and a purpose about which nobody was asked: the condition would hold for nobody."""
        if not self.catalog.consents:
            self.fail(NoConsents, node)
        if pair(node.channel, node.purpose) not in self.catalog.consents:
            known = {f"{channel} for {purpose}": (channel, purpose) for channel, purpose in self.catalog.consents}
            close = nearest(f"{node.channel} for {node.purpose}", sorted(known)) or sorted(known)[:3]
            named = ", ".join(f"`{' for '.join(map(spell_name, known[text]))}`" for text in close)
            self.fail(UnknownConsent, node, channel=node.channel, purpose=node.purpose, nearest=named)

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
        return Taken(found, taken, taken.is_of_line or taken.otherwise is not None)

    def _event_type(self, node: Event) -> EventType:
        found = self.catalog.event_of(node)
        if found is None:
            known = [name for event in self.catalog.events.values() for name in (event.short, event.name) if name]
            close = _quoted(spell_path((name,)) for name in nearest(node.names[0], known))
            told = about_letters(node.names[0], known)
            step = _step(told or (None if close else about_event(node.names, self.catalog)))
            self.fail(UnknownEvent, node, name=spell_path(node.names[:1]), nearest=close, next_step=step)
        if found.name in self.catalog.events:
            self.events.add(found.name)
        return found

    def _property_in_where(self, node: Path, event: EventType) -> Kind:
        found = self._property(event, node.names)
        if found is not None:
            return found.kind
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
        known = [*map(spell_path, event.properties), *lines]
        close, name = _likely(names, known), spell_path(names)
        step = _step(about_letters(name, known) or (None if close else about_property(event)))
        self.fail(UnknownProperty, node, event=event.short or event.name, name=name, nearest=close, next_step=step)


def _is_inside_object(names: Names, kinds: dict[Names, Kind]) -> bool:
    """Whether a path goes into an object of which nobody has said what is inside."""
    deepest = max(map(len, kinds), default=0)
    for end in range(min(len(names) - 1, deepest), 0, -1):
        above = names[:end]
        if above in kinds:
            is_described = any(path[:end] == above and len(path) > end for path in kinds)
            return kinds[above] is Kind.OBJECT and not is_described
    return False


def _step(told: Told | None) -> Phrase | None:
    return None if told is None else Phrase(*told)


def _likely(names: Names, known: list[str]) -> Phrase | None:
    return _quoted(nearest(spell_path(names), known))


def _quoted(names: Iterable[str]) -> Phrase | None:
    """One of several names in backticks; None of none."""
    return one_of(f"`{name}`" for name in names)
