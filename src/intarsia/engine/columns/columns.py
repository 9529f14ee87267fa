"""Columns of people: where they come from does not matter to who asks them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from intarsia.engine.columns.profile_ids import ProfileIds
from intarsia.engine.columns.rows import Names, Rows
from intarsia.engine.columns.values import Array, Coded, Values
from intarsia.language.catalog import Catalog, EventType


@dataclass(frozen=True)
class ConsentState:
    """What somebody said of a channel and purpose.

    state     given, withdrawn or pending; None: nothing
    expires   when a grant ends as it was written, `last_day` if that is a day, `ends_at` if it is an instant
    """

    state: str | None = None
    expires: str | None = None
    last_day: date | None = None
    ends_at: int | None = None


class Columns(Protocol):
    """Some people, who go by their places from 0 up to, not including, `size`."""

    catalog: Catalog

    @property
    def size(self) -> int:
        """How many places there are."""
        ...

    @property
    def has_refunds(self) -> bool:
        """Whether anything was refunded."""
        ...

    def base(self) -> Array:
        """Who is in the base."""
        ...

    def trait(self, names: Names) -> Values:
        """What a trait is of everybody, derived ones as they are derived now."""
        ...

    def rows(self, event: EventType, paths: Iterable[Names], line_paths: Iterable[Names], *, with_lines: bool) -> Rows:
        """What everybody did of one type, with the columns of some properties; of orders those that count."""
        ...

    def refunds(self, event: EventType, taken: Names, paths: Iterable[Names]) -> Rows:
        """Refunds: in the column `GIVEN_BACK` what each takes off; in the others what it is matched by."""
        ...

    def consents(self, channel: str, purpose: str) -> tuple[Array, list[ConsentState]]:
        """What each person agreed to, as the place of a state, and the states; the first is that of silence."""
        ...

    def buckets(self, salt: str) -> Array:
        """The bucket of each person for a salt (rule 38)."""
        ...

    def order_of_ids(self) -> Array:
        """The place of everybody in the order of profile ids."""
        ...

    def profile_ids(self) -> ProfileIds:
        """The profile ids of everybody in the base, all of who was made of several profiles."""
        ...

    def identified(self) -> Array:
        """Who is known by name: of whom some fact came with a `userId`."""
        ...


class Recorded(Columns, Protocol):
    """Columns that tell what was recorded of a trait from what follows from it."""

    def recorded(self, names: Names) -> Coded:
        """What was recorded of a trait of everybody."""
        ...
