"""Columns that stay open once they were read, as a process that goes on running has them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from intarsia.engine.columns.columns import Columns, ConsentState
from intarsia.engine.columns.profile_ids import ProfileIds
from intarsia.engine.columns.rows import Names, Rows
from intarsia.engine.columns.values import Array, Values
from intarsia.language.catalog import EventType


@dataclass(frozen=True)
class _Asked:
    """Which columns of rows."""

    own: frozenset[Names] = frozenset()
    of_lines: frozenset[Names] = frozenset()
    with_lines: bool = False

    def is_in(self, had: _Asked) -> bool:
        return self.own <= had.own and self.of_lines <= had.of_lines and self.with_lines <= had.with_lines

    def and_also(self, had: _Asked) -> _Asked:
        return _Asked(self.own | had.own, self.of_lines | had.of_lines, self.with_lines or had.with_lines)


class Loaded:
    """The columns of another, each asked for once."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._had: dict[Hashable, Any] = {}
        self._rows: dict[tuple[str, bool], tuple[_Asked, Rows]] = {}
        self.catalog = columns.catalog

    def _once(self, key: Hashable, ask: Callable[[], Any]) -> Any:
        if key not in self._had:
            self._had[key] = ask()
        return self._had[key]

    @cached_property
    def size(self) -> int:
        """How many places there are."""
        return self._columns.size

    @cached_property
    def has_refunds(self) -> bool:
        """Whether anything was refunded."""
        return self._columns.has_refunds

    def base(self) -> Array:
        """Who is in the base."""
        found: Array = self._once("base", self._columns.base)
        return found

    def trait(self, names: Names) -> Values:
        """What a trait is of everybody."""
        found: Values = self._once(("trait", names), lambda: self._columns.trait(names))
        return found

    def rows(self, event: EventType, paths: Iterable[Names], line_paths: Iterable[Names], *, with_lines: bool) -> Rows:
        """What everybody did of one type, with the columns of some properties among others."""
        asked = _Asked(frozenset(paths), frozenset(line_paths), with_lines)
        key = (event.name, event.is_any)
        had, rows = self._rows.get(key, (_Asked(), None))
        if rows is None or not asked.is_in(had):
            asked = asked.and_also(had)
            rows = self._columns.rows(event, asked.own, asked.of_lines, with_lines=asked.with_lines)
            self._rows[key] = asked, rows
        return rows

    def refunds(self, event: EventType, taken: Names, paths: Iterable[Names]) -> Rows:
        """Refunds."""
        asked = tuple(sorted(set(paths)))
        key = ("refunds", event.name, event.is_any, taken, asked)
        found: Rows = self._once(key, lambda: self._columns.refunds(event, taken, asked))
        return found

    def consents(self, channel: str, purpose: str) -> tuple[Array, list[ConsentState]]:
        """What each person agreed to."""
        key = ("consents", channel, purpose)
        found: tuple[Array, list[ConsentState]] = self._once(key, lambda: self._columns.consents(channel, purpose))
        return found

    def buckets(self, salt: str) -> Array:
        """The bucket of each person for a salt."""
        found: Array = self._once(("buckets", salt), lambda: self._columns.buckets(salt))
        return found

    def order_of_ids(self) -> Array:
        """The place of everybody in the order of profile ids."""
        found: Array = self._once("order of ids", self._columns.order_of_ids)
        return found

    def profile_ids(self) -> ProfileIds:
        """The profile ids of everybody."""
        found: ProfileIds = self._once("profile ids", self._columns.profile_ids)
        return found

    def identified(self) -> Array:
        """Who is known by name."""
        found: Array = self._once("identified", self._columns.identified)
        return found
