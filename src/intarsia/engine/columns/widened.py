"""Columns of an earlier state, with a place for everybody who has come since."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from intarsia.engine.columns.columns import ConsentState, Recorded
from intarsia.engine.columns.profile_ids import ProfileIds
from intarsia.engine.columns.rows import Names, Rows
from intarsia.engine.columns.values import UNKNOWN, Array, Coded, Numbered, Values
from intarsia.language.catalog import EventType


class Widened:
    """Columns with so many places, at least as many as they have; of who has come since nothing is known."""

    def __init__(self, columns: Recorded, size: int) -> None:
        self._columns = columns
        self.size = size
        self.catalog = columns.catalog

    @property
    def has_refunds(self) -> bool:
        """Whether anything was refunded."""
        return self._columns.has_refunds

    def base(self) -> Array:
        """Who is in the base."""
        return self._wide(self._columns.base())

    def trait(self, names: Names) -> Values:
        """What a trait is of everybody."""
        found = self._columns.trait(names)
        if isinstance(found, Coded):
            return Coded(self._wide(found.codes), found.dictionary)
        return Numbered(self._wide(found.numbers, UNKNOWN))

    def recorded(self, names: Names) -> Coded:
        """What was recorded of a trait of everybody."""
        found = self._columns.recorded(names)
        return Coded(self._wide(found.codes), found.dictionary)

    def rows(self, event: EventType, paths: Iterable[Names], line_paths: Iterable[Names], *, with_lines: bool) -> Rows:
        """What everybody did of one type."""
        found = self._columns.rows(event, paths, line_paths, with_lines=with_lines)
        return Rows(self._ended(found.first), found.at, found.columns, found.lines)

    def refunds(self, event: EventType, taken: Names, paths: Iterable[Names]) -> Rows:
        """The refunds of everybody's orders."""
        found = self._columns.refunds(event, taken, paths)
        return Rows(self._ended(found.first), found.at, found.columns, found.lines)

    def consents(self, channel: str, purpose: str) -> tuple[Array, list[ConsentState]]:
        """What each person agreed to, as the place of a state, and the states."""
        places, states = self._columns.consents(channel, purpose)
        return self._wide(places), states

    def buckets(self, salt: str) -> Array:
        """The bucket of each person for a salt."""
        return self._wide(self._columns.buckets(salt))

    def order_of_ids(self) -> Array:
        """The place of everybody in the order of profile ids; who has come since is behind."""
        found = self._columns.order_of_ids()
        return np.append(found, np.arange(len(found), self.size, dtype=found.dtype))

    def profile_ids(self) -> ProfileIds:
        """The profile ids of everybody; who has come since has none."""
        return self._columns.profile_ids().widened(self.size)

    def identified(self) -> Array:
        """Who is known by name."""
        return self._wide(self._columns.identified())

    def _wide(self, values: Array, filling: int = 0) -> Array:
        more = self.size - len(values)
        return np.append(values, np.full(more, filling, values.dtype)) if more > 0 else values

    def _ended(self, first: Array) -> Array:
        more = self.size + 1 - len(first)
        return np.append(first, np.full(more, first[-1], first.dtype)) if more > 0 else first
