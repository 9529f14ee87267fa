"""Which profiles are one person, and from when on that was known (rule 5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Join:
    """Two profiles that are one person.

    one, other   profile ids
    recorded_at  from which `known_at` on they are one, for every `at`; milliseconds since 1970 UTC
    undone_at    from which `known_at` on they are two again; None: never

    It holds of profiles that are known: of whom a fact was recorded by then.
    """

    one: str
    other: str
    recorded_at: int
    undone_at: int | None = None

    def holds(self, known_at: int | None) -> bool:
        """Whether the two are one by what was recorded up to an instant; None: by everything recorded so far."""
        if known_at is None:
            return self.undone_at is None
        return self.recorded_at <= known_at and (self.undone_at is None or known_at < self.undone_at)

    def beside(self, profile_id: str) -> str:
        """The other one of the two."""
        return self.other if profile_id == self.one else self.one


JoinsById = Mapping[str, tuple[Join, ...]]
"""The joins of each profile by its id; profiles that were never joined are not in it."""


def by_id(joins: Iterable[Join]) -> JoinsById:
    """Joins as they are looked up: each under both ids."""
    found: dict[str, list[Join]] = {}
    for join in joins:
        for profile_id in {join.one, join.other}:
            found.setdefault(profile_id, []).append(join)
    return {profile_id: tuple(some) for profile_id, some in found.items()}
