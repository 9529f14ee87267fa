"""Definitions in the store: named, in versions that are only added."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from intarsia.errors import UserError
from intarsia.language import LANGUAGE_VERSION, parse, tree
from intarsia.language.catalog import nearest
from intarsia.speech import mark
from intarsia.store.store import Store

LONGEST_NAME = 200


class NoSuchSegment(UserError):
    """No segment has the name."""

    code = "segment.unknown"
    says = mark("no segment is called `{name}`")
    advises = mark("the nearest is `{nearest}`")

    def __init__(self, name: str, known: Iterable[str]) -> None:
        near = nearest(name, list(known), most=1)
        super().__init__(name=name, nearest=near[0] if near else None)


class NameTaken(UserError):
    """A segment of the name is there already."""

    code = "segment.name-taken"
    says = mark("a segment called `{name}` is there already")
    advises = mark("choose another name, or change its definition with `intarsia segment edit`")


class BadName(UserError):
    """A segment cannot be called so."""

    code = "segment.bad-name"
    says = mark("a segment cannot be called `{name}`: {reason}")
    advises = mark("choose a name of 1 to 200 characters in one line, without blanks at its ends")


class InUse(UserError):
    """Other segments name the segment that is to go."""

    code = "segment.in-use"
    says = mark("`{name}` cannot be removed: {users} name it")
    advises = mark("change or remove those first; nothing was changed")


@dataclass(frozen=True)
class Definition:
    """One version of a segment's definition; `created_at` is this version's, milliseconds UTC."""

    segment_id: str
    name: str
    version: int
    text: str
    language_version: int
    created_at: int

    def tree(self) -> tree.Condition:
        """The text as a tree."""
        return parse(self.text)

    def to_json(self) -> dict[str, object]:
        """Name, id, version and text."""
        return {"name": self.name, "id": self.segment_id, "version": self.version, "definition": self.text}


class Definitions:
    """The segments of one store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def all(self) -> list[Definition]:
        """The version in force of every segment, by name."""
        rows = self._store.rows(
            "select s.segment_id, s.name, v.version, v.text, v.language_version, v.created_at "
            "from segment s join segment_version v using (segment_id) "
            "where v.version = (select max(version) from segment_version w where w.segment_id = s.segment_id) "
            "order by s.name"
        )
        return [Definition(**dict(row)) for row in rows]

    def get(self, name: str) -> Definition:
        """The version in force of one segment; raises `NoSuchSegment` with the nearest name."""
        found = {definition.name: definition for definition in self.all()}
        if name not in found:
            raise NoSuchSegment(name, found)
        return found[name]

    def versions(self, name: str) -> list[Definition]:
        """Every version of one segment, oldest first."""
        segment_id = self.get(name).segment_id
        rows = self._store.rows("select * from segment_version where segment_id = ? order by version", segment_id)
        return [Definition(name=name, **dict(row)) for row in rows]

    def add(self, name: str, text: str, *, segment_id: str, at: int) -> Definition:
        """Put down a new segment; raises `NameTaken` or `BadName`."""
        _fit(name)
        with self._store.change() as connection:
            if connection.execute("select 1 from segment where name = ?", (name,)).fetchone():
                raise NameTaken(name=name)
            connection.execute("insert into segment values (?, ?, ?)", (segment_id, name, at))
            connection.execute(
                "insert into segment_version values (?, 1, ?, ?, ?)", (segment_id, text, LANGUAGE_VERSION, at)
            )
        return self.get(name)

    def edit(self, name: str, text: str, *, at: int) -> Definition:
        """Add a version, unless the text is the same as that in force."""
        with self._store.change() as connection:
            before = self.get(name)
            if before.text != text:
                _add_version(connection, before, text, at)
        return self.get(name)

    def rename(self, name: str, new_name: str, *, at: int) -> list[Definition]:
        """Give a segment another name; those that name it get a version with the new one. Returns all that changed."""
        _fit(new_name)
        with self._store.change() as connection:
            definition = self.get(name)
            if new_name == name:
                return []
            if any(other.name == new_name for other in self.all()):
                raise NameTaken(name=new_name)
            users = self.users_of(name)
            for user in users:
                _add_version(connection, user, _renamed(user, name, new_name), at)
            connection.execute("update segment set name = ? where segment_id = ?", (new_name, definition.segment_id))
        return [self.get(new_name), *(self.get(new_name if user.name == name else user.name) for user in users)]

    def remove(self, name: str) -> None:
        """Take a segment and its versions out; raises `InUse` while others name it."""
        with self._store.change() as connection:
            definition = self.get(name)
            users = self.users_of(name)
            if users:
                raise InUse(name=name, users=", ".join(f"`{user.name}`" for user in users))
            connection.execute("delete from segment where segment_id = ?", (definition.segment_id,))

    def users_of(self, name: str) -> list[Definition]:
        """The segments whose version in force names this one."""
        return [other for other in self.all() if name in segments_named(other.tree())]


def segments_named(condition: tree.Condition) -> set[str]:
    """The names of the segments that a tree speaks of."""
    return {node.name for node in condition.walk() if isinstance(node, (tree.InSegment, tree.Moved))}


def in_dependency_order(definitions: Mapping[str, Definition]) -> list[Definition]:
    """Those that are named before those that name them; a ring comes in the order of names."""
    done: dict[str, Definition] = {}
    waiting: set[str] = set()

    def place(name: str) -> None:
        if name in done or name in waiting or name not in definitions:
            return
        waiting.add(name)
        for needed in sorted(segments_named(definitions[name].tree())):
            place(needed)
        done[name] = definitions[name]

    for name in sorted(definitions):
        place(name)
    return list(done.values())


def _add_version(connection: sqlite3.Connection, before: Definition, text: str, at: int) -> None:
    connection.execute(
        "insert into segment_version values (?, ?, ?, ?, ?)",
        (before.segment_id, before.version + 1, text, LANGUAGE_VERSION, at),
    )


def _fit(name: str) -> None:
    if not name or name != name.strip() or len(name) > LONGEST_NAME or len(name.splitlines()) > 1 or "\0" in name:
        raise BadName(name=name, reason="it is empty, too long, or has blanks or breaks where they cannot be seen")


def _renamed(user: Definition, name: str, new_name: str) -> str:
    """The user's text with the name replaced where the segment is named, all else as it was written."""
    text = user.text
    old, new = (f"'{item.replace(chr(39), chr(39) * 2)}'" for item in (name, new_name))
    named = [node for node in user.tree().walk() if isinstance(node, (tree.InSegment, tree.Moved))]
    nodes = [node for node in named if node.name == name]
    for node in sorted(nodes, key=lambda node: node.span.start if node.span else 0, reverse=True):
        if node.span is not None:
            inside = text[node.span.start : node.span.end].replace(old, new, 1)
            text = text[: node.span.start] + inside + text[node.span.end :]
    return text
