"""One table's folder: the only module that speaks to Delta. Who may write, and when, is `Lake`'s to say."""

from __future__ import annotations

import errno
import os
import re
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote

import pyarrow as pa
from deltalake import CommitProperties, DeltaTable, Schema, Transaction, WriterProperties, write_deltalake
from deltalake.exceptions import CommitFailedError, DeltaError

from intarsia.errors import Phrase
from intarsia.handles import ForkedConnection
from intarsia.lake.durable import LOG, Sync, sync_commits, sync_folders
from intarsia.lake.erase import drop_past, of_people, of_rows, sizes
from intarsia.lake.faults import DiskFailed, LakeContended, LakeDamaged, RowsAstray, RowsChanged
from intarsia.lake.schemas import Table

COMMIT_ATTEMPTS = 10
"""How often a commit is tried that another program's commit got in the way of."""

_SETTINGS = {
    "delta.checkpointInterval": "50",
    "delta.logRetentionDuration": "interval 7 days",
    "delta.deletedFileRetentionDuration": "interval 1 days",
}
_SYSTEM_ERROR = re.compile(r"\(os error (\d+)\)")
Written = TypeVar("Written")
_WRITER = WriterProperties(compression="ZSTD", max_row_group_size=262_144)


@dataclass(frozen=True)
class Snapshot:
    """One state of a table: what a reader sees, whatever is written meanwhile.

    version    Delta's number of the state
    files      absolute paths of its Parquet files; they stay for at least a day after they were replaced
    row_count  rows in all files
    """

    table: str
    version: int
    files: tuple[str, ...]
    row_count: int


@dataclass(frozen=True)
class Compaction:
    """What a compaction came to; rows are the same before and after."""

    table: str
    files_before: int
    files_after: int
    row_count: int


