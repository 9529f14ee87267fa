"""What becomes of segments: found by holding files against the store, and written into it all at once."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from intarsia.language import LANGUAGE_VERSION, parse, show, tree
from intarsia.language.checking.named import with_names
from intarsia.language.problems.whole import LanguageError
from intarsia.segment.as_code.folder import SegmentFile, normal
from intarsia.segment.definitions import Definition, Kind, NameTaken, add_version, call, put_down, take_out
from intarsia.segment.lists import put_ids, told_of

What = Literal["added", "changed", "renamed", "removed", "restored"]
IdsOf = Callable[[Definition], frozenset[str]]
"""The ids on a version of a list."""
Barred = Callable[[Iterable[str]], Collection[str]]
"""Those of some ids that may not come in again."""


@dataclass(frozen=True)
class Content:
    """What a segment is called and says after a change; ids: of a list, whose text only tells of them."""

    name: str
    kind: Kind
    text: str
    ids: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Change:
    """What becomes of one segment.

    last      its last version; None: it is a new one
    is_there  whether it is there now; else it is new, or was removed before and comes back
    after     None: it is removed
    file      where `after` was read
    adds_version      whether it says something else, if only in its spelling
    means_the_same    whether nobody can enter or leave by it
    """

    last: Definition | None
    is_there: bool
    after: Content | None
    file: str = ""
    adds_version: bool = True
    means_the_same: bool = False

    @property
    def what(self) -> What:
        """In one word."""
        if self.after is None:
            return "removed"
        if not self.is_there:
            return "added" if self.last is None else "restored"
        return "changed" if self.name_before == self.after.name else "renamed"

    @property
    def before(self) -> Definition | None:
        """The version that is in force; None: the segment is not there."""
        return self.last if self.is_there else None

    @property
    def name_before(self) -> str | None:
        """What it is called now; None: it is not there."""
        return None if self.before is None else self.before.name

    @property
    def name(self) -> str:
        """What it is called after it; of one that is removed, before."""
        return self.name_before or "" if self.after is None else self.after.name


# --- found


def compared(
    present: Sequence[Definition], files: Sequence[SegmentFile], ids_of: IdsOf, barred: Barred
) -> tuple[Change, ...]:
    """What would make the segments that are there what the files say, by name.

    ids_of  the ids on a list that is there; barred: those of some ids that may not come in again
    A rule without a file is removed, and a list without one is left as it is: whoever keeps lists out of a folder does
    not mean them to go. One rule that went and one that came with the same meaning are one that was renamed. What is
    a list here and a rule there is left out; `checking` tells.
    """
    there = {definition.name: definition for definition in present}
    named = {file.name for file in files}
    gone = [each for each in present if each.name not in named and each.kind == "rule"]
    new = [file for file in files if file.name not in there]
    renames = _renames(gone, new)
    changes = [Change(each, True, None) for each in gone if each.name not in renames]
    former = {new_name: there[name] for name, new_name in renames.items()}
    for file in files:
        before = former.get(file.name) or there.get(file.name)
        if before is None or before.kind == file.kind:
            change = _change(before, file, renames, ids_of, barred)
            if change.adds_version or change.what != "changed":
                changes.append(change)
    return tuple(sorted(changes, key=lambda change: change.name))


def _change(
    before: Definition | None,
    file: SegmentFile,
    renames: Mapping[str, str],
    ids_of: IdsOf,
    barred: Barred,
) -> Change:
    if file.kind == "list":
        ids = file.ids - frozenset(barred(file.ids))
        after = Content(file.name, "list", told_of(ids, file.file), ids)
        adds = before is None or ids_of(before) != ids
        return Change(before, before is not None, after, file.file, adds, not adds)
    adds = before is None or normal(before.text) != file.text
    is_same = not adds or (before is not None and _says(before, renames) == _says_now(file))
    return Change(before, before is not None, Content(file.name, "rule", file.text), file.file, adds, is_same)


def _renames(gone: Sequence[Definition], new: Sequence[SegmentFile]) -> dict[str, str]:
    """New names by old ones: of each that went, the only one that came and means the same, if it is the only one too.

    What names a renamed segment means the same under the new name; so it goes on until no more are found.
    """
    found: dict[str, str] = {}
    came = {file.name: _says_now(file) for file in new if file.kind == "rule"}
    while True:
        old = _by_meaning({each.name: _says(each, found) for each in gone if each.name not in found})
        new_names = _by_meaning({name: says for name, says in came.items() if name not in found.values()})
        pairs = {old[says]: new_names[says] for says in old.keys() & new_names.keys()}
        if not pairs:
            return found
        found.update(pairs)


def _by_meaning(said: Mapping[str, str | None]) -> dict[str, str]:
    """The names of those of which no other says the same, by what they say."""
    count = Counter(said.values())
    return {says: name for name, says in said.items() if says is not None and count[says] == 1}


def _says(definition: Definition, renames: Mapping[str, str]) -> str | None:
    """The canonical text of a rule, with the new names of segments; None: it cannot be read."""
    try:
        return _canonical(definition.tree(), renames)
    except LanguageError:
        return None


def _says_now(file: SegmentFile) -> str | None:
    try:
        return _canonical(parse(file.text), {})
    except LanguageError:
        return None


def _canonical(condition: tree.Condition, renames: Mapping[str, str]) -> str:
    return show(with_names(condition, lambda node: renames.get(node.name, node.name)))


# --- written


@dataclass(frozen=True)
class Written:
    """What was written of one change: names and versions before and after; None: it was not, or is not, there."""

    segment_id: str
    name_before: str | None
    version_before: int | None
    name_after: str | None
    version_after: int

    def to_json(self) -> dict[str, object]:
        """The segment's id, and its names and versions."""
        names = ("name_before", "version_before", "name_after", "version_after")
        return {"id": self.segment_id, **{name: getattr(self, name) for name in names}}


