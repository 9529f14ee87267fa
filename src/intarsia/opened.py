"""An open folder: its settings and its time, its tables and its store, the record over them, and who is one person."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from intarsia.clock import to_instant
from intarsia.config import Settings
from intarsia.ids import new_id

if TYPE_CHECKING:
    from datetime import datetime

    from intarsia.identity.identities import Identities
    from intarsia.lake.damage import Damage
    from intarsia.lake.lake import Lake
    from intarsia.lake.session import Session
    from intarsia.profile.erased import Erasure
    from intarsia.profile.erasure import Erasures
    from intarsia.record.record import Receipt, Record
    from intarsia.store.store import Store

LAKE_FOLDER = "lake"
STORE_FILE = "store.sqlite"

Clock = Callable[[], int]


class Opened:
    """What every part of a workspace stands on; each is made at its first use."""

    def __init__(self, path: Path, settings: Settings, clock: Clock) -> None:
        self.path = path
        self.settings = settings
        self.repaired: tuple[Damage, ...] = ()
        self.erased: tuple[Erasure, ...] = ()
        self._clock = clock

    # --- time

    def now(self) -> int:
        """The present, milliseconds UTC; what is recorded now gets it."""
        return self._clock()

    def instant(self, when: str | datetime | None) -> int:
        """An instant that a caller names; None: `as_of` of the settings, else the present. Milliseconds UTC."""
        if when is None:
            when = self.settings.as_of or None
        return self.now() if when is None else to_instant(when, self.settings.zone)

    def _known_until(self, when: str | datetime | None) -> int | None:
        """Until when a question looks at what was recorded; None: at all that is there."""
        return None if when is None else to_instant(when, self.settings.zone)

    def new_id(self) -> str:
        """An id that sorts by time."""
        return new_id(self.now(), os.urandom(10))

    # --- parts

    @cached_property
    def lake(self) -> Lake:
        """The tables on disk; what a power cut has torn of them is taken away first, and listed in `repaired`.

        Erasures that were cut off are finished, and listed in `erased`. Raises `LakeDamaged` where something stands on
        what is torn.
        """
        from intarsia.lake.lake import Lake

        lake = Lake(self.path / LAKE_FOLDER)
        if lake.check():
            # A torn end is of an append that was never acknowledged: whoever made it repeats it.
            self.repaired = lake.repair()
        from intarsia.record.barred import was_cut_off

        if "identities" in lake.grown or was_cut_off(self.store):
            vars(self)["lake"] = lake  # for those who carry it on
            self.identity.catch_up()
            self.erased = self._erasures.carry_on()
        return lake

    def finish_erasures(self) -> tuple[Erasure, ...]:
        """Finish erasures that were cut off; those that are done now. One that somebody is at is left to them."""
        if not self.is_erasing:
            return ()
        _ = self.lake  # carries them on when it is opened
        return self.erased

    @property
    def is_erasing(self) -> bool:
        """Whether an erasure has begun and not come to its end."""
        from intarsia.record.barred import was_cut_off

        return was_cut_off(self.store)

    @cached_property
    def store(self) -> Store:
        """What people decided."""
        from intarsia.store.store import Store

        return Store(self.path / STORE_FILE)

    def session(self) -> Session:
        """A session over the present state of the lake; close it after use."""
        from intarsia.lake.session import Session

        return Session(self.lake, memory_limit=self.settings.memory_limit, threads=self.settings.threads)

    @cached_property
    def _record(self) -> Record:
        from intarsia.record.record import Record

        return Record(
            self.lake,
            self.store,
            zone=self.settings.zone,
            currency=self.settings.currency,
            open_session=self.session,
            claims=self.identity.claims,
        )

    @cached_property
    def identity(self) -> Identities:
        """Who is one person: show, shared, merge, unmerge, kinds of identifiers."""
        from intarsia.identity.identities import Identities

        settings = self.settings
        return Identities(
            self.lake,
            self.store,
            country=settings.country,
            joining=settings.identity_joins,
            most=settings.identity_most,
            open_session=self.session,
            now=self.now,
            zone=settings.zone,
            new_id=self.new_id,
        )

    # --- the record

    def record(
        self,
        messages: Sequence[Mapping[str, Any]],
        recorded_at: str | datetime | None = None,
        *,
        load_id: str | None = None,
    ) -> Receipt:
        """Take messages of Segment's spec into the record, each exactly once by its `messageId`.

        recorded_at  when we learn of them; None: now
        Returns how many were accepted, duplicate, conflicting and rejected, with reasons. What is accepted is on
        the disk; in any order, late or shuffled, the same set of messages gives the same answers.
        """
        at = self.now() if recorded_at is None else to_instant(recorded_at, self.settings.zone)
        return self._record.record(messages, recorded_at=at, load_id=load_id or self.new_id())

    @cached_property
    def _erasures(self) -> Erasures:
        from intarsia.membership.erasing import erasures

        return erasures(
            self.lake,
            self.store,
            folder=self.path,
            currency=self.settings.currency,
            open_session=self.session,
            people_of=self.identity.people_of,
            keep_apart=self.identity.keep_apart,
            kinds=self.identity.kinds,
            zone=self.settings.zone,
            now=self.now,
            new_id=self.new_id,
            chance=os.urandom,
        )

    # --- opening and closing

    def close(self) -> None:
        """Let go of the files."""
        if "store" in self.__dict__:
            self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
