"""The keeper: one life after another, and who wants to know of changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from intarsia.engine.live.changed import Change
from intarsia.engine.live.live import Live
from intarsia.lake.faults import SnapshotGone
from intarsia.membership.keeping.life import Account, BeginAnew, Life, Parts


class Keeper:
    """Keeps the members of all segments up to date, for one workspace; one at a time, in one thread.

    lives  how often it has begun with what is recorded

    `step` takes what has come and lets time go on; `settle` brings it into the record and the ledger, learns what
    others have recorded or defined, and checks itself.

    subscribers  are told of changes as soon as they are known, before they are in the ledger: after a crash once more
    """

    def __init__(self, parts: Parts, at: int, subscribers: Iterable[Callable[[Sequence[Change]], None]] = ()) -> None:
        self._parts = parts
        self._subscribers = list(subscribers)
        self.account = Account()
        self._is_over = False
        self.lives = 1
        self._life = Life(parts, at, self.account, self._tell)

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
        if self._is_over:
            self._begin_anew(at)
        try:
            return self._life.step(at)
        except (BeginAnew, SnapshotGone):
            self._begin_anew(at)
            return True

    def settle(self, at: int) -> None:
        """Bring everything into the record and the ledger as of an instant; raises what the disk or another does."""
        if self._is_over:
            self._begin_anew(at)
        try:
            self._life.settle(at)
        except (BeginAnew, SnapshotGone):
            self._begin_anew(at)

    def _begin_anew(self, at: int) -> None:
        """Another life instead of this one; should that fail now, it is tried again."""
        self._is_over = True
        before, self._life = self._life, Life(self._parts, max(at, self.at), self.account, self._tell)
        self._is_over = False
        self.lives += 1
        before.close()

    def keep(self) -> None:
        """Keep the columns for the next keeper, should this one end without being closed."""
        self._life.keep()

    def close(self) -> None:
        """Settle, and keep the columns for the next keeper."""
        self.settle(self.at)
        self._life.keep()
        self._life.close()

    def abandon(self) -> None:
        """Let go of everything as it is: nothing is lost, for the next keeper begins with what is recorded."""
        self._life.close()

    def _tell(self, changes: Sequence[Change]) -> None:
        for subscriber in self._subscribers:
            subscriber(changes)
