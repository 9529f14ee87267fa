"""Definitions in the store: named, in versions that are only added."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from intarsia.errors import Bug, Span, UserError, phrase
from intarsia.language import LANGUAGE_VERSION, parse, sentence, tongue_of, tree
from intarsia.language.catalog import Catalog, nearest
from intarsia.language.problems.whole import LanguageError
from intarsia.language.sentences.values import Counts
from intarsia.speech import mark, translator
from intarsia.store.store import Store

LONGEST_NAME = 200

Kind = Literal["rule", "list"]

_TREES = """
select t.name from segment_tree t join segment_tree_name n using (tree_id)
where n.segment_id = ? and t.removed_at is null
  and n.version = (select max(version) from segment_tree_version v where v.tree_id = t.tree_id)
order by t.name
"""
"""The trees in which a segment stands now."""

ON_THE_LIST = mark("People who are on the list `{name}`")


class NoSuchSegment(UserError):
    """No segment has the name."""

    code = "segment.unknown"
    says = mark("no segment is called `{name}`")
    advises = mark("the nearest is `{nearest}`")
    otherwise = mark("`intarsia segment list` shows those that there are")

    def __init__(self, name: str, known: Iterable[str], *, text: str | None = None, span: Span | None = None) -> None:
        near = nearest(name, list(known), most=1)
        super().__init__(text=text, span=span, name=name, nearest=near[0] if near else None)


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


class InTree(UserError):
    """The segment that is to go stands in a tree."""

    code = "segment.in-tree"
    says = mark("`{name}` cannot be removed: it stands in the tree {trees}")
    advises = mark("take it out with `intarsia tree edit` first; nothing was changed")


class NotARule(UserError):
    """A fixed list that somebody would edit like a rule."""

    code = "segment.not-a-rule"
    says = mark("`{name}` is a fixed list and has no rule that could be edited")
    advises = mark("give it another file with `intarsia list add {name} FILE`: that is its next version")


@dataclass(frozen=True)
class Definition:
    """One version of a segment's definition.

    text        the rule; of a fixed list a comment that says how many ids came from where
    created_at  when this version was put down, milliseconds UTC
    kind        "rule" or "list"
    """

    segment_id: str
    name: str
    version: int
    text: str
    language_version: int
    created_at: int
    kind: Kind = "rule"

    def tree(self) -> tree.Condition:
        """The text of a rule as a tree."""
        if self.kind == "list":
            raise Bug(what=f"the list `{self.name}` was read as a rule")
        return parse(self.text, self.language_version)

    def named(self) -> set[str]:
        """The names of the segments that it speaks of; a list speaks of none."""
        return set() if self.kind == "list" else segments_named(self.tree())

    def sentence(self, language: str, counts: Counts | None = None, catalog: Catalog | None = None) -> str:
        """What it says, in words of a reader's language.

        counts   of members of whom traits are unknown; catalog: of the names in it; either if it is at hand
        """
        if self.kind == "list":
            return translator(language).gettext(ON_THE_LIST).format(name=self.name)
        return sentence(self.tree(), tongue_of(language), counts, catalog)

    def to_json(self) -> dict[str, object]:
        """Name, id, kind, version and text."""
        return {
            "name": self.name,
            "id": self.segment_id,
            "kind": self.kind,
            "version": self.version,
            "definition": self.text,
        }


class Definitions:
    """The segments of one store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def all(self) -> list[Definition]:
        """The version in force of every segment, by name."""
        rows = self._store.rows(
            "select s.segment_id, s.name, s.kind, v.version, v.text, v.language_version, v.created_at "
            "from segment s join segment_version v using (segment_id) "
            "where s.removed_at is null "
            "and v.version = (select max(version) from segment_version w where w.segment_id = s.segment_id) "
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
        found = self.get(name)
        rows = self._store.rows("select * from segment_version where segment_id = ? order by version", found.segment_id)
        return [Definition(name=name, kind=found.kind, **dict(row)) for row in rows]

    def all_versions(self) -> list[Definition]:
        """Every version of every segment under its present name, by name, oldest first; also of those removed."""
        rows = self._store.rows(
            "select s.segment_id, s.name, s.kind, v.version, v.text, v.language_version, v.created_at "
            "from segment s join segment_version v using (segment_id) order by s.name, v.version"
        )
        return [Definition(**dict(row)) for row in rows]

    def add(self, name: str, text: str, *, segment_id: str, at: int) -> Definition:
        """Put down a new segment; raises `NameTaken` or `BadName`."""
        with self._store.change() as connection:
            put_down(connection, Definition(segment_id, name, 1, text, LANGUAGE_VERSION, at))
        return self.get(name)

    def edit(self, name: str, text: str, *, at: int) -> Definition:
        """Add a version, unless the text is the same as that in force."""
        with self._store.change() as connection:
            before = self.get(name)
            if before.kind == "list":
                raise NotARule(name=name)
            if before.text != text:
                add_version(connection, before, text, at)
        return self.get(name)

    def rename(self, name: str, new_name: str, *, at: int) -> list[Definition]:
        """Give a segment another name; those that name it get a version with the new one. Returns all that changed."""
        refuse_unfit(new_name)
        with self._store.change() as connection:
            definition = self.get(name)
            if new_name == name:
                return []
            if any(other.name == new_name for other in self.all()):
                raise NameTaken(name=new_name)
            users = self.users_of(name)
            for user in users:
                add_version(connection, user, _renamed(user, name, new_name), at)
            call(connection, definition, new_name, at)
        return [self.get(new_name), *(self.get(new_name if user.name == name else user.name) for user in users)]

    def remove(self, name: str, *, at: int) -> None:
        """Take a segment out; raises `InUse` while others name it, `InTree` while a tree does.

        Its versions stay for the versions of others that named it, under a name that leaves its own free.
        """
        with self._store.change() as connection:
            definition = self.get(name)
            users = self.users_of(name)
            if users:
                raise InUse(name=name, users=", ".join(f"`{user.name}`" for user in users))
            take_out(connection, definition, at)

    def users_of(self, name: str) -> list[Definition]:
        """The segments whose version in force names this one."""
        return [other for other in self.all() if name in other.named()]

    def users_of_area(self, name: str) -> list[str]:
        """The names of the segments whose version in force names an area."""
        return [other.name for other in self.all() if other.kind == "rule" and _names_area(other.tree(), name)]

    def users_of_event(self, short: str) -> list[str]:
        """The names of the segments of which any version, also of the past, names an event by its short name."""
        rules = (version for version in self.all_versions() if version.kind == "rule")
        return list(dict.fromkeys(version.name for version in rules if _names_event(version.tree(), short)))


def _names_event(condition: tree.Condition, short: str) -> bool:
    named = [node for node in condition.walk() if isinstance(node, tree.Event | tree.Path)]
    return any(node.names[0] == short and (isinstance(node, tree.Event) or len(node.names) > 1) for node in named)


def _names_area(condition: tree.Condition, name: str) -> bool:
    return any(isinstance(node, tree.InsideArea) and node.name == name for node in condition.walk())


def revision(store: Store) -> tuple[int, ...]:
    """Numbers that are others once a segment is added, edited, renamed or removed, or somebody pinned or unpinned."""
    row = store.row(
        "select (select count(*) from segment_version), (select count(*) from former_name), "
        "(select count(*) from pin), (select count(removed_at) from pin)"
    )
    return tuple(row or ())


def segments_named(condition: tree.Condition) -> set[str]:
    """The names of the segments that a tree speaks of."""
    return {node.name for node in condition.walk() if isinstance(node, (tree.InSegment, tree.Moved))}


def in_dependency_order(
    definitions: Mapping[str, Definition], named: Callable[[Definition], Collection[str]] = Definition.named
) -> list[Definition]:
    """Those that are named before those that name them; a ring comes in the order of names.

    named  the segments that a definition speaks of, by the names that they are known by here
    """
    done: dict[str, Definition] = {}
    waiting: set[str] = set()

    def place(name: str) -> None:
        if name in done or name in waiting or name not in definitions:
            return
        waiting.add(name)
        for needed in sorted(named(definitions[name])):
            place(needed)
        done[name] = definitions[name]

    for name in sorted(definitions):
        place(name)
    return list(done.values())


def ring(named: Mapping[str, Collection[str]], start: str) -> list[str]:
    """A way from a segment back to itself, or nothing; named: which segments each one names."""
    todo, seen = [[start]], {start}
    while todo:
        way = todo.pop()
        for name in sorted(named[way[-1]]):
            if name == start:
                return [*way, start]
            if name in named and name not in seen:
                seen.add(name)
                todo.append([*way, name])
    return []


def put_down(connection: sqlite3.Connection, first: Definition) -> None:
    """The first version of a new segment, inside a change of the store; raises `NameTaken`, `BadName`."""
    refuse_unfit(first.name)
    if connection.execute("select 1 from segment where name = ?", (first.name,)).fetchone():
        raise NameTaken(name=first.name)
    connection.execute(
        "insert into segment (segment_id, name, created_at, kind) values (?, ?, ?, ?)",
        (first.segment_id, first.name, first.created_at, first.kind),
    )
    _put_version(connection, first)


def add_version(connection: sqlite3.Connection, before: Definition, text: str, at: int) -> Definition:
    """The next version of a segment, inside a change of the store."""
    after = replace(before, version=before.version + 1, text=text, language_version=LANGUAGE_VERSION, created_at=at)
    _put_version(connection, after)
    return after


def call(connection: sqlite3.Connection, definition: Definition, name: str, at: int) -> None:
    """Give a segment another name inside a change of the store, and write down until when it had the one before."""
    connection.execute("update segment set name = ? where segment_id = ?", (name, definition.segment_id))
    former = (definition.segment_id, definition.name, at)
    connection.execute("insert or ignore into former_name (segment_id, name, until) values (?, ?, ?)", former)


def take_out(connection: sqlite3.Connection, definition: Definition, at: int) -> None:
    """Remove a segment inside a change of the store, under a name that leaves its own free."""
    if trees := connection.execute(_TREES, (definition.segment_id,)).fetchall():
        raise InTree(name=definition.name, trees=", ".join(f"`{row['name']}`" for row in trees))
    call(connection, definition, f"{definition.name} (removed {definition.segment_id})", at)
    connection.execute("update segment set removed_at = ? where segment_id = ?", (at, definition.segment_id))


def _put_version(connection: sqlite3.Connection, version: Definition) -> None:
    connection.execute(
        "insert into segment_version (segment_id, version, text, language_version, created_at) values (?, ?, ?, ?, ?)",
        (version.segment_id, version.version, version.text, version.language_version, version.created_at),
    )


def refuse_unfit(name: str) -> None:
    """Raise `BadName` where a segment cannot be called so."""
    if not name or name != name.strip() or len(name) > LONGEST_NAME or len(name.splitlines()) > 1 or "\0" in name:
        reason = phrase("it is empty, too long, or has blanks or breaks where they cannot be seen")
        raise BadName(name=name, reason=reason)
    if _is_a_definition(name):
        step = phrase("choose a name that says who they are, such as `buyers`")
        raise BadName(name=name, reason=phrase("it reads as a definition itself"), next_step=step)


def _is_a_definition(name: str) -> bool:
    try:
        parse(name)
    except LanguageError:
        return False
    return True


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
