"""A segment split by share into others, which are segments like any: stable, disjoint, each with its rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from intarsia.errors import UserError
from intarsia.language import LANGUAGE_VERSION, show
from intarsia.segment.definitions import Definition, Definitions, NameTaken, add_version, put_down
from intarsia.segment.split_parts import Part, Ranges, dealt, part_of, parts_asked
from intarsia.speech import mark
from intarsia.store.store import Store


class OtherSalt(UserError):
    """Parts that are there are to be drawn anew with another salt."""

    code = "segment.other-salt"
    says = mark("the parts of `{name}` were drawn with the salt `{salt}`; another one would move everybody")
    advises = mark("leave out `--salt`, or call the parts of the other draw by other names")


@dataclass(frozen=True)
class Drawn:
    """One part of a segment: its own segment, and what its rule says."""

    definition: Definition
    part: Part


class Splitting:
    """Puts down the parts of segments.

    now  the present, milliseconds UTC; new_id: an id for a new segment
    """

    def __init__(self, store: Store, *, now: Callable[[], int], new_id: Callable[[], str]) -> None:
        self._store = store
        self._definitions = Definitions(store)
        self._now = now
        self._new_id = new_id

    def drawn(self, name: str) -> list[Drawn]:
        """The parts of a segment, by salt and by their stretches; raises `NoSuchSegment`."""
        self._definitions.get(name)
        rules = [one for one in self._definitions.all() if one.kind == "rule"]
        parts = [Drawn(one, part) for one in rules if (part := part_of(one.tree())) is not None]
        mine = [one for one in parts if one.part.segment == name]
        return sorted(mine, key=lambda one: (one.part.salt, one.part.ranges))

    def split(self, name: str, into: str, salt: str | None = None) -> str:
        """Put down the parts that a text such as `a 10%, b 10%, rest` names, as segments `NAME: a` and so on.

        A part that is there is given its new share, and keeps who is in as far as that goes; parts that are not named
        stay as they are. All of it happens, or nothing.
        salt  deals people into buckets, another for each; None: that of the parts, of a first split the segment's name
        Returns the salt. Raises `NoSuchSegment`, `BadSplit`, `NameTaken`, `OtherSalt`.
        """
        asked = parts_asked(into)
        with self._store.change() as connection:
            there = self.drawn(name)
            found = {label: self._found(name, label, there) for label in asked}
            salt = _salt(name, salt, [one for one in found.values() if one is not None])
            named = {one.definition.name for one in found.values() if one is not None}
            staying = [one for one in there if one.part.salt == salt and one.definition.name not in named]
            taken = tuple(sorted(one for drawn in staying for one in drawn.part.ranges))
            before: Mapping[str, Ranges] = {label: one.part.ranges for label, one in found.items() if one is not None}
            for label, ranges in dealt(into, asked, before, taken).items():
                text, was = show(Part(name, salt, ranges).rule()), found[label]
                if was is None:
                    first = (self._new_id(), f"{name}: {label}", 1, text, LANGUAGE_VERSION, self._now())
                    put_down(connection, Definition(*first))
                elif was.definition.text != text:
                    add_version(connection, was.definition, text, self._now())
        return salt

    def _found(self, name: str, label: str, there: list[Drawn]) -> Drawn | None:
        """The part of a label, if there is one; it may also be called by its whole name."""
        parts = {one.definition.name: one for one in there}
        called = next((one for one in (f"{name}: {label}", label) if one in parts), None)
        if called is None and any(one.name == f"{name}: {label}" for one in self._definitions.all()):
            raise NameTaken(name=f"{name}: {label}")
        return None if called is None else parts[called]


def _salt(name: str, asked: str | None, found: list[Drawn]) -> str:
    """The salt that parts have, or are to have."""
    salts = sorted({one.part.salt for one in found})
    for salt in salts:
        if salt != (salts[0] if asked is None else asked):
            raise OtherSalt(name=name, salt=salt)
    if salts:
        return salts[0]
    return name if asked is None else asked
