"""Questions in SQL, put to one state of the lake by an in-memory DuckDB that can open nothing else."""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb
import pyarrow as pa

from intarsia.errors import Bug
from intarsia.handles import Opener
from intarsia.lake.delta import Snapshot
from intarsia.lake.faults import QueryFailed, QueryTooBig, QueryTooLong, SnapshotGone
from intarsia.lake.guard import refuse_all_but_reading
from intarsia.lake.lake import Lake
from intarsia.lake.schemas import TABLES
from intarsia.lake.spill import Spill

_NULLS = {pa.bool_(): "BOOLEAN", pa.int64(): "BIGINT", pa.string(): "VARCHAR"}
"""What a column that came later is in SQL, where no file has it yet."""

Parameters = Sequence[object] | Mapping[str, object]


class Session:
    """One state of every table, as the views `lake.events`, `lake.profiles` and `lake.memberships`.

    Without `lake.` the names mean the same, until somebody makes a view of such a name, which then hides the table.

    memory_limit  how much memory a question may use before it goes to disk: "2GB"
    threads       how many processor threads a question may use

    What is appended later is not seen; open another session. The tables' states may be a commit apart, but the profile
    of every event is there if it was appended before the event. A session belongs to one thread at a time; each thread
    opens its own, on a lake that they may share. A process that was forked is told `ForkedConnection`. Timestamps come
    out in UTC.

    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> with Session(Lake.create(Path(folder.name))) as session:
    ...     session.execute("SELECT count(*) AS n FROM events WHERE kind = ?", ["track"]).to_pydict()
    {'n': [0]}
    >>> folder.cleanup()
    """

    def __init__(self, lake: Lake, *, memory_limit: str = "2GB", threads: int = 2) -> None:
        self._lake = lake
        self._memory_limit = memory_limit
        self._threads = threads
        self._registered: dict[str, pa.Table] = {}
        self._has_answered = False
        self._spill = Spill(lake.path)
        try:
            self._open_present()
        except BaseException:
            self._spill.close()
            raise

    def branch(self) -> Session:
        """Another session over the very same state, views of `lake` that were changed among it, for another question.

        What was registered here is offered there too; what either makes from then on the other does not see. Close it
        before this one.
        """
        if not self._has_answered:
            # Something must be read first: until then this session may still take a newer state.
            self.execute("select 1 from lake.profiles limit 1")
        return _Branch(self)

    def share(self) -> Session:
        """Another session as if it was opened now: to be used while `is_present`."""
        return _Shared(self)

    def is_present(self) -> bool:
        """Whether another session that this process opens now would be over the same state."""
        return self._opener.is_here and self._snapshots == _present(self._lake)

    @property
    def snapshots(self) -> Mapping[str, Snapshot]:
        """The state of each table that the answers are from."""
        return self._snapshots

    def execute(self, sql: str, parameters: Parameters | None = None) -> pa.Table:
        """The answer to our own SQL; `?` are filled from a sequence, `$name` from a mapping.

        A statement that has no answer gives a table without columns. If the files are gone before the first answer,
        the present state is taken; later that is `SnapshotGone`, for two answers must not be of two states. DuckDB's
        own errors come through.
        """
        try:
            answer = self._run(sql, parameters)
        except duckdb.Error as error:
            if not self._has_lost_files():
                raise
            if self._has_answered:
                raise SnapshotGone from error
            self._connection.close()
            self._open_present()
            answer = self._run(sql, parameters)
        self._has_answered = True
        return answer

    def stream(self, sql: str, parameters: Parameters | None = None, *, rows: int = 1_000_000) -> pa.RecordBatchReader:
        """The answer to our own SQL in batches of so many rows, for answers that would not fit into memory at once.

        Nothing else may be asked of the session until it is read to the end.
        """
        self._opener.check()
        reader = self._connection.sql(sql, params=parameters).to_arrow_reader(rows)
        self._has_answered = True
        return reader

    def query(self, sql: str, *, seconds: float = 60.0) -> pa.Table:
        """The answer to SQL that somebody else wrote: one SELECT over the views.

        Of columns with one name the second is called `name_2`. Raises `QueryRefused` for anything that could write or
        open a file, `QueryFailed` with DuckDB's words, `QueryTooLong` after `seconds`, `QueryTooBig`.
        """
        self._opener.check()
        refuse_all_but_reading(self._connection, sql)
        alarm = threading.Timer(seconds, self._connection.interrupt)
        alarm.start()
        try:
            answer = self.execute(sql)
            return answer.rename_columns(_distinct(answer.column_names))
        except duckdb.InterruptException as error:
            raise QueryTooLong(seconds=seconds) from error
        except duckdb.OutOfMemoryException as error:
            raise QueryTooBig(limit=self._memory_limit) from error
        except duckdb.Error as error:
            raise QueryFailed(reason=error) from error
        finally:
            alarm.cancel()

    def register(self, name: str, table: pa.Table) -> None:
        """Offer an Arrow table under a name, for as long as the session lasts; the same name again replaces it."""
        if name in TABLES:
            raise Bug(what=f"`{name}` is a table of the lake and cannot be registered")
        self._opener.check()
        self._registered[name] = table
        self._connection.register(name, table)

    def close(self) -> None:
        """Let go of the memory and of what was spilled to disk; in a forked process both are left alone."""
        if self._opener.is_here:
            self._connection.close()
            self._spill.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _run(self, sql: str, parameters: Parameters | None) -> pa.Table:
        self._opener.check()
        relation = self._connection.sql(sql, params=parameters)
        return _empty(pa.schema([])) if relation is None else relation.to_arrow_table()

    def _has_lost_files(self) -> bool:
        # DuckDB says so in several ways: it takes the name of a missing file for a folder's, which it may not open.
        return not all(Path(name).exists() for snapshot in self._snapshots.values() for name in snapshot.files)

    def _open_present(self) -> None:
        """Open the present state, once more if a vacuum falls between the list of files and their opening."""
        try:
            self._open()
        except duckdb.Error:
            if not self._has_lost_files():
                raise
            self._open()

    def _open(self) -> None:
        self._snapshots = _present(self._lake)
        self._connection = duckdb.connect(":memory:", config=self._settings())
        self._opener = Opener(self, self._connection)
        try:
            self._lock_down()
            for snapshot in self._snapshots.values():
                self._offer(snapshot)
            for name, table in self._registered.items():
                self._connection.register(name, table)
        except duckdb.Error:
            self._connection.close()
            raise

    def _lock_down(self) -> None:
        """From here on the files of the state may be read, nothing else be opened, and nobody may change that."""
        files = [path for snapshot in self._snapshots.values() for path in snapshot.files]
        self._connection.execute("SET GLOBAL TimeZone = 'UTC'")
        self._connection.execute("CREATE SCHEMA lake")
        self._connection.execute("SET search_path = 'main,lake'")
        self._connection.execute(f"SET allowed_paths = {_list(files)}")
        self._connection.execute("SET enable_external_access = false")
        self._connection.execute("SET lock_configuration = true")

    def _settings(self) -> dict[str, str | bool | int | float | list[str]]:
        return {
            "memory_limit": self._memory_limit,
            "threads": self._threads,
            "temp_directory": self._spill.path,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "python_enable_replacements": False,
        }

    def _register_empty(self, snapshot: Snapshot) -> None:
        self._connection.register(f"no_{snapshot.table}", _empty(TABLES[snapshot.table].arrow_schema()))

    def _offer(self, snapshot: Snapshot) -> None:
        """A view of the table's name; of an empty table one without rows, for DuckDB refuses an empty list of files."""
        table = TABLES[snapshot.table]
        if not snapshot.files:
            self._register_empty(snapshot)
            self._connection.execute(f'CREATE VIEW lake."{table.name}" AS FROM "no_{table.name}"')
            return
        names = [column.name for column in table.columns]
        try:
            self._view(snapshot, names)
        except duckdb.BinderException:
            # A column that came after all of these files were written is in none of them.
            self._view(snapshot, self._columns_in(snapshot))

    def _columns_in(self, snapshot: Snapshot) -> frozenset[str]:
        described = self._connection.sql(f"DESCRIBE FROM {_files(snapshot)}").to_arrow_table()
        return frozenset(described["column_name"].to_pylist())

    def _view(self, snapshot: Snapshot, there: Collection[str]) -> None:
        """A view of a table's files; a column that is not there is null."""
        table = TABLES[snapshot.table]
        columns = ", ".join(
            f'"{column.name}"' if column.name in there else f'cast(null as {_NULLS[column.type]}) as "{column.name}"'
            for column in table.columns
        )
        # Every name is from `schemas`, every path is quoted; a view takes no parameters.
        self._connection.execute(f'CREATE VIEW lake."{table.name}" AS FROM {_files(snapshot)} SELECT {columns}')


