"""Fixed lists: segments whose members are named one by one, in versions that are only added (rule 39)."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from intarsia.errors import UserError
from intarsia.lake.session import Session
from intarsia.language import LANGUAGE_VERSION
from intarsia.record.barred import Barred
from intarsia.segment.definitions import Definition, Definitions, NameTaken, add_version, put_down
from intarsia.source.ids import IdsInFile, ids_in_file
from intarsia.speech import mark
from intarsia.store.store import Store


class NotAList(UserError):
    """A segment with a rule where a fixed list is meant."""

    code = "segment.not-a-list"
    says = mark("`{name}` is a segment with a rule, and no fixed list")
    advises = mark("`intarsia segment show {name}` shows it")


@dataclass(frozen=True)
class Listed:
    """A version of a fixed list, as it stands now.

    ids      how many are on it; unknown: those that no profile has (yet), in the order of their bytes
    added, removed  how many ids the version before had not, and had besides
    in_file  what else was found in the file that it came from; None: it was not read now
    erased   how many ids of the file were left out, for they are of people who were erased
    """

    definition: Definition
    ids: int
    unknown: tuple[str, ...]
    added: int
    removed: int
    in_file: IdsInFile | None = None
    erased: int = 0

    def to_json(self) -> dict[str, object]:
        """Name, id, kind, version, how many ids are on it and how many of them are known, and which are not."""
        told: dict[str, object] = {
            **self.definition.to_json(),
            "ids": self.ids,
            "found": self.ids - len(self.unknown),
            "unknown": list(self.unknown),
            "added": self.added,
            "removed": self.removed,
        }
        if self.in_file is not None:
            told["duplicates"] = self.in_file.duplicates
            told["unreadable_lines"] = list(self.in_file.unreadable)
            told["erased"] = self.erased
        return told


class Lists:
    """The fixed lists of one workspace.

    open_session  a session over the present state of the lake
    now           the present, milliseconds UTC; new_id: an id for a new segment
    """

    def __init__(
        self,
        store: Store,
        *,
        open_session: Callable[[], AbstractContextManager[Session]],
        now: Callable[[], int],
        new_id: Callable[[], str],
    ) -> None:
        self._store = store
        self._definitions = Definitions(store)
        self._open_session = open_session
        self._now = now
        self._new_id = new_id

    def add(self, name: str, path: str | Path, column: str | None = None) -> Listed:
        """Put down the list that a file holds, or its next version where a list of the name is there.

        column  of a table; None: the file has one id a line
        Ids that nobody has are kept, and count once somebody has them. A file with the same ids adds no version.
        Those of people who were erased are left out.
        Raises `NameTaken` where a segment with a rule has the name, `BadName`, and what is wrong with the file.
        """
        read = ids_in_file(Path(path), column)
        with self._store.change() as connection:
            # In here, for an erasure bars ids before it takes them off lists.
            erased = Barred(self._store).since(read.ids)
            ids = frozenset(read.ids) - erased.keys()
            text = told_of(ids, Path(path).name)
            before = next((found for found in self._definitions.all() if found.name == name), None)
            if before is not None and before.kind != "list":
                raise NameTaken(name=name)
            if before is None:
                first = Definition(self._new_id(), name, 1, text, LANGUAGE_VERSION, self._now(), "list")
                put_down(connection, first)
                put_ids(connection, first, ids)
            elif ids_of(self._store, before.segment_id, before.version) != ids:
                put_ids(connection, add_version(connection, before, text, self._now()), ids)
        return replace(self._listed(self._definitions.get(name)), in_file=read, erased=len(erased))

    def all(self) -> list[Definition]:
        """The present version of every list, by name."""
        return [definition for definition in self._definitions.all() if definition.kind == "list"]

    def show(self, name: str) -> Listed:
        """One list; raises `NoSuchSegment`, `NotAList`."""
        return self._listed(self._get(name))

    def ids(self, name: str) -> list[str]:
        """The ids on a list, in the order of their bytes; raises `NoSuchSegment`, `NotAList`."""
        found = self._get(name)
        return sorted(ids_of(self._store, found.segment_id, found.version), key=str.encode)

    def remove(self, name: str) -> None:
        """Take a list out; raises `InUse` while segments name it, `NoSuchSegment`, `NotAList`."""
        self._definitions.remove(self._get(name).name, at=self._now())

    def _get(self, name: str) -> Definition:
        found = self._definitions.get(name)
        if found.kind != "list":
            raise NotAList(name=name)
        return found

    def _listed(self, version: Definition) -> Listed:
        ids = ids_of(self._store, version.segment_id, version.version)
        before = ids_of(self._store, version.segment_id, version.version - 1)
        return Listed(version, len(ids), self._unknown(ids), len(ids - before), len(before - ids))

    def _unknown(self, ids: Iterable[str]) -> tuple[str, ...]:
        with self._open_session() as session:
            session.register("listed_ids", pa.table({"profile_id": pa.array(sorted(ids), pa.string())}))
            unknown = session.execute(
                "select profile_id from listed_ids anti join lake.profiles using (profile_id) order by profile_id"
            )
        return tuple(unknown["profile_id"].to_pylist())


def ids_of(store: Store, segment_id: str, version: int) -> frozenset[str]:
    """The ids on one version of a list."""
    rows = store.rows(
        "select profile_id from list_member where segment_id = ? and first_version <= ? "
        "and (last_version is null or last_version >= ?)",
        segment_id,
        version,
        version,
    )
    return frozenset(row["profile_id"] for row in rows)


def told_of(ids: Collection[str], file: str) -> str:
    """What stands for the text of a list: how many ids came from which file."""
    return f"-- {len(ids)} profiles, from {file.encode('ascii', 'backslashreplace').decode()}"


def put_ids(connection: sqlite3.Connection, version: Definition, ids: Iterable[str]) -> None:
    """Write down, inside a change of the store, which ids are new on a version, and which are no longer on it."""
    present = "select profile_id from list_member where segment_id = ? and last_version is null"
    before = {row["profile_id"] for row in connection.execute(present, (version.segment_id,))}
    after = set(ids)
    connection.executemany(
        "update list_member set last_version = ? where segment_id = ? and profile_id = ? and last_version is null",
        [(version.version - 1, version.segment_id, profile_id) for profile_id in before - after],
    )
    connection.executemany(
        "insert into list_member (segment_id, profile_id, first_version) values (?, ?, ?)",
        [(version.segment_id, profile_id, version.version) for profile_id in after - before],
    )
