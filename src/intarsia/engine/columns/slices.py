"""Some of the people as columns of their own: those whom new facts concern, or a sample."""

from __future__ import annotations

from collections.abc import Iterable

from intarsia.engine.columns.columns import Columns, ConsentState
from intarsia.engine.columns.profile_ids import ProfileIds
from intarsia.engine.columns.rows import Names, Rows
from intarsia.engine.columns.values import Array, Values
from intarsia.language.catalog import EventType


class Slice:
    """The people in some places of other columns, in that order; their dictionaries are shared."""

    def __init__(self, whole: Columns, people: Array) -> None:
        self._whole = whole
        self._people = people
        self.catalog = whole.catalog

    @property
    def size(self) -> int:
        """How many they are."""
        return len(self._people)

    @property
    def has_refunds(self) -> bool:
        """Whether anything was refunded, to whomever."""
        return self._whole.has_refunds

    def base(self) -> Array:
        """Who is in the base."""
        return self._whole.base()[self._people]

    def trait(self, names: Names) -> Values:
        """What a trait is of each of them."""
        return self._whole.trait(names).taken(self._people)

    def rows(self, event: EventType, paths: Iterable[Names], line_paths: Iterable[Names], *, with_lines: bool) -> Rows:
        """What they did of one type."""
        return self._whole.rows(event, paths, line_paths, with_lines=with_lines).taken(self._people)

    def refunds(self, event: EventType, taken: Names, paths: Iterable[Names]) -> Rows:
        """The refunds of their orders."""
        return self._whole.refunds(event, taken, paths).taken(self._people)

    def consents(self, channel: str, purpose: str) -> tuple[Array, list[ConsentState]]:
        """What each of them agreed to."""
        places, states = self._whole.consents(channel, purpose)
        return places[self._people], states

    def buckets(self, salt: str) -> Array:
        """The bucket of each of them for a salt."""
        return self._whole.buckets(salt)[self._people]

    def order_of_ids(self) -> Array:
        """The place of each in the order of all profile ids."""
        return self._whole.order_of_ids()[self._people]

    def profile_ids(self) -> ProfileIds:
        """The profile ids of each of them."""
        return self._whole.profile_ids().taken(self._people)

    def identified(self) -> Array:
        """Which of them are known by name."""
        return self._whole.identified()[self._people]
