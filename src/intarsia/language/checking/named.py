"""What a definition may name: a segment with its versions over time, and who was put in or kept out by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from intarsia.clock import FIRST, to_iso
from intarsia.errors import Bug, UserError, phrase
from intarsia.language import tree
from intarsia.language.problems.checking import SegmentInvalid

if TYPE_CHECKING:
    from intarsia.language.checking.check import Checked


@dataclass(frozen=True)
class FixedList:
    """The members of a segment that is a list: profile ids, also of people who are not known (yet)."""

    ids: frozenset[str]


@dataclass(frozen=True)
class Version:
    """One version of a segment: a rule that was checked, or a fixed list; worked out when it is first asked for.

    created_at  from when on it is in force, milliseconds UTC, up to the next version
    """

    created_at: int
    make: Callable[[], Checked | FixedList] = field(repr=False)

    @cached_property
    def content(self) -> Checked | FixedList:
        """The rule or the list; raises what is wrong with the rule."""
        return self.make()


@dataclass(frozen=True)
class Pin:
    """Somebody whom somebody put into a segment by hand, or kept out of it (rule 39).

    created_at  from when on; until: it has expired from then on, None: never; removed_at: it was taken back then
    author      who did it, as far as that is known
    """

    profile_id: str
    is_exclusion: bool
    reason: str
    created_at: int
    until: int | None = None
    removed_at: int | None = None
    author: str | None = None

    def counts(self, at: int, known_at: int | None) -> bool:
        """Whether it was made by then, was not taken back by then, and has not expired at `at`."""
        seen = at if known_at is None else min(at, known_at)
        is_made = self.created_at <= seen and (self.removed_at is None or seen < self.removed_at)
        return is_made and (self.until is None or at < self.until)

    def to_json(self) -> dict[str, str | bool | None]:
        """Who, whether in or out, why, by whom, and its instants in ISO 8601, UTC."""
        return {
            "profile_id": self.profile_id,
            "is_exclusion": self.is_exclusion,
            "reason": self.reason,
            "author": self.author,
            "created_at": to_iso(self.created_at),
            "until": None if self.until is None else to_iso(self.until),
            "removed_at": None if self.removed_at is None else to_iso(self.removed_at),
        }

    def edges(self) -> Iterator[int]:
        """The instants at which it begins or ceases to count."""
        yield self.created_at
        yield from (instant for instant in (self.until, self.removed_at) if instant is not None)


@dataclass(frozen=True)
class Named:
    """A segment under its name: its versions, oldest first, and the pins and exclusions that were ever made."""

    versions: tuple[Version, ...]
    pins: tuple[Pin, ...] = ()

    @property
    def created_at(self) -> int:
        """Since when it has been there."""
        return self.versions[0].created_at

    def in_force(self, instant: int | None) -> Version:
        """The version in force at an instant; the first one before that, and the last one of None."""
        if instant is None:
            return self.versions[-1]
        return next((item for item in reversed(self.versions) if item.created_at <= instant), self.versions[0])

    def put_in(self, at: int, known_at: int | None) -> frozenset[str]:
        """The profile ids that pins put in, as of a question."""
        return frozenset(pin.profile_id for pin in self.pins if not pin.is_exclusion and pin.counts(at, known_at))

    def kept_out(self, at: int, known_at: int | None) -> frozenset[str]:
        """The profile ids that exclusions keep out, as of a question; they win."""
        return frozenset(pin.profile_id for pin in self.pins if pin.is_exclusion and pin.counts(at, known_at))

    def by_hand(self, ids: Iterable[str], at: int, known_at: int | None) -> tuple[Pin, ...]:
        """The pins and exclusions of a person, by all the ids that are theirs, as of a question; oldest first."""
        theirs = frozenset(ids)
        return tuple(pin for pin in self.pins if pin.profile_id in theirs and pin.counts(at, known_at))


class NamedSegments:
    """The segments that conditions may name, by name.

    given  each with its versions and pins, or as one rule that has always been in force; may grow while it is used
    """

    def __init__(self, given: Mapping[str, Checked | Named] | None = None) -> None:
        self._given: Mapping[str, Checked | Named] = {} if given is None else given

    def __getitem__(self, name: str) -> Named:
        if name not in self._given:
            raise Bug(what=f"nobody handed in the definition of the segment {name}")
        found = self._given[name]
        return found if isinstance(found, Named) else Named((Version(FIRST, lambda: found),))

    def content(self, name: str, version: Version) -> Checked | FixedList:
        """What a version of a segment says; raises `SegmentInvalid` where that is wrong (rule 41)."""
        try:
            return version.content
        except UserError as error:
            step = error.step()
            mending = step and phrase("in the definition of `{name}`: {step}", name=name, step=step)
            raise SegmentInvalid(name=name, reason=error, next_step=mending) from error

    def reached(self, names: Iterable[str]) -> dict[str, Named]:
        """These segments and all that any version of theirs rests on, by name; what is invalid is passed by."""
        found: dict[str, Named] = {}
        todo = sorted(names)
        while todo:
            name = todo.pop()
            if name not in found and name in self._given:
                found[name] = self[name]
                for rule in self.rules(name):
                    todo += sorted(rule.segments)
        return found

    def rules(self, name: str) -> Iterator[Checked]:
        """The rules among the versions of a segment; what is invalid is passed by."""
        for version in self[name].versions:
            try:
                content = version.content
            except UserError:
                continue
            if not isinstance(content, FixedList):
                yield content

    def are_ranked(self, names: Iterable[str]) -> bool:
        """Whether a rank decides who is in one of these segments, or in one that it rests on."""
        return any(is_ranked(rule.tree) for name in self.reached(names) for rule in self.rules(name))


def is_ranked(condition: tree.Condition) -> bool:
    """Whether a condition has a rank in it: then other people's facts decide too."""
    return any(isinstance(node, tree.Rank) for node in condition.walk())


Some = TypeVar("Some", bound=tree.Node)


def with_names(node: Some, name_of: Callable[[tree.InSegment | tree.Moved], str]) -> Some:
    """A tree with other names of segments in it."""
    changed: dict[str, Any] = {}
    for item in fields(node):
        value = getattr(node, item.name)
        if isinstance(value, tree.Node):
            changed[item.name] = with_names(value, name_of)
        elif isinstance(value, tuple) and any(isinstance(part, tree.Node) for part in value):
            changed[item.name] = tuple(with_names(part, name_of) for part in value)
    if isinstance(node, tree.InSegment | tree.Moved):
        changed["name"] = name_of(node)
    return replace(node, **changed) if changed else node
