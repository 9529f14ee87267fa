"""Pins and exclusions: people whom somebody put into a segment by hand, or keeps out of it (rule 39)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from intarsia.clock import to_iso
from intarsia.errors import UserError
from intarsia.language.checking.named import Pin
from intarsia.segment.definitions import Definitions
from intarsia.speech import mark
from intarsia.store.store import Store


class NoReason(UserError):
    """A pin or an exclusion of which nobody would know why."""

    code = "segment.no-reason"
    says = mark("a pin needs a reason, and this one is empty")
    advises = mark("say it in a few words with `--reason`; it is shown wherever the person is")


class ExpiresBefore(UserError):
    """A pin that would have expired before it was made."""

    code = "segment.pin-expires-before"
    says = mark("the pin would end at {until}, which is not after {present}")
    advises = mark("give `--until` a later time, or leave it out")


class NotPinned(UserError):
    """Somebody is to be unpinned who is neither pinned nor excluded."""

    code = "segment.not-pinned"
    says = mark("`{profile_id}` is neither pinned to `{name}` nor kept out of it by hand; nothing was changed")
    advises = mark("`intarsia segment show` lists who is")


class Pins:
    """The pins and exclusions of one store; each stays for the past when it is taken back or has expired."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._definitions = Definitions(store)

    def put(self, name: str, profile_ids: Sequence[str], pin: Pin) -> list[Pin]:
        """Pin some people to a segment, or keep them out of it; the one of that sort before is taken back.

        pin  what is to be of each of them, its `profile_id` apart
        Raises `NoSuchSegment`, `NoReason`, `ExpiresBefore`.
        """
        if not pin.reason.strip():
            raise NoReason()
        if pin.until is not None and pin.until <= pin.created_at:
            raise ExpiresBefore(until=to_iso(pin.until), present=to_iso(pin.created_at))
        segment_id = self._definitions.get(name).segment_id
        with self._store.change() as connection:
            for profile_id in dict.fromkeys(profile_ids):
                connection.execute(
                    "update pin set removed_at = ? where segment_id = ? and profile_id = ? and is_exclusion = ? "
                    "and removed_at is null",
                    (pin.created_at, segment_id, profile_id, pin.is_exclusion),
                )
                connection.execute(
                    "insert into pin (segment_id, profile_id, is_exclusion, reason, author, created_at, until) "
                    "values (?, ?, ?, ?, ?, ?, ?)",
                    (segment_id, profile_id, pin.is_exclusion, pin.reason, pin.author, pin.created_at, pin.until),
                )
        return self.of(name)

    def take_back(self, name: str, profile_ids: Sequence[str], at: int) -> list[Pin]:
        """End the pins and exclusions of some people; raises `NoSuchSegment`, `NotPinned`, and then changes nothing."""
        segment_id = self._definitions.get(name).segment_id
        with self._store.change() as connection:
            for profile_id in dict.fromkeys(profile_ids):
                done = connection.execute(
                    "update pin set removed_at = ? where segment_id = ? and profile_id = ? and removed_at is null",
                    (at, segment_id, profile_id),
                )
                if not done.rowcount:
                    raise NotPinned(profile_id=profile_id, name=name)
        return self.of(name)

    def of(self, name: str) -> list[Pin]:
        """Every pin and exclusion that was ever made for a segment, oldest first; raises `NoSuchSegment`."""
        return list(pins_of(self._store).get(self._definitions.get(name).segment_id, ()))


def pins_of(store: Store) -> Mapping[str, tuple[Pin, ...]]:
    """All pins and exclusions that were ever made, by the segment's id, oldest first."""
    found: dict[str, list[Pin]] = {}
    for row in store.rows("select * from pin order by pin_id"):
        found.setdefault(row["segment_id"], []).append(_pin(row))
    return {segment_id: tuple(pins) for segment_id, pins in found.items()}


def _pin(row: Any) -> Pin:
    return Pin(
        row["profile_id"],
        bool(row["is_exclusion"]),
        row["reason"],
        row["created_at"],
        row["until"],
        row["removed_at"],
        row["author"],
    )
