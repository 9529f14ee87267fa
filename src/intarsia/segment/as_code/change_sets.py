"""What was applied together, as the store keeps it, and what undoes it."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any

from intarsia.clock import to_iso
from intarsia.errors import UserError
from intarsia.segment.as_code.changes import Change, Content, Written
from intarsia.segment.definitions import Definition
from intarsia.segment.lists import ids_of
from intarsia.speech import mark
from intarsia.store.store import Store


class NothingToUndo(UserError):
    """A rollback where nothing was applied, or all of it is undone."""

    code = "segment.nothing-to-undo"
    says = mark("nothing that was applied is left to undo")
    advises = mark("`intarsia segment applied` lists what was; changes by hand are edited back by hand")


class ChangedSince(UserError):
    """A rollback would undo what somebody did by hand after it."""

    code = "segment.changed-since"
    says = mark("changed by hand since they were applied: {names}; nothing was changed")
    advises = mark("`intarsia segment show` tells their versions; `--force` puts them back as they were before")


@dataclass(frozen=True)
class ChangeSet:
    """Segments that were changed together.

    plan       the digest of the plan that was carried out
    undone_at  milliseconds UTC; None: it was not
    """

    change_set_id: str
    created_at: int
    plan: str
    undone_at: int | None
    segments: tuple[Written, ...]

    def to_json(self) -> dict[str, object]:
        """Its id, its instants in ISO 8601, UTC, the plan's digest, and the segments with their versions."""
        return {
            "id": self.change_set_id,
            "created_at": to_iso(self.created_at),
            "undone_at": None if self.undone_at is None else to_iso(self.undone_at),
            "plan": self.plan,
            "segments": [segment.to_json() for segment in self.segments],
        }


class ChangeSets:
    """The change sets of one store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def all(self) -> list[ChangeSet]:
        """Every one, newest first."""
        rows = self._store.rows("select * from change_set order by rowid desc")
        return [self._read(row) for row in rows]

    def last(self) -> ChangeSet:
        """The newest that was not undone; raises `NothingToUndo`."""
        found = next((each for each in self.all() if each.undone_at is None), None)
        if found is None:
            raise NothingToUndo()
        return found

    def _read(self, row: Any) -> ChangeSet:
        of = self._store.rows("select * from change_set_segment where change_set_id = ? order by rowid", row[0])
        written = tuple(Written(*tuple(each)[1:]) for each in of)
        return ChangeSet(row["change_set_id"], row["created_at"], row["plan"], row["undone_at"], written)

    def undoing(self, change_set: ChangeSet, *, force: bool = False) -> tuple[Change, ...]:
        """What puts its segments back as they were before it; raises `ChangedSince`.

        force  whatever became of them since
        """
        states = _States(self._store)
        changed = [written for written in change_set.segments if not states.is_as_left(written)]
        if changed and not force:
            names = sorted(f"`{written.name_after or written.name_before}`" for written in changed)
            raise ChangedSince(names=", ".join(names))
        found = (states.back(written) for written in change_set.segments)
        return tuple(sorted((change for change in found if change is not None), key=lambda change: change.name))


def keep(connection: sqlite3.Connection, change_set: ChangeSet) -> None:
    """Put a change set down, inside a change of the store."""
    values = (change_set.change_set_id, change_set.created_at, change_set.plan)
    connection.execute("insert into change_set (change_set_id, created_at, plan) values (?, ?, ?)", values)
    connection.executemany(
        "insert into change_set_segment "
        "(change_set_id, segment_id, name_before, version_before, name_after, version_after) values (?, ?, ?, ?, ?, ?)",
        [(change_set.change_set_id, *vars(written).values()) for written in change_set.segments],
    )


def mark_undone(connection: sqlite3.Connection, change_set_id: str, at: int) -> None:
    """Write down that a change set was undone, inside a change of the store."""
    connection.execute("update change_set set undone_at = ? where change_set_id = ?", (at, change_set_id))


class _States:
    """The segments that there ever were, removed ones among them."""

    def __init__(self, store: Store) -> None:
        self._store = store
        rows = store.rows(
            "select s.segment_id, s.name, s.kind, s.removed_at, v.version, v.text, v.language_version, v.created_at "
            "from segment s join segment_version v using (segment_id) order by v.version"
        )
        self._there = {row["segment_id"]: row["removed_at"] is None for row in rows}
        self._versions = {(row["segment_id"], row["version"]): _definition(row) for row in rows}
        self._last = {segment_id: version for (segment_id, _), version in self._versions.items()}

    def is_as_left(self, written: Written) -> bool:
        """Whether a segment is still as a change set left it."""
        last = self._last[written.segment_id]
        if written.name_after is None:
            return not self._there[written.segment_id]
        is_called_so = self._there[written.segment_id] and last.name == written.name_after
        return is_called_so and self._content(last) == self._content(self._version(written, written.version_after))

    def back(self, written: Written) -> Change | None:
        """What makes a segment what it was before a change set; None: it is that already."""
        last, is_there = self._last[written.segment_id], self._there[written.segment_id]
        if written.name_before is None or written.version_before is None:
            return Change(last, is_there, None) if is_there else None
        before = self._version(written, written.version_before)
        text, ids = self._content(before)
        after = Content(written.name_before, before.kind, text, ids)
        is_same = self._content(last) == (text, ids)
        if is_there and is_same and last.name == after.name:
            return None
        return Change(last, is_there, after, after.name, not (is_there and is_same), is_there and is_same)

    def _version(self, written: Written, version: int) -> Definition:
        return self._versions[written.segment_id, version]

    def _content(self, version: Definition) -> tuple[str, frozenset[str]]:
        is_list = version.kind == "list"
        return version.text, ids_of(self._store, version.segment_id, version.version) if is_list else frozenset()


def _definition(row: Any) -> Definition:
    return Definition(**{name: row[name] for name in row.keys() if name != "removed_at"})  # noqa: SIM118 - a row, no mapping
