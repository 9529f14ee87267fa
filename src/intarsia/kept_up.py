"""Who is in which segment, kept: the ledger, evaluations that bring it up to date, and the worker that keeps it so."""

from __future__ import annotations

import os
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING

from intarsia.config import FILE_NAME, read_settings
from intarsia.errors import UserError
from intarsia.opened import CACHE_FOLDER
from intarsia.recorded import Recorded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from intarsia.engine.live.changed import Change
    from intarsia.errors import Phrase
    from intarsia.membership.keeping.keeper import Keeper
    from intarsia.membership.memberships import Memberships
    from intarsia.membership.runs import Run
    from intarsia.report.status import Status


class KeptUp(Recorded):
    """What a workspace knows of memberships; `Workspace` adds the segments and what is made of them."""

    _settings_seen: tuple[int, int, int] | None = None

    def evaluate(self, at: str | datetime | None = None, known_at: str | datetime | None = None) -> Run:
        """Bring the ledger of memberships up to a question: all segments, one state of the record.

        at        the instant; None: `as_of` of the settings, else the present; never before that of the last run
        known_at  what was recorded later is left out; None: nothing is
        Raises `Backwards`. A segment that is invalid keeps its members and is reported in the answer.
        """
        from intarsia.membership.evaluate import Evaluations

        self.project()
        evaluations = Evaluations(
            self.lake,
            self.store,
            sessions=self.sessions,
            catalog=self.catalog,
            joins=self.identity.joins,
            now=self.now,
            new_id=self.new_id,
        )
        return evaluations.run(self.instant(at), self._known_until(known_at))

    def keeper(
        self,
        subscribers: Iterable[Callable[[Sequence[Change]], None]] = (),
        *,
        log: Callable[[Phrase], None] = lambda _: None,
    ) -> Keeper:
        """What keeps all segments up to date as messages come and time goes by; one at a time.

        subscribers  are told of who enters and leaves as soon as that is known
        log          takes what was found torn on the disk and is worked out anew, in sentences
        """
        from intarsia.engine.columns.held_memory import hold_memory
        from intarsia.membership.keeping.keeper import Keeper
        from intarsia.membership.keeping.life import Parts
        from intarsia.record.barred import Barred
        from intarsia.record.tail import Tail

        parts = Parts(
            folder=self.path / CACHE_FOLDER,
            lake=self.lake,
            store=self.store,
            journal=self.journal,
            projector=self.projector,
            tail=Tail(Barred(self.store), zone=self.settings.zone, currency=self.settings.currency),
            ask=self._asked,
            open_session=self.session,
            erased=lambda: self.erased_so_far,
            now=self.now,
            new_id=self.new_id,
            log=log,
        )
        last, at = self.memberships.last_run(), self.instant(None)
        if last is not None and not self.settings.as_of:
            at = max(at, last.look.at)  # a clock may have been set back
        hold_memory()
        return Keeper(parts, at, subscribers)

    def work(
        self,
        wait: Callable[[float], bool],
        subscribers: Iterable[Callable[[Sequence[Change]], None]] = (),
        *,
        log: Callable[[Phrase], None] = lambda _: None,
    ) -> bool:
        """Keep all segments up to date, and write everything down in time, until it is time to stop.

        True: before that the settings were changed; whoever opens the workspace again goes on by the new ones.

        wait  waits so many seconds at most, and says whether it is time to stop: `threading.Event().wait`
        log   takes what was brought in or mended of what a crash has left, in sentences
        Raises `AlreadyWorking`.
        """
        from intarsia.membership.keeping.worker import Worker

        worker = Worker(
            self.lake,
            self.store,
            folder=self.path / CACHE_FOLDER,
            begin=lambda: self.keeper(subscribers, log=log),
            wait=wait,
            now=self.now,
            at=lambda: self.instant(None),
            process=os.getpid(),
            has_other_settings=self._has_other_settings,
            log=log,
        )
        for told in self.told_at_opening():
            log(told)
        return worker.run()

    def _has_other_settings(self) -> bool:
        """Whether the settings say something else by now; what cannot be read yet, or any more, says nothing."""
        found = (self.path / FILE_NAME).stat()
        version = found.st_ino, found.st_size, found.st_mtime_ns
        if version == self._settings_seen:
            return False
        self._settings_seen = version
        with suppress(UserError):
            return read_settings(self.path) != self.settings
        return False

    def status(self) -> Status:
        """How the workspace gets on: the worker, what waits, and each segment with as of when it is known."""
        from intarsia.report.status import status

        return status(self.lake, self.store, waiting=self.messages_waiting, last=self.memberships.last_run())

    @cached_property
    def memberships(self) -> Memberships:
        """The ledger of who entered and left which segment: current, history, sizes."""
        from intarsia.membership.memberships import Memberships

        return Memberships(self.lake, self.store, open_session=self.session, people_of=self.identity.people_of)
