"""What a load needs of the record, stated here so that this stage does not depend on the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import Any, Protocol


class Receipt(Protocol):
    """What became of the messages of one call.

    statuses  one a message: "accepted", "duplicate", "conflicting" or "rejected"
    reasons   by the number of a rejected message, from 0, a sentence
    rounded   numbers that came finer than they are kept; cut: times
    withheld  the numbers of rejected messages of which nothing is to be kept anywhere
    """

    @property
    def statuses(self) -> Sequence[str]:
        """One word a message, in the order of the messages."""
        ...

    @property
    def reasons(self) -> Mapping[int, str]:
        """By the number of the message."""
        ...

    @property
    def rounded(self) -> int:
        """Numbers of more than six places."""
        ...

    @property
    def cut(self) -> int:
        """Times finer than a millisecond."""
        ...

    @property
    def withheld(self) -> Set[int]:
        """Numbers of messages."""
        ...


class Recorder(Protocol):
    """Keeps messages, and says what it has already."""

    def record(self, messages: list[dict[str, Any]], recorded_at: int) -> Receipt:
        """Keep the messages as known since `recorded_at` (milliseconds UTC)."""
        ...

    def known_profiles(self, ids: Sequence[str]) -> set[str]:
        """Those of the profile ids of which something is recorded."""
        ...

    def known_orders(self, ids: Sequence[str]) -> set[str]:
        """Those of the order ids of which a version (completed, updated, cancelled) is recorded.

        An order of which only a refund is recorded is not known: its first version is still to come.
        """
        ...

    def known_messages(self, ids: Sequence[str]) -> set[str]:
        """Those of the message ids that are recorded."""
        ...
