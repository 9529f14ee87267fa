"""Where a session puts what does not fit into memory: a folder in the lake, found again when its process was killed."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FOLDER = ".spill"
_LOCK = ".lock"


class Spill:
    """A folder of one session's own, for as long as the session lasts.

    It is locked, so that `sweep` can tell it from one that a killed process left. A forked process leaves it alone.
    """

    def __init__(self, lake: Path) -> None:
        with _listing(lake):
            self._folder = Path(tempfile.mkdtemp(dir=lake / FOLDER, prefix=""))
            self._lock = _locked(self._folder / _LOCK)
        self._remove = weakref.finalize(self, _remove, self._folder, self._lock, os.getpid())

    @property
    def path(self) -> str:
        """The folder; DuckDB makes it below the locked one when it needs it."""
        return str(self._folder / "duckdb")

    def close(self) -> None:
        """Remove the folder; safe to repeat."""
        self._remove()


def sweep(lake: Path) -> int:
    """Remove the folders of sessions whose process was killed; how many are left, of sessions that go on."""
    running = 0
    with _listing(lake):
        for folder in sorted((lake / FOLDER).iterdir()):
            lock = _locked(folder / _LOCK) if folder.is_dir() else None
            if lock is None:
                running += folder.is_dir()
                continue
            shutil.rmtree(folder)
            os.close(lock)
    return running


def _remove(folder: Path, lock: int | None, process: int) -> None:
    """Remove the folder of a session that is closed, or that nobody holds any more."""
    if os.getpid() != process:
        return
    shutil.rmtree(folder, ignore_errors=True)
    if lock is not None:
        os.close(lock)


@contextmanager
def _listing(lake: Path) -> Iterator[None]:
    """Keep others from adding and removing folders: one that is made is locked before anybody may look."""
    (lake / FOLDER).mkdir(exist_ok=True)
    descriptor = os.open(lake / FOLDER, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _locked(path: Path) -> int | None:
    """A descriptor that holds the lock on a file; None: somebody else does."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor
