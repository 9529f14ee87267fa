"""Segment trees in the store: in versions that are only added, whose names mean the segments that they meant then."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from intarsia.clock import to_iso
from intarsia.errors import UserError
from intarsia.language.catalog import nearest
from intarsia.segment.branches import Branch, read_branches, renamed, with_names
from intarsia.segment.definitions import LONGEST_NAME, Definitions, NoSuchSegment
from intarsia.speech import mark
from intarsia.store.store import Store


class NoSuchTree(UserError):
    """No tree has the name."""

    code = "tree.unknown"
    says = mark("no tree is called `{name}`")
    advises = mark("the nearest is `{nearest}`")
    otherwise = mark("`intarsia tree list` shows those that there are")

    def __init__(self, name: str, known: Iterable[str]) -> None:
        near = nearest(name, list(known), most=1)
        super().__init__(name=name, nearest=near[0] if near else None)


class TreeNameTaken(UserError):
    """A tree of the name is there already."""

    code = "tree.name-taken"
    says = mark("a tree called `{name}` is there already")
    advises = mark("choose another name, or change it with `intarsia tree edit`")


class BadTreeName(UserError):
    """A tree cannot be called so."""

    code = "tree.bad-name"
    says = mark("a tree cannot be called `{name}`")
    advises = mark("choose a name of 1 to 200 characters in one line, without blanks at its ends")


@dataclass(frozen=True)
class SegmentTree:
    """One version of a tree.

    text      as it was written; created_at: when, milliseconds UTC
    branches  what it says, by the names that its segments have now
    gone      those of these names whose segments were removed since
    """

    tree_id: str
    name: str
    version: int
    text: str
    created_at: int
    branches: tuple[Branch, ...]
    gone: frozenset[str] = frozenset()

    @property
    def segments(self) -> list[str]:
        """The segments that it names, each once, in its order."""
        return list(dict.fromkeys(one.name for branch in self.branches for one in branch.walk()))

    @property
    def definition(self) -> str:
        """Its text by the names that its segments have now; as it was written where none has another."""
        return self.text if read_branches(self.text) == self.branches else with_names(self.text, self.branches)

    def to_json(self) -> dict[str, object]:
        """Name, id, version and text."""
        return {"name": self.name, "id": self.tree_id, "version": self.version, "definition": self.definition}

    def version_json(self) -> dict[str, object]:
        """Version, text and when it was put down, as one of several versions."""
        return {"version": self.version, "definition": self.definition, "created_at": to_iso(self.created_at)}


class SegmentTrees:
    """The segment trees of one store.

    now  the present, milliseconds UTC; new_id: an id for a new tree
    """

    def __init__(self, store: Store, *, now: Callable[[], int], new_id: Callable[[], str]) -> None:
        self._store = store
        self._now = now
        self._new_id = new_id

    def all(self) -> list[SegmentTree]:
        """The newest version of every tree, by name."""
        names = self._store.rows("select name from segment_tree where removed_at is null order by name")
        return [self.versions(row["name"])[-1] for row in names]

    def get(self, name: str) -> SegmentTree:
        """The newest version of one tree; raises `NoSuchTree` with the nearest name."""
        return self.versions(name)[-1]

    def versions(self, name: str) -> list[SegmentTree]:
        """Every version of one tree, oldest first; raises `NoSuchTree`."""
        rows = self._store.rows(
            "select t.tree_id, t.name, v.version, v.text, v.created_at from segment_tree t "
            "join segment_tree_version v using (tree_id) where t.name = ? and t.removed_at is null order by v.version",
            name,
        )
        if not rows:
            known = self._store.rows("select name from segment_tree where removed_at is null")
            raise NoSuchTree(name, [row["name"] for row in known])
        return [self._read(dict(row)) for row in rows]

    def in_force(self, name: str, known_at: int) -> SegmentTree:
        """The version of a tree that is in force at an instant; of a younger one the first. Raises `NoSuchTree`."""
        versions = self.versions(name)
        so_far = [version for version in versions if version.created_at <= known_at]
        return (so_far or versions[:1])[-1]

    def _read(self, row: Mapping[str, object]) -> SegmentTree:
        meant = self._store.rows(
            "select n.name, s.name as present, s.removed_at is not null as is_gone from segment_tree_name n "
            "join segment s using (segment_id) where n.tree_id = ? and n.version = ?",
            row["tree_id"],
            row["version"],
        )
        names = {one["name"]: one["name"] if one["is_gone"] else one["present"] for one in meant}
        gone = frozenset(names[one["name"]] for one in meant if one["is_gone"])
        branches = renamed(read_branches(str(row["text"])), lambda name: names.get(name, name))
        return SegmentTree(**row, branches=branches, gone=gone)  # type: ignore[arg-type]

    def add(self, name: str, text: str) -> SegmentTree:
        """Put down a tree; raises `MalformedTree`, `NoSuchSegment`, `TreeNameTaken`, `BadTreeName`."""
        if not name or name != name.strip() or len(name) > LONGEST_NAME or len(name.splitlines()) > 1 or "\0" in name:
            raise BadTreeName(name=name)
        with self._store.change() as connection:
            meant = self._meant(text)
            if connection.execute("select 1 from segment_tree where name = ?", (name,)).fetchone():
                raise TreeNameTaken(name=name)
            tree_id, at = self._new_id(), self._now()
            put = "insert into segment_tree (tree_id, name, created_at) values (?, ?, ?)"
            connection.execute(put, (tree_id, name, at))
            _put_version(connection, (tree_id, 1, text, at), meant)
        return self.get(name)

    def edit(self, name: str, text: str) -> SegmentTree:
        """Add a version, unless it says the same; raises `NoSuchTree`, `MalformedTree`, `NoSuchSegment`."""
        with self._store.change() as connection:
            before, meant = self.get(name), self._meant(text)
            if before.gone or before.definition != text:
                _put_version(connection, (before.tree_id, before.version + 1, text, self._now()), meant)
        return self.get(name)

    def remove(self, name: str) -> None:
        """Take a tree out; its versions are kept, and its name is free. Raises `NoSuchTree`."""
        with self._store.change() as connection:
            tree_id = self.get(name).tree_id
            gone = (f"{name} (removed {tree_id})", self._now(), tree_id)
            connection.execute("update segment_tree set name = ?, removed_at = ? where tree_id = ?", gone)

    def _meant(self, text: str) -> dict[str, str]:
        """The ids of the segments that a text names."""
        ids = {definition.name: definition.segment_id for definition in Definitions(self._store).all()}
        found = {}
        for branch in read_branches(text):
            for one in branch.walk():
                if one.name not in ids:
                    raise NoSuchSegment(one.name, ids, text=text, span=one.span)
                found[one.name] = ids[one.name]
        return found


def _put_version(connection: sqlite3.Connection, version: tuple[str, int, str, int], meant: Mapping[str, str]) -> None:
    put = "insert into segment_tree_version (tree_id, version, text, created_at) values (?, ?, ?, ?)"
    connection.execute(put, version)
    connection.executemany(
        "insert into segment_tree_name (tree_id, version, name, segment_id) values (?, ?, ?, ?)",
        [(*version[:2], name, segment_id) for name, segment_id in meant.items()],
    )
