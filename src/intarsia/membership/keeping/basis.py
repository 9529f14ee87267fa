"""What members rest on beside the record: definitions, pins, words, areas, rates; and what an edit of them concerns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from intarsia.clock import FIRST, LAST
from intarsia.language.catalog import ANY_EVENT, Catalog, EventType
from intarsia.language.checking.named import Pin
from intarsia.segment.asking import Asking
from intarsia.segment.definitions import Definition

T = TypeVar("T")


@dataclass(frozen=True)
class Basis:
    """What members rest on, as of a question.

    pins   by the segment's id; others: areas, rates and channels of consent
    """

    definitions: Mapping[str, Definition]
    pins: Mapping[str, tuple[Pin, ...]]
    catalog: Catalog
    others: tuple[Any, ...]

    @classmethod
    def of(cls, asking: Asking) -> Basis:
        """What members rest on now."""
        catalog = asking.catalog
        others = (catalog.areas, catalog.rates.recorded_within(FIRST, LAST), catalog.consents)
        return cls(dict(asking.definitions), dict(asking.register.pins), catalog, others)

    def differs(self, before: Basis) -> bool:
        """Whether anything is another than before."""
        same = (self.definitions, self.pins, self.others) == (before.definitions, before.pins, before.others)
        words = (self.catalog.traits, self.catalog.events)
        return not same or words != (before.catalog.traits, before.catalog.events)

    def edited(self, before: Basis) -> set[str] | None:
        """The names of the segments that are defined otherwise than before, or new; None: all may be."""
        if self.others != before.others or not _has_only_grown(self.catalog, before.catalog):
            return None
        return {name for name, now in self.definitions.items() if self._says(now) != before._says_of(name)}

    def _says(self, definition: Definition) -> tuple[Definition, tuple[Pin, ...]]:
        return definition, self.pins.get(definition.segment_id, ())

    def _says_of(self, name: str) -> tuple[Definition, tuple[Pin, ...]] | None:
        return self._says(self.definitions[name]) if name in self.definitions else None


def _has_only_grown(now: Catalog, before: Catalog) -> bool:
    """Whether every word means what it meant, and no new one means what another did."""
    events = {**before.events, ANY_EVENT: before.any_event}
    return _holds(now.traits, before.traits) and all(
        _means_the_same(now.any_event if name == ANY_EVENT else now.events.get(name), event)
        for name, event in events.items()
    )


def _means_the_same(now: EventType | None, before: EventType) -> bool:
    if now is None or (now.short, now.former) != (before.short, before.former):
        return False
    new = (now.properties.keys() | now.lines.keys()) - (before.properties.keys() | before.lines.keys())
    apart = not (new & now.properties.keys() & now.lines.keys())
    moved = (now.properties.keys() - before.properties.keys()) & before.lines.keys()
    moved |= (now.lines.keys() - before.lines.keys()) & before.properties.keys()
    return apart and not moved and _holds(now.properties, before.properties) and _holds(now.lines, before.lines)


def _holds(now: Mapping[Any, T], before: Mapping[Any, T]) -> bool:
    return all(now.get(name) == said for name, said in before.items())
