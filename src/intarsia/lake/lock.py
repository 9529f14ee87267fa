"""One writer at a time: a lock that the operating system takes away when its holder dies."""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from intarsia.lake.faults import LakeBusy

_PAUSE_SECONDS = 0.02


class WritingLock:
    """The right to write to a lake, for one thread of one process; that thread may take it again while it holds it.

    wait_seconds  how long another holder is waited for before `LakeBusy` is raised

    The lock is `flock` on a file, so it holds on one machine, not across a network file system.
    """

    def __init__(self, path: Path, wait_seconds: float) -> None:
        self._path = path
        self._wait_seconds = wait_seconds
        self._thread = threading.RLock()
        self._depth = 0

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the lock for the length of a `with` block; raises `LakeBusy`."""
        deadline = time.monotonic() + self._wait_seconds
        if not self._thread.acquire(timeout=self._wait_seconds):
            raise self._busy()
        try:
            if self._depth:
                with self._deeper():
                    yield
                return
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
            try:
                self._wait_for(descriptor, deadline)
                with self._deeper():
                    yield
            finally:
                os.close(descriptor)
        finally:
            self._thread.release()

    @contextmanager
    def _deeper(self) -> Iterator[None]:
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1

    def _wait_for(self, descriptor: int, deadline: float) -> None:
        pause = threading.Event()
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    raise self._busy() from None
                pause.wait(_PAUSE_SECONDS)
            else:
                return

    def _busy(self) -> LakeBusy:
        return LakeBusy(path=self._path.parent, seconds=self._wait_seconds)
