"""An open folder: its settings and its time, its tables and its store, the record over them, and who is one person."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from intarsia.clock import to_instant
from intarsia.config import Settings
from intarsia.errors import OutsideError, Phrase, phrase
from intarsia.ids import new_id

if TYPE_CHECKING:
    from datetime import datetime

    from intarsia.identity.identities import Identities
    from intarsia.lake.damage import Damage
    from intarsia.lake.lake import Lake
    from intarsia.lake.session import Session
    from intarsia.lake.sessions import Sessions
    from intarsia.profile.erased import Erasure
    from intarsia.profile.erasure import Erasures
    from intarsia.record.intake import Intake, Projector
    from intarsia.record.record import Receipt, Record
    from intarsia.record.streams import Received
    from intarsia.store.journal import Journal
    from intarsia.store.store import Store

LAKE_FOLDER = "lake"
STORE_FILE = "store.sqlite"
JOURNAL_FILE = "journal.sqlite"
CACHE_FOLDER = "cache"

Clock = Callable[[], int]


class Opened:
    """What every part of a workspace stands on; each is made at its first use."""

    def __init__(self, path: Path, settings: Settings, clock: Clock) -> None:
        self.path = path
        self.settings = settings
        self.repaired: tuple[Damage, ...] = ()
        self.erased: tuple[Erasure, ...] = ()
        self.brought_in = 0
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

        Erasures that were cut off are finished, and listed in `erased`. What waits in the journal is recorded, unless
        another process keeps it from being so: it waits on then; `brought_in` is how many messages that were. Raises
        `LakeDamaged` where something stands on what is torn.
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
        vars(self)["lake"] = lake  # for those who bring in what waits
        with suppress(OutsideError):
            self.brought_in = self.project()
        return lake

    def told_at_opening(self) -> Iterator[Phrase]:
        """What a crash had left and was seen to when the tables were opened, in sentences."""
        lake = self.lake
        for damage in self.repaired:
            name = damage.path.relative_to(lake.path)
            yield phrase("the end of a write that was cut off is taken away: {name}", name=name)
        if self.brought_in:
            yield phrase("messages that were received before and are recorded now: {count}", count=self.brought_in)

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
        return self.sessions.open()

    @cached_property
    def sessions(self) -> Sessions:
        """What opens sessions over the lake, and keeps what they share."""
        from intarsia.lake.sessions import Sessions

        return Sessions(self.lake, memory_limit=self.settings.memory_limit, threads=self.settings.threads)

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
    def journal(self) -> Journal:
        """Where messages are put as they come, until they are recorded."""
        from intarsia.store.journal import Journal

        return Journal(self.path / JOURNAL_FILE)

    def receive(self, messages: Sequence[Mapping[str, Any]]) -> Receipt:
        """Take messages of Segment's spec into the journal, in a few milliseconds; they are recorded soon after.

        What is answered is on the disk, and what is accepted is not lost; each counts once by its `messageId`. Any
        number of threads and processes may do so at once. Raises `StoreBusy`, `StoreFailed`; then nothing was taken.
        """
        return self._intake.take(messages, self.now())

    def receive_stream(self, pieces: Iterable[bytes], progress: Callable[[int], None] = lambda _: None) -> Received:
        """The same of a stream of JSON objects, one a line; what became of the lines. See `record.streams.receive`.

        progress  is told how many lines are taken, whenever some more are on the disk
        """
        from intarsia.record.streams import Received, receive

        last, repeats = Received(), Counter[str]()
        for last in receive(pieces, lambda messages: self._intake.take(messages, self.now(), repeats)):
            progress(last.lines)
        return last

    @cached_property
    def _intake(self) -> Intake:
        from intarsia.record.barred import Barred
        from intarsia.record.intake import Intake

        return Intake(self.journal, Barred(self.store), zone=self.settings.zone, currency=self.settings.currency)

    @cached_property
    def projector(self) -> Projector:
        """What brings the journal into the record: how many batches wait, and takes them."""
        from intarsia.record.intake import Projector

        return Projector(self.journal, self._record, now=self.now)

    def project(self) -> int:
        """Record what waits in the journal; how many messages were new. Questions do so by themselves."""
        return self.projector.project() if (self.path / JOURNAL_FILE).exists() else 0

    @property
    def messages_waiting(self) -> int:
        """How many messages are in the journal and not recorded yet."""
        return self.projector.messages_waiting if (self.path / JOURNAL_FILE).exists() else 0

    @property
    def erased_so_far(self) -> int:
        """How many people have ever been erased."""
        from intarsia.record.barred import erased_since

        return erased_since(self.store, 0)

    def _drop_columns(self) -> None:
        from intarsia.segment.present import drop

        drop(self.path / CACHE_FOLDER)
        self.sessions.let_go()

    def _forget_journal(self) -> None:
        if (self.path / JOURNAL_FILE).exists():
            self.projector.forget()

    @cached_property
    def _erasures(self) -> Erasures:
        from intarsia.membership.erasing import erasures

        return erasures(
            self.lake,
            self.store,
            folder=self.path,
            settle=self.project,
            drop_columns=self._drop_columns,
            forget_journal=self._forget_journal,
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
        if "sessions" in self.__dict__:
            self.sessions.let_go()
        for part in ("store", "journal"):
            if part in self.__dict__:
                self.__dict__[part].close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
