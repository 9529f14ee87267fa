"""The worker: looks at the clock and at the journal, and sees to it that everything is written down in time."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from intarsia.errors import OutsideError, Phrase, UserError, phrase
from intarsia.lake.faults import LakeBusy
from intarsia.lake.lake import Lake
from intarsia.lake.lock import WritingLock
from intarsia.membership.keeping.keeper import Keeper
from intarsia.membership.keeping.working import LOCK, working
from intarsia.segment.present import GONE, is_kept
from intarsia.speech import mark
from intarsia.store.store import Store

LOOK_MILLISECONDS = 10
"""So often it is looked whether messages have come."""
TICK_MILLISECONDS = 1000
"""So often time goes on."""
SETTLE_MILLISECONDS = 60_000
"""What has come is written down after so long."""
IDLE_MILLISECONDS = 600_000
"""When nothing comes, it is written down so often that nothing has."""
MESSAGES_MOST = 50_000
"""So many messages are written down sooner."""
WAIT_SECONDS = 1.0
"""So long another worker is waited for, which may be about to end, or somebody who asks whether there is one."""
SHARE = 20
"""What presses is written down sooner too, in one part of so many of the time at most."""
LEISURE = 100
"""What does not press waits longer where it takes long: meanwhile nobody is told of what comes."""
SOON_MILLISECONDS = 500
SAY_MILLISECONDS = 5000
KEEP_MILLISECONDS = 3_600_000
"""So often the columns are kept for the next worker, if anything has come;"""
KEPT_FROM = 100
"""sooner once more messages have come than this part of everybody: one of so many. Of too many who have changed columns
are made anew, by whoever needs them."""

BEGUN = phrase("keeping all segments up to date; Ctrl-C ends it")


class AlreadyWorking(UserError):
    """Another process keeps the segments of the workspace up to date."""

    code = "membership.already-working"
    says = mark("a worker runs for this workspace already")
    advises = mark("one is enough: `intarsia status` says how it gets on")


class Worker:
    """Keeps a keeper going.

    folder  where the keeper keeps columns; begin: makes it
    wait    waits so many seconds at most, and says whether it is time to stop
    now     the present, milliseconds UTC; at: as of when the segments are asked; process: the number of this one
    has_other_settings  whether the settings say something else than when the workspace was opened
    log     takes what whoever runs it is to know, in sentences
    """

    def __init__(
        self,
        lake: Lake,
        store: Store,
        *,
        folder: Path,
        begin: Callable[[], Keeper],
        wait: Callable[[float], bool],
        now: Callable[[], int],
        at: Callable[[], int],
        process: int,
        has_other_settings: Callable[[], bool],
        log: Callable[[Phrase], None],
    ) -> None:
        self._lake = lake
        self._store = store
        self._folder = folder
        self._log = log
        self._begin = begin
        self._wait = wait
        self._now = now
        self._at = at
        self._process = process
        self._has_other_settings = has_other_settings
        self._trouble: str | None = None
        self._settled_at = self._tried_at = self._said_at = self._ticked_at = self._kept_at = 0
        self._took = self._kept_taken = self._keeping_took = 0
        self._edition = self._lives = 0
        self._is_edited = False

    def run(self) -> bool:
        """Work until it is time to stop, or the settings are others: True, and another worker is to go on by them.

        Raises `AlreadyWorking`.
        """
        with ExitStack() as held:
            try:
                held.enter_context(WritingLock(self._lake.path / LOCK, WAIT_SECONDS).held())
            except LakeBusy as error:
                raise AlreadyWorking from error
            self._log(BEGUN)
            return self._work()

    def _work(self) -> bool:
        self._started_at = self._now()
        if working(self._lake, self._store) is not None and not is_kept(self._folder):
            self._log(GONE)
        keeper = self._begin()
        self._edition, self._settled_at, self._kept_at = self._store.edition, self._now(), self._now()
        is_outdated, collected = False, gc.isenabled()
        gc.disable()
        try:
            while not is_outdated and not self._wait(LOOK_MILLISECONDS / 1000):
                with self._troubled():
                    self._go_on(keeper)
                is_outdated = self._has_other_settings()
        except BaseException:
            # What is in memory may be half done: the next worker begins with what is recorded.
            keeper.abandon()
            raise
        finally:
            gc.unfreeze()
            if collected:
                gc.enable()
        self._settle(keeper.close)
        self._say(keeper)
        return is_outdated

    @contextmanager
    def _troubled(self) -> Iterator[None]:
        """Trouble outside is told, and tried again: what has come is in the journal."""
        try:
            yield
        except OutsideError as error:
            self._trouble = error.message()
            self._tried_at = self._now()

    def _go_on(self, keeper: Keeper) -> None:
        now = self._now()
        self._be_no_later_than(now)
        edition = self._store.edition
        if edition != self._edition:
            self._edition, self._is_edited = edition, True
        if keeper.lives != self._lives:
            gc.unfreeze()
            self._collect()
            self._lives = keeper.lives
        if now - self._ticked_at >= TICK_MILLISECONDS or keeper.is_behind:
            self._ticked_at = now
            keeper.step(self._at())
        if self._is_due(keeper, now):
            self._settle(lambda: keeper.settle(self._at()))
            self._collect()
            self._keep(keeper)
            self._say(keeper)
        elif now - self._said_at >= SAY_MILLISECONDS:
            self._say(keeper)

    def _be_no_later_than(self, now: int) -> None:
        """Go on from now where a clock was set back."""
        if now < max(self._settled_at, self._tried_at, self._said_at, self._ticked_at, self._kept_at):
            self._settled_at = self._tried_at = self._said_at = self._ticked_at = self._kept_at = now

    def _collect(self) -> None:
        """Collect what is garbage of what came since the last time; whatever is left is not looked through again.

        By itself Python would do so in the midst of a batch, over the millions of objects of a life.
        """
        gc.collect()
        gc.freeze()

    def _is_due(self, keeper: Keeper, now: int) -> bool:
        """Whether it is time to write down what there is."""
        since = now - self._settled_at
        if now - self._tried_at < max(SOON_MILLISECONDS, SHARE * self._took):
            return False
        presses = keeper.is_pressing or self._is_edited or keeper.waiting >= MESSAGES_MOST
        after = SETTLE_MILLISECONDS if keeper.has_news else IDLE_MILLISECONDS
        return presses or since >= max(after, LEISURE * self._took)

    def _settle(self, settle: Callable[[], None]) -> None:
        self._tried_at = self._now()
        with self._troubled():
            settle()
            self._settled_at, self._trouble, self._is_edited = self._now(), None, False
        self._took = self._now() - self._tried_at

    def _keep(self, keeper: Keeper) -> None:
        came, since = keeper.account.taken - self._kept_taken, self._now() - self._kept_at
        after = LEISURE * self._keeping_took if came * KEPT_FROM > keeper.live.columns.size else KEEP_MILLISECONDS
        if came and since >= after:
            begun = self._now()
            keeper.keep()
            self._kept_at, self._kept_taken = self._now(), keeper.account.taken
            self._keeping_took = self._kept_at - begun

    def _say(self, keeper: Keeper) -> None:
        self._said_at = self._now()
        done = keeper.account
        values = (self._process, self._started_at, self._said_at, keeper.at, done.taken, done.changes, done.checked)
        with self._troubled(), self._store.change() as connection:
            connection.execute(
                "insert or replace into worker values (1, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (*values, json.dumps(done.told), self._trouble),
            )
