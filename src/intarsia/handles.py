"""What is looked at before something open is used: that this process opened it, and that it is still in its place."""

from __future__ import annotations

import os
import stat
import weakref
from collections.abc import Iterable
from pathlib import Path

from intarsia.errors import UserError
from intarsia.speech import mark

_Seen = tuple[int, ...] | None


class ForkedConnection(UserError):
    """A process uses what the process that it was forked from had opened."""

    code = "store.forked"
    says = mark("process {process} was forked from one that had a workspace open, and cannot use what was opened there")
    advises = mark("nothing was changed; open the workspace in each process after the fork, or start it by `spawn`")


class Opener:
    """The process that opened something; in one that was forked from it, connections of SQLite and DuckDB are dead.

    holder       the object that connections belong to
    connections  are neither closed nor freed in a forked process: that would take locks from the process that uses
                 them, or wait for threads that a fork does not copy, and end in a segmentation fault
    """

    def __init__(self, holder: object, *connections: object) -> None:
        self._process = os.getpid()
        for connection in connections:
            weakref.finalize(holder, _leave, connection, self._process)

    @property
    def is_here(self) -> bool:
        """Whether this process is the one."""
        return os.getpid() == self._process

    def check(self) -> None:
        """Raise `ForkedConnection` in every other process."""
        if not self.is_here:
            raise ForkedConnection(process=os.getpid())


class SamePlaces:
    """Files and folders as they are now, each known by its device and number: a removed or replaced one has others.

    A link that comes in the place of a file is seen too, though it may lead to that file: whoever opens it by the link
    puts its journal elsewhere.
    """

    def __init__(self, paths: Iterable[Path]) -> None:
        self._seen = {path.absolute(): _seen(path) for path in paths}

    def changed(self) -> Path | None:
        """The first that is not what it was; None: all are."""
        return next((path for path, seen in self._seen.items() if _seen(path) != seen), None)


def _leave(connection: object, process: int) -> None:
    """Keep a forked process from freeing what it must not touch, when Python ends, too."""
    if os.getpid() != process:
        import ctypes

        ctypes.pythonapi.Py_IncRef(ctypes.py_object(connection))


def _seen(path: Path) -> _Seen:
    """What a path is, and if it is a link, what it leads to; None: nothing."""
    try:
        own = path.lstat()
        target = path.stat() if stat.S_ISLNK(own.st_mode) else own
    except (FileNotFoundError, NotADirectoryError):
        return None
    return own.st_dev, own.st_ino, target.st_dev, target.st_ino
