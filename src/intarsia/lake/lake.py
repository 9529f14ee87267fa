"""The tables on disk: added to by one writer at a time, read by anybody at any time."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa

from intarsia.handles import Opener, SamePlaces
from intarsia.lake.damage import Damage, damages, repair
from intarsia.lake.delta import Compaction, DeltaFolder, Snapshot
from intarsia.lake.durable import Sync, sync_folders
from intarsia.lake.erase import Erased
from intarsia.lake.faults import LakeSwapped, NoLake, NoSuchTable
from intarsia.lake.fit import refuse_misfits
from intarsia.lake.lock import WritingLock
from intarsia.lake.schemas import TABLES

LOCK = ".writing.lock"
WAIT_SECONDS = 30.0
SMALL_FILE_BYTES = 4 * 2**20
KEPT_HOURS = 24
FILES_MOST = 50


class Lake:
    """The tables in a folder. One object may be shared by threads; every process makes its own.

    path          the folder; `Lake.create` makes it
    sync          what makes a file durable, given its descriptor
    wait_seconds  how long a writer waits for another before `LakeBusy`

    `grown` are the tables that came after the lake was made, and were added, empty, when this object was.
    Raises `NoLake` if a table is missing that the lake was made with. Readers never wait and never lock. Once the
    folder, or a table's, was replaced, everything raises `LakeSwapped`; in a forked process, `ForkedConnection`.
    """

    def __init__(self, path: Path, *, sync: Sync = os.fsync, wait_seconds: float = WAIT_SECONDS) -> None:
        self.path = path.absolute()
        self._lock = WritingLock(self.path / LOCK, wait_seconds)
        self._sync = sync
        self._folders = _folders(self.path, sync)
        self._opener, self._places = Opener(self), SamePlaces([self.path])
        missing = [folder for folder in self._folders.values() if not folder.is_made]
        for folder in missing:
            if not folder.table.is_late:
                raise NoLake(path=path, table=folder.table.name)
        self.grown = tuple(folder.table.name for folder in missing)
        if missing:
            self._make(missing)
        self._places = SamePlaces([self.path, *(folder.path for folder in self._folders.values())])

    @classmethod
    def create(cls, path: Path, *, sync: Sync = os.fsync, wait_seconds: float = WAIT_SECONDS) -> Lake:
        """The lake in that folder, with every table that was not there yet made empty; safe to repeat."""
        path.mkdir(parents=True, exist_ok=True)
        with WritingLock(path.absolute() / LOCK, wait_seconds).held():
            for folder in _folders(path.absolute(), sync).values():
                if not folder.is_made:
                    folder.make()
        sync_folders([path.absolute().parent], sync)
        return cls(path, sync=sync, wait_seconds=wait_seconds)

    def _make(self, missing: Sequence[DeltaFolder]) -> None:
        """Make the tables that came after this lake was made."""
        with self.writing():
            for folder in missing:
                if not folder.is_made:
                    folder.make()

    def append(
        self, table: str, rows: pa.Table, *, app_id: str, app_version: int, marks: Mapping[str, int] | None = None
    ) -> bool:
        """Add rows, durably, in one commit that also moves the mark of `app_id` to `app_version`.

        rows         exactly the table's columns (`Table.arrow_schema()`), in any order of rows; none: only the mark
        app_id       who adds: "projector", or one load's own id. It stands in the log for good: nothing personal
        app_version  grows with every append of that `app_id`
        marks        further marks that move with it, by whom they are; they decide nothing
        returns      False, and nothing is written, if the mark has already reached `app_version`; so an append that
                     was cut off may be repeated as it was

        Raises `SchemaDiffers`, `LakeBusy`, `DiskFailed`, `LakeDamaged`. After an error, `mark` says whether the rows
        are in.
        """
        folder = self._folder(table)
        refuse_misfits(folder.table, rows)
        with self.writing():
            return folder.append(rows, app_id, app_version, marks or {})

    def mark_of(self, table: str, app_id: str) -> int | None:
        """The greatest `app_version` that was appended under `app_id`; None: nothing yet."""
        return self._folder(table).mark_of(app_id)

    def snapshot(self, table: str) -> Snapshot:
        """The present state of one table. States of two tables may be taken a commit apart."""
        return self._folder(table).snapshot()

    def compact(self, table: str, *, months: Sequence[str] = (), target_bytes: int = SMALL_FILE_BYTES) -> Compaction:
        """Make few files of many, which keeps reading and committing fast; not a row changes.

        months        only of these values of `recorded_month`; none: of all
        target_bytes  files of at least this size are left alone. 4 MiB after every few appends and 64 MiB at night
                      rewrites each row a few times in all; the largest size every time would rewrite everything

        The old files stay until `vacuum`. Raises `RowsChanged`, `LakeBusy`, `DiskFailed`, `LakeDamaged`.
        """
        with self.writing():
            return self._folder(table).compact(months, target_bytes)

    def vacuum(self, table: str, *, hours: int = KEPT_HOURS, with_orphans: bool = False) -> int:
        """Remove files that were replaced more than `hours` ago; the answer is how many.

        hours         longer than the longest question: a reader of an older state finds its files gone
        with_orphans  look through the folder too for files of writers that were killed; slower

        Raises `LakeBusy`, `DiskFailed`, `LakeDamaged`.
        """
        with self.writing():
            return self._folder(table).vacuum(hours, with_orphans)

    def erase(self, numbers: Collection[int]) -> tuple[Erased, ...]:
        """Take some people out of every table that tells of people: their rows, and every byte that was of them.

        numbers  of their profiles. An id would stay behind, for the log keeps what was asked to be deleted

        First the rows go from all tables, then the files that held them and the log's past; safe to repeat when it was
        cut off. Questions over an older state are told `SnapshotGone`. It rewrites every file that has a row of them.
        Raises `RowsAstray`, `LakeBusy`, `DiskFailed`, `LakeDamaged`.
        """
        folders = [folder for folder in reversed(self._folders.values()) if folder.table.is_of_people]
        with self.writing():
            rows = [folder.erase(numbers) for folder in folders]
            shed = [folder.shed() for folder in folders]
        return tuple(
            Erased(folder.table.name, count, len(removed), sum(removed))
            for folder, count, removed in zip(folders, rows, shed, strict=True)
        )

    def reword(self, table: str, column: str, text: str, *, key: str, numbers: Collection[int]) -> int:
        """Put a text in the place of what a column says in some rows, durably; how many rows that were.

        key, numbers  the column of numbers by which the rows are known, and those that are meant
        What stood there before stays in old files until `erase`. Raises `RowsAstray`, `LakeBusy`, `DiskFailed`,
        `LakeDamaged`.
        """
        with self.writing():
            return self._folder(table).reword(column, text, key, numbers) if numbers else 0

    def tidy(self) -> tuple[str, ...]:
        """Compact every table of more than `FILES_MOST` live files and drop what is long replaced; their names.

        For those who append: a question grows slower with every file, a compaction of this few takes half a second.
        """
        grown = tuple(name for name in TABLES if len(self.snapshot(name).files) > FILES_MOST)
        for name in grown:
            self.compact(name)
            self.vacuum(name)
        return grown

    def check(self) -> tuple[Damage, ...]:
        """What a power cut has left torn or missing at the end of the tables' logs; nothing is changed."""
        return tuple(damage for folder in self._folders.values() for damage in damages(folder.table.name, folder.path))

    def repair(self) -> tuple[Damage, ...]:
        """Take away what `check` finds, and answer it; the tables then open in the state before.

        Where a commit was taken away, its mark is too: what it held has to be appended again. Raises `LakeDamaged`,
        and changes nothing more, if a file is damaged that later commits stand on; `LakeBusy`.
        """
        with self.writing():
            found = tuple(
                damage
                for folder in self._folders.values()
                for damage in repair(folder.table.name, folder.path, self._sync)
            )
            for folder in self._folders.values():
                folder.forget()
            return found

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Keep every other writer away for the length of a `with` block; raises `LakeBusy`.

        Every writing method does so by itself; a block around several keeps what was read before true for what is
        written after.
        """
        self._refuse_another()
        with self._lock.held():
            self._refuse_another()
            yield
            self._refuse_another()

    def _refuse_another(self) -> None:
        """Refuse another process and another folder than those that this was made for."""
        self._opener.check()
        changed = self._places.changed()
        if changed is not None:
            raise LakeSwapped(path=changed)

    def _folder(self, table: str) -> DeltaFolder:
        self._refuse_another()
        try:
            return self._folders[table]
        except KeyError:
            raise NoSuchTable(table=table, known=", ".join(TABLES)) from None


def _folders(path: Path, sync: Sync) -> dict[str, DeltaFolder]:
    return {name: DeltaFolder(table, path / name, sync) for name, table in TABLES.items()}
