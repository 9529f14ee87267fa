"""Segments with a past, asked by both back ends: what the tests of membership as it was are written with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from intarsia.language import check, parse
from intarsia.language.catalog import Catalog
from intarsia.language.checking.named import FixedList, Named, Pin, Version
from tests.engine.held_tables import HeldTables
from tests.engine.populations import Batch, Message, Population
from tests.engine.shop import instant
from tests.engine.world import World

Versions = str | Sequence[tuple[str, str]]
"""A rule that has always been in force, or rules with the times from which on they are."""

ALWAYS = "1990-01-01"


def pin(who: str, since: str, until: str | None = None, removed: str | None = None, *, out: bool = False) -> Pin:
    """A pin, or with `out` an exclusion."""
    end, taken_back = (None if said is None else instant(said) for said in (until, removed))
    return Pin(who, out, "because", instant(since), end, taken_back)


def named(catalog: Catalog, versions: Versions, pins: Sequence[Pin] = ()) -> Named:
    """A segment by its rules."""
    each = [(ALWAYS, versions)] if isinstance(versions, str) else versions
    return Named(tuple(_version(catalog, since, text) for since, text in each), tuple(pins))


def _version(catalog: Catalog, since: str, text: str) -> Version:
    if text.startswith("--"):
        ids = FixedList(frozenset(text.removeprefix("--").split()))
        return Version(instant(since), lambda: ids)
    return Version(instant(since), lambda: check(parse(text), catalog, text))


class PastShop:
    """People whose messages were recorded when they happened, or later.

    batches   messages by the time at which they were recorded, or by that in milliseconds UTC
    segments  rules by name; a list is `-- ada ben`
    merges    two profiles that are decided to be one, when, and when that is undone
    """

    def __init__(
        self,
        folder: Path,
        batches: Mapping[str, Sequence[Message]],
        segments: Mapping[str, Versions] | None = None,
        *,
        pins: Mapping[str, Sequence[Pin]] | None = None,
        merges: Sequence[tuple[str, str, str, str | None]] = (),
        **settings: Any,
    ) -> None:
        defaults = {"timezone": "Europe/Prague", "currency": "CZK", "threads": 1}
        recorded = tuple(Batch(_when(when), tuple(messages)) for when, messages in batches.items())
        population = Population(recorded, {**defaults, **settings}, (), ())
        self.world = World(folder, population, opens=HeldTables)
        self.segments = dict(segments or {})
        self.pins = dict(pins or {})
        self.merges = tuple(merges)
        for one, other, when, undone in merges:
            self.world.merge(one, other, instant(when))
            if undone is not None:
                self.world.unmerge(one, instant(undone))

    def who(self, text: str, at: str, known_at: str | None = None) -> set[str]:
        """Who is in, by both back ends; an AssertionError where they differ."""
        known = None if known_at is None else instant(known_at)
        return self.who_at(text, instant(at), known)

    def who_at(self, text: str, at: int, known_at: int | None = None) -> set[str]:
        """The same, by instants."""
        rule = parse(text)
        with self.world.ask(at, known_at) as asked:
            asked.catalog = with_segments(asked.catalog, self.segments)
            for name, versions in self.segments.items():
                asked.segments[name] = named(asked.catalog, versions, self.pins.get(name, ()))
            found, expected = asked.by_engine(rule), asked.by_interpreter(rule)
        assert found == expected, f"DuckDB says {sorted(found)}, Python says {sorted(expected)}"
        return set(found)


def with_segments(catalog: Catalog, names: Mapping[str, object]) -> Catalog:
    from dataclasses import replace

    """A catalog in which those segments can be named."""
    return replace(catalog, segments=frozenset(names))


def _when(text: str) -> int:
    return int(text) if text.isdecimal() else instant(text)
