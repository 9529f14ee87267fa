"""Who is one person, said once more in the plainest way: what the identities of the lake are held against.

Identifiers are taken as they come, so tests write them in their normal form.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

FOR_EVER = 10**14
SOFT = {"email": "email", "phone": "phone", "card_number": "card"}
ROLES = ("info", "office", "noreply")

Identifier = tuple[str, str]


@dataclass
class Naive:
    """Messages as they were recorded, and decisions as they were made, in the order of arrival."""

    most: int = 3
    recorded: list[tuple[int, Mapping[str, Any]]] = field(default_factory=list)
    merges: list[tuple[int, str, str]] = field(default_factory=list)
    bars: list[tuple[int, str, Identifier]] = field(default_factory=list)

    def record(self, message: Mapping[str, Any], at: int) -> None:
        """Keep a message."""
        self.recorded.append((at, message))

    def merge(self, one: str, other: str, at: int) -> None:
        """Decide that two are one."""
        self.merges.append((at, one, other))

    def unmerge(self, profile: str, at: int) -> None:
        """Decide that one is with none of those with whom it is."""
        others = self.group(profile, FOR_EVER) - {profile}
        for identifier, (users, owner) in self._claims(FOR_EVER).items():
            there = users | owner
            if profile in there and there & others:
                self.bars.append((at, profile, identifier))

    def group(self, profile: str, known_at: int) -> frozenset[str]:
        """All that are one with a profile."""
        return next(group for group in self.groups(known_at) if profile in group)

    def groups(self, known_at: int) -> set[frozenset[str]]:
        """Who is one person, by what was recorded up to an instant."""
        groups = {frozenset((profile,)) for profile in self.known(known_at)}
        for one, other in self._pairs(known_at):
            first, second = (next(group for group in groups if profile in group) for profile in (one, other))
            groups = groups - {first, second} | {first | second}
        return groups

    def survivor(self, group: Iterable[str]) -> str:
        """Under which id a person is known."""
        return min(group, key=lambda profile: (self._first(profile), profile.encode()))

    def _first(self, profile: str) -> int:
        return min(at for at, message in self.recorded if _profile(message) == profile)

    def known(self, known_at: int) -> set[str]:
        """The profiles of whom something was recorded up to an instant."""
        return {_profile(message) for at, message in self.recorded if at <= known_at}

    def _claims(self, known_at: int) -> dict[Identifier, tuple[set[str], set[str]]]:
        """Of each identifier those who claim it, and whose id it is."""
        found: dict[Identifier, tuple[set[str], set[str]]] = {}
        for at, message in self.recorded:
            for identifier in _identifiers(message) if at <= known_at else ():
                owner = {identifier[1]} & self.known(known_at) if identifier[0] in ("anonymousId", "alias") else set()
                found.setdefault(identifier, (set(), owner))[0].add(_profile(message))
        for place, (at, one, other) in enumerate(self.merges):
            if at <= known_at:
                found["merge", str(place)] = ({one, other}, set())
        return found

    def _pairs(self, known_at: int) -> set[tuple[str, str]]:
        pairs = set()
        for identifier, (users, owner) in self._claims(known_at).items():
            if self._joins(identifier, users, known_at):
                barred = {who for at, who, what in self.bars if at <= known_at and what == identifier}
                pairs |= set(combinations(sorted((users | owner) - barred), 2))
        return pairs

    def _joins(self, identifier: Identifier, users: set[str], known_at: int) -> bool:
        kind, value = identifier
        if kind == "merge":
            return True
        if kind == "anonymousId":
            return len(users) == 1
        if (kind == "email" and value.split("@")[0] in ROLES) or len(users) > self.most:
            return False
        names = {self._name(user, known_at) for user in users} - {None}
        return kind == "alias" or all(_fit(str(one), str(other)) for one, other in combinations(names, 2))

    def _name(self, profile: str, known_at: int) -> str | None:
        said = [
            (message["timestamp"], message["messageId"], message["traits"]["first_name"])
            for at, message in self.recorded
            if at <= known_at and _profile(message) == profile and "first_name" in message.get("traits", {})
        ]
        return max(said)[2] if said else None


def _profile(message: Mapping[str, Any]) -> str:
    return str(message.get("userId") or message["anonymousId"])


def _identifiers(message: Mapping[str, Any]) -> set[Identifier]:
    found = {(SOFT[name], value) for name, value in message.get("traits", {}).items() if name in SOFT}
    for kind, name in (("anonymousId", "anonymousId"), ("alias", "previousId")):
        if name in message and message[name] != _profile(message):
            found.add((kind, message[name]))
    return found


def _fit(one: str, other: str) -> bool:
    short = min(one, other, key=len).rstrip(".")
    return one == other or (len(short) == 1 and one[0] == other[0])
