"""Columns of one made-up person, who did everything once: whoever asks them learns what every record would answer."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from intarsia.engine.columns.columns import ConsentState
from intarsia.engine.columns.event_rows import GIVEN_BACK
from intarsia.engine.columns.profile_ids import ProfileIds
from intarsia.engine.columns.rows import Lines, Names, Rows
from intarsia.engine.columns.values import Array, Coded, Dictionary, Values
from intarsia.language.catalog import Catalog, EventType

DAY = "2024-01-01"
"""The value of everything: a text that is a day, so that every operator has something to look at."""


class Blank:
    """Everything that columns may have, of one person; `has_refunds`: whether anything was refunded."""

    size = 1

    def __init__(self, catalog: Catalog, *, has_refunds: bool) -> None:
        self.catalog = catalog
        self._has_refunds = has_refunds

    @property
    def has_refunds(self) -> bool:
        """Whether anything was refunded."""
        return self._has_refunds

    def base(self) -> Array:
        """Who is in the base."""
        return np.zeros(1, np.bool_)

    def trait(self, names: Names) -> Values:  # noqa: ARG002 - all are the same
        """What a trait is of everybody."""
        return _day()

    def rows(self, event: EventType, paths: Iterable[Names], line_paths: Iterable[Names], *, with_lines: bool) -> Rows:
        """What everybody did of one type."""
        own, lines = {path: _day() for path in paths}, None
        if event.lines and with_lines:
            lines = Lines(_one_each(), {path: _day() for path in line_paths})
        return Rows(_one_each(), np.zeros(1, np.int64), own, lines)

    def refunds(self, event: EventType, taken: Names, paths: Iterable[Names]) -> Rows:  # noqa: ARG002 - as above
        """Refunds."""
        columns = {path: _day() for path in (GIVEN_BACK, *paths)}
        return Rows(_one_each(), np.zeros(1, np.int64), columns)

    def consents(self, channel: str, purpose: str) -> tuple[Array, list[ConsentState]]:  # noqa: ARG002 - as above
        """What each person agreed to."""
        return np.zeros(1, np.int32), [ConsentState()]

    def buckets(self, salt: str) -> Array:  # noqa: ARG002 - as above
        """The bucket of each person for a salt."""
        return np.zeros(1, np.int64)

    def order_of_ids(self) -> Array:
        """The place of everybody in the order of profile ids."""
        return np.zeros(1, np.int64)

    def profile_ids(self) -> ProfileIds:
        """The profile ids of everybody."""
        return ProfileIds.of(((DAY,),))

    def identified(self) -> Array:
        """Who is known by name."""
        return np.zeros(1, np.bool_)


def _day() -> Coded:
    return Coded(np.ones(1, np.uint8), Dictionary([None, DAY], [f'"{DAY}"']))


def _one_each() -> Array:
    """Where the rows of one group begin and end, which has one."""
    return np.arange(2)
