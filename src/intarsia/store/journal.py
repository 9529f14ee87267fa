"""The journal: one SQLite file where messages are put as they come; once they are in it, they are not lost."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple

from intarsia.errors import OutsideError
from intarsia.store.guard import Guard
from intarsia.store.store import told, transaction

_SCHEMA = """
create table if not exists batch (
    batch_no integer primary key autoincrement,
    received_at integer not null,         -- milliseconds since 1970 UTC
    body text not null                    -- JSON, a message a line
) strict;
create table if not exists seen (
    message_id text primary key,
    digest text not null,
    batch_no integer not null
) strict, without rowid;
create index if not exists seen_of_batch on seen (batch_no);
create table if not exists mark (name text primary key, batch_no integer not null) strict, without rowid;
"""
BUSY_MILLISECONDS = 5000

Status = Literal["accepted", "duplicate", "conflicting"]


class Entry(NamedTuple):
    """A message to be put: its id, a digest of its content, and itself as JSON in one line."""

    id: str
    digest: str
    body: str


@dataclass(frozen=True)
class Batch:
    """Messages that were put together; `received_at` in milliseconds UTC."""

    batch_no: int
    received_at: int
    bodies: list[str]


@dataclass
class _Waiting:
    """Messages of one caller, on their way into the file."""

    entries: Sequence[Entry]
    received_at: int
    statuses: list[Status] = field(default_factory=list)
    failure: Exception | None = None
    is_done: bool = False


class Journal:
    """The journal of one workspace; for any threads, and for several processes.

    Callers who come while others are being written share one transaction: so many at once cost little more than one.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writing = threading.Lock()
        self._coming = threading.Lock()
        self._waiting: list[_Waiting] = []
        with told(path):
            self._connection = sqlite3.connect(
                path, isolation_level=None, timeout=BUSY_MILLISECONDS / 1000, check_same_thread=False
            )
            for setting in ("journal_mode = wal", "synchronous = full", "secure_delete = on"):
                self._connection.execute(f"pragma {setting}")
            self._connection.executescript(_SCHEMA)
            self._guard = Guard(self, self._connection, path)

    def put(self, entries: Sequence[Entry], received_at: int) -> list[Status]:
        """Put messages, each once by its id; what is answered is on the disk.

        received_at  milliseconds UTC
        Of two with one id the first counts: the other is a duplicate, or conflicting if it says something else.
        Raises `StoreBusy`, `StoreFailed`, `StoreSwapped`, `ForkedConnection`; then nothing was put.
        """
        self._guard.check_process()
        mine = _Waiting(entries, received_at)
        with self._coming:
            self._waiting.append(mine)
        with self._writing:
            if not mine.is_done:
                with self._coming:
                    # Not among them is who waited for one that was interrupted.
                    together = [*(one for one in self._waiting if one is not mine), mine]
                    self._waiting = []
                self._put(together)
        if mine.failure is not None:
            raise mine.failure
        return mine.statuses

    def _put(self, together: Sequence[_Waiting]) -> None:
        failure = None
        try:
            with self._change() as connection:
                for one in together:
                    one.statuses = _put(connection, one.entries, one.received_at)
        except (OutsideError, sqlite3.Error) as error:
            failure = error
        for one in together:
            one.failure, one.is_done = failure, True

    def after(self, batch_no: int, *, most: int = 1000) -> list[Batch]:
        """The batches after a number, in their order, at most so many."""
        with self._alone(), told(self._path):
            sql = "select batch_no, received_at, body from batch where batch_no > ? order by batch_no limit ?"
            rows = self._connection.execute(sql, (batch_no, most)).fetchall()
        return [Batch(number, received_at, body.split("\n")) for number, received_at, body in rows]

    def messages_after(self, batch_no: int) -> int:
        """How many messages came in batches after a number."""
        return self._number("select count(*) from seen where batch_no > ?", batch_no)

    @property
    def last(self) -> int:
        """The number of the newest batch; 0: there was none."""
        return self._number("select coalesce(max(seq), 0) from sqlite_sequence where name = 'batch'")

    def mark(self, name: str) -> int:
        """Up to which batch somebody has come."""
        return self._number("select coalesce(max(batch_no), 0) from mark where name = ?", name)

    def set_mark(self, name: str, batch_no: int) -> None:
        """Note up to which batch somebody has come; it never goes back."""
        with self._alone(), self._change() as connection:
            connection.execute(
                "insert into mark values (?, ?) on conflict (name) do update set batch_no = max(batch_no, ?)",
                (name, batch_no, batch_no),
            )

    def forget(self, batch_no: int, received_before: int) -> int:
        """Let go of batches up to a number that came before an instant, milliseconds UTC; how many."""
        with self._alone(), self._change() as connection:
            where = "batch_no <= ? and received_at < ?"
            connection.execute(
                f"delete from seen where batch_no in (select batch_no from batch where {where})",  # nosec B608
                (batch_no, received_before),
            )
            found = connection.execute(f"delete from batch where {where}", (batch_no, received_before))  # nosec B608
            return found.rowcount

    def purge(self) -> None:
        """Leave no byte of what was let go of, neither in the file nor in its log; raises `StoreBusy`."""
        with self._alone(), told(self._path):
            self._guard.check_files()
            self._connection.execute("vacuum")
            self._connection.execute("pragma wal_checkpoint(truncate)")

    def close(self) -> None:
        """Let go of the file; in a forked process it is left to the one that opened it."""
        if self._guard.is_here:
            with self._writing:
                self._connection.close()

    def _number(self, sql: str, *values: object) -> int:
        with self._alone(), told(self._path):
            return int(self._connection.execute(sql, values).fetchone()[0])

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """The lock; a forked process does not wait for it, for whoever held it may not be there to let go."""
        self._guard.check_process()
        with self._writing:
            yield

    @contextmanager
    def _change(self) -> Iterator[sqlite3.Connection]:
        """A transaction of whoever holds the lock."""
        with transaction(self._connection, self._path, self._guard):
            yield self._connection


def _put(connection: sqlite3.Connection, entries: Sequence[Entry], received_at: int) -> list[Status]:
    statuses: list[Status] = []
    bodies = []
    found = connection.execute("select coalesce(max(seq), 0) + 1 from sqlite_sequence where name = 'batch'")
    number = found.fetchone()[0]
    for entry in entries:
        known = connection.execute("select digest from seen where message_id = ?", (entry.id,)).fetchone()
        if known is None:
            connection.execute("insert into seen values (?, ?, ?)", (entry.id, entry.digest, number))
            bodies.append(entry.body)
            statuses.append("accepted")
        else:
            statuses.append("duplicate" if known[0] == entry.digest else "conflicting")
    if bodies:
        connection.execute("insert into batch (received_at, body) values (?, ?)", (received_at, "\n".join(bodies)))
    return statuses