def write(
    connection: sqlite3.Connection,
    changes: Sequence[Change],
    *,
    at: int,
    new_id: Callable[[], str],
    barred: Barred,
) -> list[Written]:
    """Put changes down, inside a change of the store, in their order; raises `NameTaken`, `BadName`.

    at  milliseconds UTC; barred: those of some ids that may not come in again
    What is removed keeps its versions, and what comes back its id.
    """
    for change in changes:
        if change.after is None and change.last is not None:
            take_out(connection, change.last, at)
    moved = [(change.last, change.name) for change in changes if change.last and change.what in ("renamed", "restored")]
    for last, name in moved:  # Names may be exchanged.
        values = (f"{name} (renamed {last.segment_id})", last.segment_id)
        connection.execute("update segment set name = ?, removed_at = null where segment_id = ?", values)
    for last, name in moved:
        _refuse_taken(connection, name)
        call(connection, last, name, at)
    return [_put(connection, change, Putting(at, new_id, barred)) for change in changes]


@dataclass(frozen=True)
class Putting:
    """When something is put down, what gives a new segment its id, and which ids may not come in again."""

    at: int
    new_id: Callable[[], str]
    barred: Barred


def _put(connection: sqlite3.Connection, change: Change, putting: Putting) -> Written:
    last, after = change.last, change.after
    before = change.before
    name, number = (None, None) if before is None else (before.name, before.version)
    if last is not None and (after is None or not change.adds_version):
        return Written(last.segment_id, name, number, None if after is None else after.name, last.version)
    assert after is not None
    if last is None:
        version = Definition(putting.new_id(), after.name, 1, after.text, LANGUAGE_VERSION, putting.at, after.kind)
        put_down(connection, version)
    else:
        version = add_version(connection, replace(last, name=after.name), after.text, putting.at)
    if after.kind == "list":
        put_ids(connection, version, after.ids - frozenset(putting.barred(after.ids)))
    return Written(version.segment_id, name, number, after.name, version.version)


def _refuse_taken(connection: sqlite3.Connection, name: str) -> None:
    if connection.execute("select 1 from segment where name = ?", (name,)).fetchone():
        raise NameTaken(name=name)
