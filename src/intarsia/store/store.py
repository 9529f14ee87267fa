"""The store: one SQLite file with what people decided, in tables whose schema is stated once."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from intarsia.errors import OutsideError, UserError, phrase
from intarsia.speech import mark
from intarsia.store.guard import Guard

SCHEMA_FILES = tuple(Path(__file__).parent / "schema" / f"{number}.sql" for number in range(1, 7))
"""What brings a store from each version to the next; a file that was released is never changed."""
SCHEMA_VERSION = len(SCHEMA_FILES)
BUSY_MILLISECONDS = 5000

_BUSY = frozenset((sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED))
_FAILED = frozenset(
    (
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_READONLY,
    )
)


class StoreBusy(OutsideError):
    """Another process holds the store for longer than we wait."""

    code = "store.busy"
    again = True
    says = mark("the store of the workspace is in use by another process: {reason}")
    advises = mark("nothing was changed; try again in a moment")


class StoreFailed(OutsideError):
    """The file of the store is damaged, or the disk refuses."""

    code = "store.failed"
    says = mark("the store {path} cannot be used: {reason}")
    advises = mark("look at the free space and the rights of the folder; a damaged file comes back from a back-up only")


class StoreTooNew(UserError):
    """The store was written by a later version of intarsia."""

    code = "store.too-new"
    says = mark("the workspace was last used by a newer intarsia (store version {found}, this one knows {known})")
    advises = mark("install the newer version; nothing was changed")


class Store:
    """Connections to one store; safe to use from several processes, one object a thread.

    Every change is one transaction, begun as a writer (so that two writers wait instead of failing) and
    on the disk when it returns.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with told(self._path):
            self._connection = sqlite3.connect(path, isolation_level=None, timeout=BUSY_MILLISECONDS / 1000)
            self._connection.row_factory = sqlite3.Row
            self._connection.execute("pragma journal_mode = wal")
            self._connection.execute("pragma synchronous = full")
            self._connection.execute("pragma foreign_keys = on")
            self._connection.execute("pragma secure_delete = on")
            found = self._connection.execute("pragma user_version").fetchone()[0]  # reading makes the log
            self._guard = Guard(self, self._connection, path)
            self._migrate(found)

    @property
    def path(self) -> Path:
        """The file, for another object in another thread."""
        return self._path

    def _migrate(self, found: int) -> None:
        if found > SCHEMA_VERSION:
            raise StoreTooNew(found=found, known=SCHEMA_VERSION)
        if found < SCHEMA_VERSION:
            with self.change() as connection:
                reached = connection.execute("pragma user_version").fetchone()[0]
                for path in SCHEMA_FILES[reached:]:
                    for statement in _statements(path):
                        connection.execute(statement)
                connection.execute(f"pragma user_version = {SCHEMA_VERSION}")

    @property
    def edition(self) -> int:
        """A number that is another once another object or process has changed the store."""
        with told(self._path):
            return int(self._connection.execute("pragma data_version").fetchone()[0])

    @contextmanager
    def change(self) -> Iterator[sqlite3.Connection]:
        """A transaction: all of it or nothing, and in the file at the path.

        Raises `StoreBusy` when another writer does not end, `StoreFailed`, `StoreSwapped`, `ForkedConnection`.
        """
        with transaction(self._connection, self._path, self._guard):
            yield self._connection

    @contextmanager
    def rehearsal(self) -> Iterator[sqlite3.Connection]:
        """A transaction of which nothing is kept: for whoever wants to see what a change would make of the store.

        What is asked of this object inside it sees the change. Raises as `change` does.
        """
        with told(self._path, self._guard):
            self._connection.execute("begin immediate")
            try:
                yield self._connection
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("rollback")

    def rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        """The rows of a question; `values` are bound."""
        with told(self._path, self._guard):
            return self._connection.execute(sql, values).fetchall()

    def row(self, sql: str, *values: object) -> sqlite3.Row | None:
        """The first row of a question, or None."""
        with told(self._path, self._guard):
            found: sqlite3.Row | None = self._connection.execute(sql, values).fetchone()
        return found

    def purge(self) -> None:
        """Leave no byte of what was deleted, neither in the file nor in its journal.

        `secure_delete` blanks rows, but pages that were reordered may hold a copy. Raises `StoreBusy` while another
        process reads or writes; it may be repeated.
        """
        with told(self._path, self._guard):
            self._guard.check_files()
            self._connection.execute("vacuum")
            is_busy = self._connection.execute("pragma wal_checkpoint(truncate)").fetchone()[0]
        if is_busy:
            raise StoreBusy(reason=phrase("its journal is being read"))

    def close(self) -> None:
        """Close the connection; in a forked process it is left to the one that opened it."""
        if self._guard.is_here:
            self._connection.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@contextmanager
def told(path: Path, guard: Guard | None = None) -> Iterator[None]:
    """Turns what SQLite and the disk refuse into our errors; a mistake in a statement stays what it is.

    guard  of the connection that is used; None: it is only being opened. Raises `ForkedConnection`
    """
    if guard is not None:
        guard.check_process()
    try:
        yield
    except sqlite3.DatabaseError as error:
        code = error.sqlite_errorcode & 0xFF if hasattr(error, "sqlite_errorcode") else 0
        if code in _BUSY:
            raise StoreBusy(reason=error) from error
        if code in _FAILED:
            raise StoreFailed(path=path, reason=error) from error
        raise


@contextmanager
def transaction(connection: sqlite3.Connection, path: Path, guard: Guard) -> Iterator[None]:
    """All of what is done inside, or nothing; raises as `told` does, and `StoreSwapped`.

    Whoever comes out of it without an error has written into the file that is at the path.
    """
    with told(path, guard):
        connection.execute("begin immediate")
        try:
            guard.check_files()
            yield
            connection.execute("commit")
            guard.check_files()
        except BaseException:
            if connection.in_transaction:
                connection.execute("rollback")
            raise


def _statements(path: Path) -> Iterator[str]:
    statement = ""
    for line in path.read_text(encoding="utf-8").splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
