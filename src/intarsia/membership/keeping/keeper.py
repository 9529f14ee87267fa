"""The keeper: one life after another, and who wants to know of changes."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Sequence

from intarsia.engine.live.changed import Change
from intarsia.engine.live.live import Live
from intarsia.lake.faults import SnapshotGone
from intarsia.membership.keeping.life import Account, Life, Parts


class Keeper:
    """Keeps the members of all segments up to date, for one workspace; one at a time, in one thread.

    `step` takes what has come and lets time go on; `settle` brings it into the record and the ledger, learns what
    others have recorded or defined, and checks itself.

    subscribers  are told of changes as soon as they are known, before they are in the ledger: after a crash once more
    """

    def __init__(self, parts: Parts, at: int, subscribers: Iterable[Callable[[Sequence[Change]], None]] = ()) -> None:
        self._parts = parts
        self._subscribers = list(subscribers)
        self.account = Account()
        self._life = self._begun(at)

    @property
    def live(self) -> Live:
        """Who is in which segment."""
        return self._life.live

    @property
    def at(self) -> int:
        """As of when everything is, milliseconds UTC."""
        return self._life.live.at

    @property
    def is_pressing(self) -> bool:
        """Whether somebody is where they are not known to be before the next writing."""
        return bool(self._life.live.unread or (self._life.live.by_others and self._life.waiting))

    @property
    def waiting(self) -> int:
        """How many messages are taken and not recorded yet."""
        return self._life.waiting

    @property
    def is_behind(self) -> bool:
        """Whether messages have come that are not taken."""
        return self._life.is_behind

    @property
    def has_news(self) -> bool:
        """Whether anything is not written down yet, or is found only then."""
        return self._life.has_news

    def step(self, at: int) -> bool:
        """Let it be an instant, milliseconds UTC, and take what has come by now; whether anything had."""
        try:
            return self._life.step(at)
        except SnapshotGone:  # somebody was erased
            self._begin_anew(at)
            return True

    def settle(self, at: int) -> None:
        """Bring everything into the record and the ledger as of an instant; raises what the disk or another does."""
        try:
            goes_on = self._life.settle(at)
        except SnapshotGone:
            goes_on = False
        if not goes_on:
            self._begin_anew(at)

    def _begin_anew(self, at: int) -> None:
        at = max(at, self.at)
        self._life.close()
        self._life = self._begun(at)

    def _begun(self, at: int) -> Life:
        """A new life, whose millions of objects the collector of garbage need not look through again and again."""
        gc.unfreeze()
        life = Life(self._parts, at, self.account, self._tell)
        gc.collect()
        gc.freeze()
        return life

    def keep(self) -> None:
        """Keep the columns for the next keeper, should this one end without being closed."""
        self._life.keep()

    def close(self) -> None:
        """Settle, and keep the columns for the next keeper."""
        self.settle(self.at)
        self._life.keep()
        self._life.close()
        gc.unfreeze()

    def _tell(self, changes: Sequence[Change]) -> None:
        for subscriber in self._subscribers:
            subscriber(changes)
