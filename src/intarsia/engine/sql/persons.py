"""Persons: which profiles are one in a question, and under which number their facts stand (rule 5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import cached_property
from pathlib import Path

import pyarrow as pa

from intarsia.lake.session import Session
from intarsia.lake.statements import statements
from intarsia.language.meaning.joins import Join

SURVIVORS = "survivors"
"""The relation of profiles that stand under another's number: `profile_no`, `survivor_no`."""


class Persons:
    """Who is one person by what was recorded until `known_at`, milliseconds UTC.

    joins  which profiles are one, for every `known_at`
    """

    def __init__(self, session: Session, joins: Iterable[Join], known_at: int) -> None:
        self._session = session
        self._pairs = [(join.one, join.other) for join in joins if join.holds(known_at)]
        self._known_at = known_at

    @cached_property
    def _groups(self) -> Mapping[int, tuple[int, ...]]:
        """The profiles of each person who is made of several, the survivor first, under the number of each of them."""
        if not self._pairs:
            return {}
        ids = sorted({profile_id for pair in self._pairs for profile_id in pair})
        self._session.register("joined_ids", pa.table({"profile_id": pa.array(ids, pa.string())}))
        found = self._session.execute(_blocks()["first_facts"], {"known_at": self._known_at})
        columns = (found[name].to_pylist() for name in ("profile_id", "profile_no", "first_recorded"))
        known = {
            profile_id: (first, profile_id.encode(), number) for profile_id, number, first in zip(*columns, strict=True)
        }
        pairs = [(known[one], known[other]) for one, other in self._pairs if one in known and other in known]
        groups: dict[int, tuple[int, ...]] = {}
        for group in _connected(pairs):
            numbers = tuple(number for _, _, number in sorted(group))
            groups.update(dict.fromkeys(numbers, numbers))
        return groups

    def profiles_of(self, number: int) -> tuple[int, ...]:
        """The numbers of all profiles of the person to whom one belongs, the survivor's first."""
        return self._groups.get(number, (number,))

    def survivor_of(self, number: int) -> int:
        """The number under which a profile's facts stand."""
        return self.profiles_of(number)[0]

    @cached_property
    def survivors(self) -> pa.Table:
        """The relation `survivors`; who stands under their own number is not in it."""
        merged = sorted((number, group[0]) for number, group in self._groups.items() if number != group[0])
        return pa.table(
            {
                "profile_no": pa.array([number for number, _ in merged], pa.int64()),
                "survivor_no": pa.array([survivor for _, survivor in merged], pa.int64()),
            }
        )


_Profile = tuple[int, bytes, int]
"""When its first fact was recorded, its id, its number: of several the smallest is the survivor."""


def _connected(pairs: Iterable[tuple[_Profile, _Profile]]) -> Collection[list[_Profile]]:
    """The profiles that hang together by pairs, group by group."""
    above: dict[_Profile, _Profile] = {}

    def root(profile: _Profile) -> _Profile:
        above.setdefault(profile, profile)
        while above[profile] != profile:
            above[profile] = above[above[profile]]
            profile = above[profile]
        return profile

    for one, other in pairs:
        above[root(one)] = root(other)
    groups: defaultdict[_Profile, list[_Profile]] = defaultdict(list)
    for profile in list(above):
        groups[root(profile)].append(profile)
    return groups.values()


def _blocks() -> Mapping[str, str]:
    return statements(Path(__file__).with_name("persons.sql"))
