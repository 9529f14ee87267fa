"""What is looked at before a file of SQLite is used: that this process opened it, and that it is still at its path."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from intarsia.errors import OutsideError
from intarsia.handles import Opener, SamePlaces
from intarsia.speech import mark

_BESIDE = ("", "-wal", "-shm")
"""The files of one store: changes are first in its log, and how far that is read is in the third."""


class StoreSwapped(OutsideError):
    """A file of the store was removed or replaced while it was open."""

    code = "store.swapped"
    says = mark("{path} was removed or replaced while it was open; nothing more is written to it")
    advises = mark("put the right file back and open the workspace anew; the last change may be in the old file only")


class Guard:
    """The guard of one connection; make it when the file and its log are there.

    holder  the object that the connection belongs to
    """

    def __init__(self, holder: object, connection: sqlite3.Connection, path: Path) -> None:
        self._opener = Opener(holder, connection)
        real = path.resolve()
        self._places = SamePlaces((path, *(real.with_name(f"{real.name}{ending}") for ending in _BESIDE)))

    @property
    def is_here(self) -> bool:
        """Whether this process opened the connection."""
        return self._opener.is_here

    def check_process(self) -> None:
        """Raise `ForkedConnection` in a process that was forked from the one that opened it."""
        self._opener.check()

    def check_files(self) -> None:
        """Raise `StoreSwapped` if what would be written now, or was written just now, is not at the path."""
        changed = self._places.changed()
        if changed is not None:
            raise StoreSwapped(path=changed)
