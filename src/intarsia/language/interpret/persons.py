"""Profiles made into persons: those that are one are one, with the facts of all (rule 5)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from intarsia.language.meaning.facts import Person
from intarsia.language.meaning.joins import JoinsById


def persons(profiles: Iterable[Person], joins: JoinsById, known_at: int | None) -> tuple[Person, ...]:
    """Everybody, by what was recorded up to `known_at`; None: by everything recorded so far.

    profiles  as they were recorded, each for itself
    returns   in the place of several that are one, the one of them that was known first, with all their facts
    """
    everybody = tuple(profiles)
    there = {person.id: person for person in everybody if joins and _is_known(person, known_at)}
    found, seen = [], set[str]()
    for person in everybody:
        if person.id not in seen:
            group = [person] if person.id not in there else list(_reached(person, there, joins, known_at))
            seen.update(member.id for member in group)
            found.append(_as_one(group))
    return tuple(found)


def ever_joined(profile_id: str, joins: JoinsById) -> frozenset[str]:
    """The ids of all profiles that a profile was ever one with, by whatever detour; its own among them."""
    reached, waiting = {profile_id}, [profile_id]
    while waiting:
        here = waiting.pop()
        beside = {join.beside(here) for join in joins.get(here, ())}
        waiting += beside - reached
        reached |= beside
    return frozenset(reached)


def _is_known(person: Person, known_at: int | None) -> bool:
    return any(known_at is None or fact.recorded_at <= known_at for fact in person.facts)


def _reached(person: Person, there: dict[str, Person], joins: JoinsById, known_at: int | None) -> Iterator[Person]:
    """All that are one with a person, who comes first."""
    reached, waiting = {person.id}, [person.id]
    while waiting:
        here = waiting.pop()
        yield there[here]
        for join in joins.get(here, ()):
            other = join.beside(here)
            if join.holds(known_at) and other in there and other not in reached:
                reached.add(other)
                waiting.append(other)


def _as_one(group: Sequence[Person]) -> Person:
    if len(group) == 1:
        return group[0]
    survivor = min(group, key=_seniority)
    others = sorted((person.id for person in group if person is not survivor), key=str.encode)
    return Person(survivor.id, tuple(fact for person in group for fact in person.facts), tuple(others))


def _seniority(person: Person) -> tuple[int, bytes]:
    """When the first fact was recorded, and the id in bytes."""
    return min(fact.recorded_at for fact in person.facts), person.id.encode()
