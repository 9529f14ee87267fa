"""When people became members of a segment, or ceased to be: as it was asked at each instant (rule 40)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from intarsia.language import tree
from intarsia.language.catalog import Catalog
from intarsia.language.checking.named import Named, NamedSegments
from intarsia.language.interpret.moments import Moments, learned_of
from intarsia.language.interpret.persons import ever_joined, persons
from intarsia.language.interpret.question import Derive
from intarsia.language.meaning.facts import Person
from intarsia.language.meaning.joins import JoinsById
from intarsia.language.problems.checking import TooManyMoves


@dataclass(frozen=True)
class Look:
    """One look at a segment: what was asked, and by which definitions.

    at          of the question, milliseconds UTC, and what was recorded later is left out
    defined_at  the definitions are those that were in force then
    """

    at: int
    defined_at: int


@dataclass(frozen=True)
class Move:
    """At an instant others became members, by data, time, merge or pin; never by a new definition.

    before, after  the profile ids of the members just before and then
    """

    at: int
    before: frozenset[str]
    after: frozenset[str]

    def is_of(self, ids: frozenset[str], how: Literal["entered", "left"]) -> bool:
        """Whether a person, by all the ids that are theirs, entered or left: one of them in is in."""
        was_in, is_in = bool(ids & self.before), bool(ids & self.after)
        return (is_in and not was_in) if how == "entered" else (was_in and not is_in)


@dataclass(frozen=True)
class Group:
    """People whose membership is worked out together: one, those who were ever joined, or everybody.

    key       tells groups apart; None: everybody
    profiles  as they were recorded, each for itself
    joined    everyone that several of them have been one as
    edges     the instants at which profiles become one, or two again
    """

    key: str | None
    profiles: tuple[Person, ...]
    joined: tuple[Person, ...] = ()
    edges: tuple[int, ...] = ()

    @cached_property
    def ids(self) -> frozenset[str]:
        """The ids of the profiles."""
        return frozenset(person.id for person in self.profiles)


class Groups:
    """The groups of some profiles."""

    def __init__(self, profiles: Iterable[Person], joins: JoinsById) -> None:
        there = {person.id: person for person in profiles}
        self._groups = {
            profile_id: Group(profile_id, (person,)) for profile_id, person in there.items() if profile_id not in joins
        }
        for profile_id in joins.keys() & there.keys():
            if profile_id not in self._groups:
                ids = ever_joined(profile_id, joins) & there.keys()
                group = _joined(tuple(there[member] for member in sorted(ids)), joins)
                self._groups.update(dict.fromkeys(ids, group))

    def of(self, profile_id: str) -> Group:
        """The group of one profile."""
        return self._groups[profile_id]

    @cached_property
    def everybody(self) -> Group:
        """All profiles together."""
        groups = {group.key: group for group in self._groups.values()}.values()
        profiles = tuple(person for group in groups for person in group.profiles)
        joined = tuple(person for group in groups for person in group.joined)
        return Group(None, profiles, joined, tuple(edge for group in groups for edge in group.edges))


def _joined(profiles: tuple[Person, ...], joins: JoinsById) -> Group:
    own = {join for person in profiles for join in joins[person.id]}
    edges = {edge for join in own for edge in (join.recorded_at, join.undone_at) if edge is not None}
    # Who is one with whom changes too when a profile is first known that others were joined with before.
    known = {min(fact.recorded_at for fact in person.facts) for person in profiles if person.facts}
    met = {one.ids: one for at in edges | known for one in persons(profiles, joins, at) if one.other_ids}
    return Group(profiles[0].id, profiles, tuple(met[ids] for ids in sorted(met)), tuple(sorted(edges)))


Members = Callable[[Group, str, Look], frozenset[str]]
"""The ids of the profiles of a group that are in a segment, by a look at it."""


class Moves:
    """The moves of people into and out of segments, each stretch of time worked out once.

    members     looks at a segment
    known_at    what is recorded later is left out of every look; None: nothing is
    looks_most  of one stretch of time, more instants to look at raise `TooManyMoves`; None: without limit
    """

    def __init__(
        self,
        named: NamedSegments,
        catalog: Catalog,
        members: Members,
        *,
        derive: Derive | None,
        known_at: int | None,
        looks_most: int | None = None,
    ) -> None:
        self._named = named
        self._catalog = catalog
        self._members = members
        self._derive = derive
        self._known_at = known_at
        self._looks_most = looks_most
        self._kept: dict[tuple[str, str | None], _Kept] = {}

    def of(self, name: str, group: Group, lower: int, upper: int) -> list[Move]:
        """The moves after `lower`, up to and with `upper`, by time; none before the segment was put down."""
        first = min((fact.occurred_at for person in group.profiles for fact in person.facts), default=upper)
        # Nobody is a member before the first of them is known.
        lower = max(lower, self._named[name].created_at - 1, first - 1)
        if lower >= upper:
            return []
        key = (name, group.key)
        kept = self._kept.get(key, _Kept(lower, lower, ()))
        begin, end = min(lower, kept.lower), max(upper, kept.upper)
        if (begin, end) != (kept.lower, kept.upper):
            earlier = self._worked_out(name, group, begin, kept.lower)
            later = self._worked_out(name, group, kept.upper, end)
            kept = self._kept[key] = _Kept(begin, end, (*earlier, *kept.moves, *later))
        return [move for move in kept.moves if lower < move.at <= upper]

    def _worked_out(self, name: str, group: Group, lower: int, upper: int) -> Iterator[Move]:
        """Within each life of the definitions: who is in just before it, and who at each instant that may matter."""
        if lower >= upper:
            return
        instants = sorted(self.moments(name, group, lower, upper))
        if self._looks_most is not None and len(instants) > self._looks_most:
            raise TooManyMoves(name=name, needed=len(instants), most=self._looks_most)
        for begin, end in self._lives(name, lower, upper):
            before = self._members(group, name, Look(begin - 1, begin))
            for instant in (instant for instant in instants if begin <= instant <= end):
                after = self._members(group, name, Look(instant, begin))
                if before != after:
                    yield Move(instant, before, after)
                before = after

    def _lives(self, name: str, lower: int, upper: int) -> Iterator[tuple[int, int]]:
        """The stretches of (lower, upper] in which no definition that counts became another, first and last instant."""
        changed = {version.created_at for found in self._reached(name).values() for version in found.versions}
        begins = sorted({lower + 1, *(instant for instant in changed if lower < instant <= upper)})
        return zip(begins, [*(begin - 1 for begin in begins[1:]), upper], strict=True)

    def _reached(self, name: str) -> dict[str, Named]:
        return self._named.reached([name])

    # --- where it may change

    def moments(self, name: str, group: Group, lower: int, upper: int) -> set[int]:
        """The instants after `lower`, up to `upper`, at which others may be members: by data, time, merge or pin."""
        return self._moments(name, group, lower, upper, frozenset())

    def _moments(self, name: str, group: Group, lower: int, upper: int, opened: frozenset[str]) -> set[int]:
        if name in opened:
            return set()  # A circle: it is refused where members are looked for.
        opened = opened | {name}

        def moves(node: tree.Moved, first: int, after: int) -> Iterable[int]:
            return self._moments(node.name, group, first - 1, after - 1, opened)

        moments = Moments(self._catalog, (*group.profiles, *group.joined), moves, self._derive, self._known_at)
        reached = self._reached(name)
        found = {*moments.marks.happened, *moments.marks.learned, *group.edges, *self._edges(reached, group)}
        found = {instant for instant in found if lower < instant <= upper}
        for other in reached:
            for rule in self._named.rules(other):
                found |= moments.by_time(rule.tree, lower, upper)
                found.update(learned_of(rule.tree, self._catalog, lower, upper))
        return found

    def _edges(self, reached: dict[str, Named], group: Group) -> Iterator[int]:
        """Where pins begin and end."""
        for named in reached.values():
            for pin in named.pins:
                if pin.profile_id in group.ids:
                    yield from pin.edges()


@dataclass(frozen=True)
class _Kept:
    """The moves after `lower`, up to and with `upper`."""

    lower: int
    upper: int
    moves: Sequence[Move]
