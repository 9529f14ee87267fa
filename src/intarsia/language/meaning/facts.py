"""What happened, as the language sees it: facts of one person, in plain Python values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

Json = None | bool | Decimal | str | Sequence["Json"] | Mapping[str, "Json"]
"""A value of a trait or property. Every number is a Decimal of at most six places; never a float."""


@dataclass(frozen=True)
class Fact:
    """One message as it was kept: an event, or a statement about traits.

    id           the message id; facts of one instant are ordered by it
    kind         "identify", "track", "page", "screen", "group" or "alias"
    name         the event's name: of a track its `event`, else the kind
    occurred_at  when it happened, milliseconds since 1970 UTC
    recorded_at  when we learned it, milliseconds since 1970 UTC
    is_undated   an identify that came without a time; `occurred_at` is then `recorded_at`
    properties   an event's properties or an identify's traits, order lines taken out
    lines        the order's lines, in their order
    is_anonymous it came without a `userId`, so it tells nobody's name
    """

    id: str
    kind: str
    name: str
    occurred_at: int
    recorded_at: int
    is_undated: bool = False
    properties: Mapping[str, Json] = field(default_factory=dict)
    lines: tuple[Mapping[str, Json], ...] = ()
    is_anonymous: bool = False


@dataclass(frozen=True)
class Person:
    """A profile with everything that is recorded of it, or several that are one person; `facts` in any order.

    id         the profile id; of several the one that was known first
    other_ids  those of the others, in the order of their bytes
    """

    id: str
    facts: tuple[Fact, ...] = ()
    other_ids: tuple[str, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """All profile ids of the person, the own one first."""
        return self.id, *self.other_ids