class _Branch(Session):
    """A session over the state of another one: a second connection to the same in-memory database."""

    def __init__(self, trunk: Session) -> None:
        self._lake = trunk._lake
        self._memory_limit = trunk._memory_limit
        self._threads = trunk._threads
        self._registered = {}
        self._has_answered = True
        self._snapshots = trunk._snapshots
        trunk._opener.check()
        self._connection = trunk._connection.cursor()
        self._opener = Opener(self, self._connection)
        self._connection.execute("SET search_path = 'main,lake'")
        for snapshot in self._snapshots.values():
            if not snapshot.files:
                self._register_empty(snapshot)
        for name, table in trunk._registered.items():
            self.register(name, table)

    def close(self) -> None:
        """Let go of what was made here."""
        if self._opener.is_here:
            self._connection.close()


class _Shared(_Branch):
    """A session over the present state that another one has opened; it may still take a newer one."""

    def __init__(self, trunk: Session) -> None:
        super().__init__(trunk)
        self._has_answered = False
        self._has_own_database = False
        self._trunk: Session | None = trunk

    def _open_present(self) -> None:
        """Open the present state in a database of its own: the files of the shared one are gone."""
        self._has_own_database, self._trunk = True, None
        self._spill = Spill(self._lake.path)
        super()._open_present()

    def close(self) -> None:
        """Let go of what was made here, and of the database if nobody else is at it."""
        if self._has_own_database:
            Session.close(self)
        else:
            super().close()
        self._trunk = None


