"""Columns that are looked for in a cache first, and built where it has them not."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cached_property

import numpy as np

from intarsia.engine.columns.cache import Cache
from intarsia.engine.columns.columns import ConsentState, Recorded
from intarsia.engine.columns.grown import Grown
from intarsia.engine.columns.profile_ids import ProfileIds
from intarsia.engine.columns.rows import Names, Rows
from intarsia.engine.columns.values import Array, Coded, Values
from intarsia.language.catalog import Catalog, EventType

IDENTIFIED = "identified"
"""Under which name is kept who is known by name."""


class Kept:
    """Columns of everybody; `build`: what has them all, made when something is missing for the first time."""

    def __init__(self, cache: Cache, catalog: Catalog, build: Callable[[], Recorded]) -> None:
        self._cache = cache
        self._build = build
        self.catalog = catalog

    @cached_property
    def _built(self) -> Recorded:
        return self._build()

    @cached_property
    def size(self) -> int:
        """How many places there are."""
        return len(self.base())

    @cached_property
    def has_refunds(self) -> bool:
        """Whether anything was refunded."""
        found = self._cache.array("refunds")
        if found is None:
            found = self._cache.put_array("refunds", np.array([self._built.has_refunds]))
        return bool(found[0])

    def base(self) -> Array:
        """Who is in the base."""
        found = self._cache.array("base")
        return self._cache.put_array("base", self._built.base()) if found is None else found

    def trait(self, names: Names) -> Values:
        """What a trait is of everybody, derived ones as they are derived now."""
        trait = self.catalog.trait(names)
        if trait is not None and trait.changes_by_time:
            return self._built.trait(names)
        name = f"trait {names!r}"
        found = self._cache.values(name)
        return self._cache.put_values(name, self._built.trait(names)) if found is None else found

    def recorded(self, names: Names) -> Coded:
        """What was recorded of a trait of everybody."""
        name = recorded_part(names)
        found = self._cache.values(name)
        found = self._cache.put_values(name, self._built.recorded(names)) if found is None else found
        assert isinstance(found, Coded)
        return found

    def rows(self, event: EventType, paths: Iterable[Names], line_paths: Iterable[Names], *, with_lines: bool) -> Rows:
        """What everybody did of one type, with the columns of some properties; of orders those that count."""
        name = rows_part(event)
        own, of_lines = set(paths), set(line_paths)
        found = self._cache.rows(name, own, of_lines, with_lines=with_lines)
        if found is not None:
            return found
        rows = self._built.rows(event, own, of_lines, with_lines=with_lines)
        return self._cache.put_rows(name, rows, with_lines=with_lines)

    def refunds(self, event: EventType, taken: Names, paths: Iterable[Names]) -> Rows:
        """Refunds: in the column `GIVEN_BACK` what each takes off; in the others what it is matched by."""
        return self._built.refunds(event, taken, paths)

    def consents(self, channel: str, purpose: str) -> tuple[Array, list[ConsentState]]:
        """What each person agreed to, as the place of a state, and the states; the first is that of silence."""
        return self._built.consents(channel, purpose)

    def buckets(self, salt: str) -> Array:
        """The bucket of each person for a salt (rule 38)."""
        return self._built.buckets(salt)

    def order_of_ids(self) -> Array:
        """The place of everybody in the order of profile ids."""
        found = self._cache.array("order of ids")
        return self._cache.put_array("order of ids", self._built.order_of_ids()) if found is None else found

    def profile_ids(self) -> ProfileIds:
        """The profile ids of everybody in the base, all of who was made of several profiles."""
        return self._built.profile_ids()

    def identified(self) -> Array:
        """Who is known by name."""
        found = self._cache.array(IDENTIFIED)
        return self._cache.put_array(IDENTIFIED, self._built.identified()) if found is None else found


def keep_all(cache: Cache, columns: Grown) -> None:
    """Keep everything that was ever asked of columns that grow, as `Kept` looks for it, of the people who are there."""
    size = len(columns.ids)
    cache.put_array("base", columns.base()[:size])
    cache.put_array("refunds", np.array([columns.has_refunds]))
    if (identified := columns.all_identified()) is not None:
        cache.put_array(IDENTIFIED, identified)
    for names, values in columns.all_recorded().items():
        cache.put_values(recorded_part(names), Coded(values.codes[:size], values.dictionary))
    for event, rows, with_lines in columns.all_rows():
        theirs = replace(rows, first=rows.first[: size + 1])
        cache.put_rows(rows_part(event), theirs, with_lines=with_lines)


def recorded_part(names: Names) -> str:
    """Under which name is kept what was recorded of a trait."""
    return f"recorded {names!r}"


def rows_part(event: EventType) -> str:
    """Under which name the rows of a type are kept."""
    return f"{'any' if event.is_any else 'rows'} {event.name}"
