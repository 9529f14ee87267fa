"""Sessions over the present state of a lake, which share one database as long as that stays the same."""

from __future__ import annotations

import threading

from intarsia.lake.lake import Lake
from intarsia.lake.session import Session


class Sessions:
    """Opens sessions, in any thread: to begin a database takes thirty milliseconds, a connection to it takes one.

    memory_limit, threads  of a database: all sessions over one state share them
    A session that is opened here leaves the views of `lake` as they are, for others see them; one that `alone` opens
    may change them.
    """

    def __init__(self, lake: Lake, *, memory_limit: str, threads: int) -> None:
        self._lake = lake
        self._memory_limit = memory_limit
        self._threads = threads
        self._trunk: Session | None = None
        self._lock = threading.Lock()

    def open(self) -> Session:
        """A session over the present state; close it after use."""
        with self._lock:
            if self._trunk is None or not self._trunk.is_present():
                # Whoever goes on with the former one holds it for as long as that takes.
                self._trunk = self.alone()
            return self._trunk.share()

    def alone(self) -> Session:
        """A session over the present state with a database of its own; close it after use."""
        return Session(self._lake, memory_limit=self._memory_limit, threads=self._threads)

    def let_go(self) -> None:
        """Keep no database beyond the sessions that are open: nothing of what it holds stays in memory."""
        with self._lock:
            self._trunk = None