def _present(lake: Lake) -> dict[str, Snapshot]:
    """The present state of each table; of what refers before what it refers to, so that nothing lacks its profile."""
    return {name: lake.snapshot(name) for name in reversed(TABLES)}


def _distinct(names: Sequence[str]) -> list[str]:
    """The names, `name_2` for the second `name`, so that no column hides another where rows become objects."""
    taken, found = set(names), list[str]()
    for name in names:
        fitting, again = name, 2
        while fitting in found or (fitting != name and fitting in taken):
            fitting, again = f"{name}_{again}", again + 1
        found.append(fitting)
    return found


def _files(snapshot: Snapshot) -> str:
    """The files of a table's state as a table in SQL."""
    partition = TABLES[snapshot.table].partition
    folders = f", hive_types = {{'{partition}': VARCHAR}}" if partition else ""
    return (
        f"read_parquet({_list(snapshot.files)}, union_by_name = true, hive_partitioning = {bool(partition)}{folders})"
    )


def _list(paths: Sequence[str]) -> str:
    """File names as a list in SQL."""
    return "[" + ", ".join("'" + path.replace("'", "''") + "'" for path in paths) + "]"


def _empty(schema: pa.Schema) -> pa.Table:
    # Not `schema.empty_table()`, which imports pandas where that is installed: a second, before anything is asked.
    return pa.Table.from_batches([], schema=schema)
