"""When did each of the changed people enter or leave? Person by person, so that each one's facts are read once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set

from intarsia.errors import Bug
from intarsia.language import Checked, check, tree
from intarsia.language.meaning.facts import Person
from intarsia.membership.by_hand import by_hand
from intarsia.membership.instants import Beside, Rule, Search
from intarsia.membership.ledger import Key, Ledger, Timeline, timeline
from intarsia.membership.merges import is_merged_away
from intarsia.membership.standing import Standing
from intarsia.profile.derived import derive
from intarsia.segment.asking import Asking

PEOPLE_DATED_MOST = 10_000
"""Of how many people per segment and run the instants are worked out one by one; the others get the run's."""

PEOPLE_AT_ONCE = 200
"""Of how many people the facts are held in memory."""


class Dating:
    """The instants of the changes of one run.

    standings  all segments that were evaluated, in the order in which they depend on each other
    people     of these alone, by their numbers; None: of all, as far as they are not too many
    differs    told of a profile number and a segment's id, where the interpreter finds another answer
    Those that are newly defined are left out: all their changes are of one instant. So are those with a rank, for who
    is among the first is decided by others' facts too; their changes get the instant of the run.
    """

    def __init__(
        self,
        asking: Asking,
        ledger: Ledger,
        standings: Iterable[Standing],
        *,
        people: Set[int] | None = None,
        differs: Callable[[int, str], None] | None = None,
    ) -> None:
        self._asking = asking
        self._ledger = ledger
        self._people = people
        self._differs = differs or self._refuse
        self._standings = {standing.definition.name: standing for standing in standings}
        self._rules = {
            standing.id: Rule(standing.content, asking.catalog, derive) for standing in self._standings.values()
        }
        self._earlier: dict[tree.InSegment, frozenset[int]] = {}
        self._changed = {
            standing.id: {} if standing.is_redefined else _changed(standing) for standing in self._standings.values()
        }

    def instants(self) -> dict[Key, int]:
        """The instant of each change that could be dated, by segment and person; milliseconds UTC."""
        wanted = self._wanted()
        # Who is in a rank by hand is so since the pin, whatever others do.
        undated = [standing for standing in self._standings.values() if not self._is_dated(standing)]
        found: dict[Key, int] = by_hand(self._asking, undated, {})
        for numbers in _batches(sorted(wanted)):
            past = self._ledger.past(numbers, self._named())
            there = [number for number in numbers if not is_merged_away(self._asking, number)]
            for number, person in zip(there, self._asking.persons(there), strict=True):
                for standing in wanted[number]:
                    instant = self._instant(standing, number, person, past, found)
                    if instant is not None:
                        found[standing.id, number] = instant
        return found | self._merged_away(wanted)

    def _merged_away(self, wanted: Mapping[int, Sequence[Standing]]) -> dict[Key, int]:
        """The changes of profiles that are part of another person: by what is known now they were never in."""
        gone = (number for number in wanted if is_merged_away(self._asking, number))
        return {(standing.id, number): standing.since for number in gone for standing in wanted[number]}

    def _wanted(self) -> dict[int, list[Standing]]:
        """Of which people which changes are to be dated."""
        wanted: dict[int, list[Standing]] = {}
        for standing in self._standings.values():
            if self._is_dated(standing):
                changed = list(self._changed[standing.id])[:PEOPLE_DATED_MOST]
                for number in changed if self._people is None else self._people & self._changed[standing.id].keys():
                    wanted.setdefault(number, []).append(standing)
        return wanted

    def _is_dated(self, standing: Standing) -> bool:
        """Whether its own people's facts decide: there is no rank in it, nor in one whose moves it asks for."""
        nodes = standing.content.tree.walk() if isinstance(standing.content, Checked) else ()
        moved = [node.name for node in nodes if isinstance(node, tree.Moved)]
        return not self._rules[standing.id].is_ranked and not self._asking.evaluator.named.are_ranked(moved)

    def _named(self) -> set[str]:
        names = {name for standing in self._standings.values() for name in standing.named}
        return {self._standings[name].id for name in names}

    def _instant(
        self, standing: Standing, number: int, person: Person, past: Mapping[Key, Timeline], found: Mapping[Key, int]
    ) -> int | None:
        as_of, rule, previous = self._asking.as_of, self._rules[standing.id], standing.previous
        is_in = self._changed[standing.id][number]
        beside = self._beside(standing, number, person, past, found)
        if previous is None or rule.holds(person, as_of.at, as_of.known_at, beside) != is_in:
            self._differs(number, standing.id)
            return None
        search = Search(as_of.at, as_of.known_at, is_in, previous.look.at, standing.since)
        return rule.since(person, search, beside)

    def _refuse(self, number: int, segment_id: str) -> None:
        raise Bug(what=f"SQL and the interpreter differ on profile {number} in segment {segment_id}")

    def _beside(
        self, standing: Standing, number: int, person: Person, past: Mapping[Key, Timeline], found: Mapping[Key, int]
    ) -> Beside:
        """How a person stands to the segments that one names, and to that one by hand."""
        ids = frozenset(person.ids)
        named = self._asking.evaluator.named[standing.definition.name]
        pins = tuple(pin for pin in named.pins if pin.profile_id in ids)
        if not isinstance(standing.content, Checked):
            return Beside(pins=pins)
        segments, earlier, moves = {}, {}, {}
        for node in standing.content.tree.walk():
            if isinstance(node, tree.InSegment) and node.at is None:
                segments[node.name] = self._was(node.name, number, past, found)
            elif isinstance(node, tree.InSegment):
                earlier[node] = number in self._members_at(node)
            elif isinstance(node, tree.Moved):
                ever = tree.Moved(node.how, node.name)
                moves[ever] = self._asking.evaluator.moments(ever, number)
        return Beside(segments, earlier, moves, pins)

    def _members_at(self, node: tree.InSegment) -> frozenset[int]:
        if node not in self._earlier:
            members = self._asking.evaluator.members(check(node, self._asking.catalog))
            self._earlier[node] = frozenset(members["profile_no"].to_pylist())
        return self._earlier[node]

    def _was(self, name: str, number: int, past: Mapping[Key, Timeline], found: Mapping[Key, int]) -> Timeline:
        """When a person was in a segment, by the ledger and this run."""
        key = (self._standings[name].id, number)
        changes = list(past.get(key, ()))
        changed = self._changed[key[0]]
        if number in changed:
            changes.append((found.get(key, self._asking.as_of.at), changed[number]))
        return timeline(changes)


def _changed(standing: Standing) -> dict[int, bool]:
    changes = standing.changes
    return dict(zip(changes["profile_no"].to_pylist(), changes["entered"].to_pylist(), strict=True))


def _batches(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    for first in range(0, len(numbers), PEOPLE_AT_ONCE):
        yield numbers[first : first + PEOPLE_AT_ONCE]
