"""What a load needs of the record, stated here so that this stage does not depend on the next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Any, Protocol

from intarsia.errors import UserError
from intarsia.language.meaning.consents import Pair


class Receipt(Protocol):
    """What became of the messages of one call.

    statuses  one a message: "accepted", "duplicate", "conflicting" or "rejected"
    faults    by the number of a rejected message, from 0, why it was
    rounded   numbers that came finer than they are kept; cut: times
    withheld  the numbers of rejected messages of which nothing is to be kept anywhere
    """

    @property
    def statuses(self) -> Sequence[str]:
        """One word a message, in the order of the messages."""
        ...

    @property
    def faults(self) -> Mapping[int, UserError]:
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


class Version(Protocol):
    """The latest version of an order.

    message_id   of that version; content_id: of the latest that is no cancellation, None: there is none
    occurred_at  its time, milliseconds UTC
    """

    @property
    def message_id(self) -> str:
        """Of the latest version."""
        ...

    @property
    def content_id(self) -> str | None:
        """Of the latest version that is no cancellation."""
        ...

    @property
    def occurred_at(self) -> int:
        """Milliseconds UTC."""
        ...


class Recorder(Protocol):
    """Keeps the messages of one load, and says what is kept already."""

    def begin(self, file: str, shape: str, recorded_at: int, said: Mapping[str, object]) -> None:
        """Write the load down before anything of it is kept; `file_digest` in `said` tells which file it is."""
        ...

    def end(self, said: Mapping[str, object]) -> None:
        """Write down that the load came to its end, with what was said at its begin, and what became of it."""
        ...

    def loaded(self, file_digest: str) -> Sequence[int]:
        """When loads of such a file began that came to their end, milliseconds UTC, the latest last."""
        ...

    def record(self, messages: list[dict[str, Any]], recorded_at: int) -> Receipt:
        """Keep the messages as known since `recorded_at` (milliseconds UTC)."""
        ...

    def known_profiles(self, ids: Sequence[str]) -> set[str]:
        """Those of the profile ids of which something is recorded."""
        ...

    def known_messages(self, ids: Sequence[str]) -> set[str]:
        """Those of the message ids that are recorded."""
        ...

    def latest_versions(self, order_ids: Sequence[str]) -> Mapping[str, Version]:
        """Of each order id of which a version (completed, updated, cancelled) is recorded, the latest.

        An order of which only a refund is recorded is not known: its first version is still to come.
        """
        ...

    def differing(self, messages: Mapping[int, Mapping[str, Any]], at: int) -> Mapping[int, Mapping[str, str]]:
        """By place of an identify message, its traits that have another value as of `at`, with whose message it is."""
        ...

    def latest_consents(self, profile_ids: Sequence[str], at: int) -> Mapping[tuple[str, Pair], str]:
        """By profile, channel and purpose, the name of the latest message about that consent as of `at`."""
        ...

    def erased(self, profile_ids: Iterable[str]) -> Mapping[str, UserError]:
        """Those of the ids whose people were erased, with what is to be said of them."""
        ...
