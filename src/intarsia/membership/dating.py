"""When did each of the changed people enter or leave? Person by person, so that each one's facts are read once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import pyarrow as pa

from intarsia.errors import Bug
from intarsia.language.facts import Person
from intarsia.membership.instants import Rule, Search
from intarsia.membership.ledger import Key, Ledger, Timeline, timeline
from intarsia.membership.standing import Standing
from intarsia.profile.derived import derive
from intarsia.record.history import people
from intarsia.segment.asking import Asking

PEOPLE_DATED_MOST = 10_000
"""Of how many people per segment and run the instants are worked out one by one; the others get the run's."""

PEOPLE_AT_ONCE = 200
"""Of how many people the facts are held in memory."""


class Dating:
    """The instants of the changes of one run.

    standings  all segments that were evaluated, in the order in which they depend on each other
    Those that are newly defined are left out: all their changes are of one instant. So are those with a rank, for who
    is among the first is decided by others' facts too; their changes get the instant of the run.
    """

    def __init__(self, asking: Asking, ledger: Ledger, standings: Iterable[Standing]) -> None:
        self._asking = asking
        self._ledger = ledger
        self._standings = {standing.definition.name: standing for standing in standings}
        self._rules = {standing.id: Rule(standing.checked, derive) for standing in self._standings.values()}
        self._changed = {
            standing.id: {} if standing.is_redefined else _changed(standing) for standing in self._standings.values()
        }

    def instants(self) -> dict[Key, int]:
        """The instant of each change that could be dated, by segment and person; milliseconds UTC."""
        wanted = self._wanted()
        found: dict[Key, int] = {}
        for numbers in _batches(sorted(wanted)):
            past = self._ledger.past(numbers, self._named())
            for number, person in self._people(numbers):
                for standing in wanted[number]:
                    instant = self._instant(standing, number, person, past, found)
                    if instant is not None:
                        found[standing.id, number] = instant
        return found

    def _wanted(self) -> dict[int, list[Standing]]:
        """Of which people which changes are to be dated."""
        wanted: dict[int, list[Standing]] = {}
        for standing in self._standings.values():
            if not self._rules[standing.id].is_ranked:
                for number in list(self._changed[standing.id])[:PEOPLE_DATED_MOST]:
                    wanted.setdefault(number, []).append(standing)
        return wanted

    def _named(self) -> set[str]:
        names = {name for standing in self._standings.values() for name in standing.checked.segments}
        return {self._standings[name].id for name in names}

    def _people(self, numbers: Sequence[int]) -> Iterator[tuple[int, Person]]:
        session = self._asking.session
        persons = {person.id: person for person in people(session, numbers, self._asking.catalog.currency)}
        session.register("dated_people", pa.Table.from_pydict({"profile_no": pa.array(numbers, pa.int64())}))
        ids = session.execute(
            "select profile_no, profile_id from lake.profiles semi join dated_people using (profile_no)"
        )
        for row in ids.to_pylist():
            if row["profile_id"] in persons:
                yield row["profile_no"], persons[row["profile_id"]]

    def _instant(
        self, standing: Standing, number: int, person: Person, past: Mapping[Key, Timeline], found: Mapping[Key, int]
    ) -> int | None:
        as_of, rule, previous = self._asking.as_of, self._rules[standing.id], standing.previous
        is_in = self._changed[standing.id][number]
        segments = {name: self._was(name, number, past, found) for name in standing.checked.segments}
        if previous is None or rule.holds(person, as_of.at, as_of.known_at, segments) != is_in:
            raise Bug(what=f"SQL and the interpreter differ on `{person.id}` in `{standing.definition.name}`")
        search = Search(as_of.at, as_of.known_at, is_in, previous.look.at, standing.since)
        return rule.since(person, search, segments)

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