class DeltaFolder:
    """The files of one table. Reading is safe from any thread; writing from one at a time."""

    def __init__(self, table: Table, path: Path, sync: Sync) -> None:
        self.table = table
        self.path = path
        self._sync = sync
        self._synced: int | None = None
        self._writer: DeltaTable | None = None
        self._reader: DeltaTable | None = None
        self._reading = threading.Lock()

    @property
    def is_made(self) -> bool:
        """Whether the table's first commit is there."""
        return (self.path / LOG / f"{0:020}.json").exists() or any((self.path / LOG).glob("*.checkpoint*.parquet"))

    def make(self) -> None:
        """Make the empty table, durably."""
        table = self.table
        settings = {**_SETTINGS, "delta.dataSkippingStatsColumns": ",".join(table.statistics)}
        folders = [table.partition] if table.partition else None
        with self._told():
            DeltaTable.create(
                self.path, table.arrow_schema(), name=table.name, partition_by=folders, configuration=settings
            )
            sync_commits(self.path, [0], self._sync)
            sync_folders([self.path.parent], self._sync)

    def snapshot(self) -> Snapshot:
        """The present state."""
        with self._told(), self._reading:
            return self._seen(self._readable())

    def mark_of(self, app_id: str) -> int | None:
        """The greatest version that `app_id` has committed; None: nothing yet."""
        with self._told(), self._reading:
            return self._readable().transaction_version(app_id)

    def append(self, rows: pa.Table, app_id: str, app_version: int, marks: Mapping[str, int]) -> bool:
        """Add rows in one commit with the mark, durably; False if the mark is already there. See `Lake.append`."""
        keys = [self.table.partition, *self.table.sort] if self.table.partition else self.table.sort
        in_order = rows.sort_by([(key, "ascending") for key in keys])
        moved = {**marks, app_id: app_version}
        properties = CommitProperties(app_transactions=[Transaction(name, version) for name, version in moved.items()])

        def write(handle: DeltaTable) -> bool:
            # Delta takes the same mark twice, so it is looked at before each attempt.
            mark = handle.transaction_version(app_id)
            if mark is not None and mark >= app_version:
                return False
            self._add_late_columns(handle)
            write_deltalake(handle, in_order, mode="append", writer_properties=_WRITER, commit_properties=properties)
            return True

        return self._commit(write)

    def compact(self, months: Sequence[str], target_bytes: int) -> Compaction:
        """Make few files of many. See `Lake.compact`."""
        filters: list[tuple[str, str, str | list[str]]] | None = None
        if months and self.table.partition:
            filters = [(self.table.partition, "in", list(months))]

        def write(handle: DeltaTable) -> Compaction:
            before = self._seen(handle)
            handle.optimize.compact(partition_filters=filters, target_size=target_bytes, writer_properties=_WRITER)
            after = self._seen(handle)
            if after.row_count != before.row_count:
                # Delta accepts two compactions of the same files, and every row is then there twice.
                handle.restore(before.version)
                self._sync_through(handle.version())
                raise RowsChanged(
                    table=self.table.name, before=before.row_count, after=after.row_count, version=before.version
                )
            return Compaction(self.table.name, len(before.files), len(after.files), after.row_count)

        return self._commit(write)

    def vacuum(self, hours: int, with_orphans: bool) -> int:
        """Remove files that no state of the last `hours` needs. See `Lake.vacuum`."""

        def write(handle: DeltaTable) -> int:
            removed = handle.vacuum(
                retention_hours=hours, dry_run=False, enforce_retention_duration=False, full=with_orphans
            )
            return len(removed)

        return self._commit(write)

    def erase(self, numbers: Collection[int]) -> int:
        """Remove the rows of some people from the present state; how many. See `Lake.erase`."""

        def write(handle: DeltaTable) -> int:
            before = self._seen(handle)
            removed: int = handle.delete(of_people(numbers), writer_properties=_WRITER)["num_deleted_rows"]
            after = self._seen(handle)
            if after.row_count != before.row_count - removed:
                handle.restore(before.version)
                self._sync_through(handle.version())
                raise RowsAstray(table=self.table.name, before=before.row_count, after=after.row_count, erased=removed)
            return removed

        return self._commit(write)

    def reword(self, column: str, text: str, key: str, numbers: Collection[int]) -> int:
        """Say something else in a column of some rows of the present state; how many. See `Lake.reword`."""

        def write(handle: DeltaTable) -> int:
            before = self._seen(handle)
            said = {column: text}
            done = handle.update(new_values=said, predicate=of_rows(key, numbers), writer_properties=_WRITER)  # type: ignore[arg-type]
            after = self._seen(handle)
            if after.row_count != before.row_count:
                handle.restore(before.version)
                self._sync_through(handle.version())
                raise RowsAstray(table=self.table.name, before=before.row_count, after=after.row_count, erased=0)
            return int(done["num_updated_rows"])

        return self._commit(write)

    def shed(self) -> list[int]:
        """Remove every file that the present state does not need, and the past of the log; the sizes of what went.

        Rows, marks and settings stay. A reader of an older state finds its files gone.
        """

        def write(handle: DeltaTable) -> tuple[int, list[int]]:
            vacuum = partial(handle.vacuum, retention_hours=0, enforce_retention_duration=False, full=True)
            gone = [self.path / unquote(name) for name in vacuum(dry_run=True)]
            removed = sizes(gone)
            vacuum(dry_run=False)
            sync_folders(sorted({path.parent for path in gone if path.parent.exists()}), self._sync)
            handle.create_checkpoint()
            return handle.version(), removed

        version, removed = self._commit(write)
        with self._told():
            sync_commits(self.path, [version], self._sync)
            return removed + drop_past(self.path, version, self._sync)

    def forget(self) -> None:
        """Open the table anew at the next use, for its log was changed by other means than Delta's."""
        self._writer = self._reader = self._synced = None

    def _add_late_columns(self, handle: DeltaTable) -> None:
        """Give the table the columns that came after it was made; rows that are there have null in them."""
        there = {field.name for field in handle.schema().fields}
        late = [field for field in self.table.arrow_schema() if field.name not in there]
        if late:
            handle.alter.add_columns(Schema.from_arrow(pa.schema(late)).fields)

    def _commit(self, write: Callable[[DeltaTable], Written]) -> Written:
        """What `write` answers; it is called again with a new handle when another's commit came in between."""
        for _ in range(COMMIT_ATTEMPTS):
            with self._told():
                handle = self._writable()
                try:
                    written = write(handle)
                except CommitFailedError:
                    continue
                self._sync_through(handle.version())
                self._writer = handle
                return written
        raise LakeContended(table=self.table.name, attempts=COMMIT_ATTEMPTS)

    def _readable(self) -> DeltaTable:
        """A handle on the present state."""
        kept, self._reader = self._reader, None
        self._reader = _fresh(kept, self.path)
        return self._reader

    def _writable(self) -> DeltaTable:
        """A handle that knows the last commit, which is durable before another is put on top of it.

        It is kept for the next time only if everything goes well with it.
        """
        kept, self._writer = self._writer, None
        handle = _fresh(kept, self.path)
        self._sync_through(handle.version())
        return handle

    def _sync_through(self, version: int) -> None:
        # At the first write of a process the last commit may be another's, who was killed before its fsync.
        first = version if self._synced is None else self._synced + 1
        if first > version:
            return
        try:
            sync_commits(self.path, range(first, version + 1), self._sync)
        except ValueError as error:
            # Delta opens a table whose last commit is empty; nothing may be put on top of it.
            reason = error.args[0] if isinstance(error.args[0], Phrase) else error
            raise LakeDamaged(table=self.table.name, reason=reason) from error
        self._synced = version

    def _seen(self, handle: DeltaTable) -> Snapshot:
        # Not `pa.table(..)`, which imports pandas where that is installed: a second, before anything is read.
        actions = pa.RecordBatchReader.from_stream(handle.get_add_actions(flatten=True)).read_all()
        files = tuple(str(self.path / unquote(name)) for name in actions["path"].to_pylist())
        return Snapshot(self.table.name, handle.version(), files, sum(actions["num_records"].to_pylist()))

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turns what Delta and the system raise into our errors."""
        try:
            yield
        except OSError as error:
            raise DiskFailed(table=self.table.name, reason=error) from error
        except DeltaError as error:
            fault = DiskFailed if _is_of_the_system(error) else LakeDamaged
            raise fault(table=self.table.name, reason=_said(error)) from error
        except BaseException as error:
            if _is_of_a_fork(error):
                raise ForkedConnection(process=os.getpid()) from error
            raise


def _is_of_a_fork(error: BaseException) -> bool:
    """Whether Delta was used before this process was forked; it has no class for that which could be imported."""
    return type(error).__name__ == "PanicException" and "Forked process" in str(error)


def _said(error: DeltaError) -> str:
    """What Delta says, without the stack of its own calls below the first line."""
    return str(error).partition("\n")[0]


def _is_of_the_system(error: DeltaError) -> bool:
    """Whether a disk that is full or refuses is behind it; Delta says so only in its text. A missing file is damage."""
    found = _SYSTEM_ERROR.search(str(error))
    return found is not None and int(found[1]) != errno.ENOENT


def _fresh(handle: DeltaTable | None, path: Path) -> DeltaTable:
    """A handle on the present state: the kept one brought up to date, or a new one."""
    if handle is None:
        return DeltaTable(path)
    try:
        handle.update_incremental()
    except DeltaError:
        return DeltaTable(path)
    return handle
