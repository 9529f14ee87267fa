"""A shop of the conformance cases, told a few messages at a time to what keeps up who is in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from random import Random

import numpy as np

from intarsia.engine.columns.derivation import Derivation
from intarsia.engine.columns.grown import Grown
from intarsia.engine.columns.of_facts import FactColumns
from intarsia.engine.columns.values import Array
from intarsia.engine.live.arriving import Arrivals
from intarsia.engine.live.live import Live
from intarsia.errors import UserError
from intarsia.language import Checked, tree
from intarsia.language.catalog import Catalog
from intarsia.language.checking.named import Named, Version
from intarsia.language.interpret import Crowd, Question
from intarsia.language.interpret.persons import persons
from intarsia.language.meaning.facts import Fact, Person
from intarsia.language.meaning.joins import Join, by_id
from intarsia.language.meaning.rates import Rates
from intarsia.language.problems.checking import SegmentInvalid
from intarsia.profile.derived import derive, sources

LEAD = 86_400_000
MOST_TOGETHER = 3
Told = tuple[str, Fact]
"""A profile id, and a message of it."""


class Telling:
    """Who is in, kept up from nothing known to all that was known at `known_at`, as of `at`; milliseconds UTC.

    segments  by name, and the rules of cases among them
    """

    def __init__(
        self,
        catalog: Catalog,
        joins: Sequence[Join],
        segments: Mapping[str, Named],
        *,
        at: int,
        known_at: int,
    ) -> None:
        quotes = {currency: catalog.rates.until(known_at).quotes(currency) for currency in catalog.rates.currencies}
        known = {
            currency: [replace(quote, recorded_at=0) for quote in found if quote.recorded_at <= known_at]
            for currency, found in quotes.items()
        }
        areas = {name: replace(area, versions=(area.at(known_at),)) for name, area in catalog.areas.items()}
        self._catalog = replace(catalog, rates=Rates.of(known), areas=areas)
        self._joins = joins
        self._known_at = known_at
        self._until = at
        self._segments = {name: as_known(named, known_at) for name, named in segments.items()}
        self._facts: dict[str, list[Fact]] = {}
        self._own_place: dict[str, int] = {}
        self.refused: dict[str, UserError] = {}

    def tell(self, told: Sequence[Told], chance: Random) -> Live:
        """Tell messages in this order, a few together, while time moves on to `at` in steps."""
        known = [pair for pair in told if pair[1].recorded_at <= self._known_at]
        first = min([self._until, *(fact.occurred_at for _, fact in known)]) - LEAD
        self._at = first
        self.columns = Grown(self._present, [], Derivation(derive, sources), first)
        self.live = Live(self.columns, {}, self._segments, answer=self._answer, arrivals=Arrivals())
        batches = list(_batches(known, chance))
        instants = sorted(chance.randint(first, self._until) for _ in batches)
        for instant, batch in zip(instants, batches, strict=True):
            self._learn(batch, instant)
        self._at = self._until
        self.live.tick(self._until)
        self._read_again()
        return self.live

    def members(self, name: str) -> frozenset[str]:
        """Who is in a segment in the end; raises why nobody can be."""
        if name in self.live.invalid or name in self.refused:
            raise _reason(self.refused[name] if name in self.refused else self.live.invalid[name])
        return frozenset(self.columns.ids[place] or "" for place in np.flatnonzero(self.live.members[name]).tolist())

    def _learn(self, batch: Sequence[Told], instant: int) -> None:
        for profile_id, fact in batch:
            self._facts.setdefault(profile_id, []).append(fact)
            self._own_place.setdefault(profile_id, len(self._own_place))
        self._at = instant
        self.live.take(batch, instant)
        self._read_again()

    def _read_again(self) -> None:
        """Do what is left to whoever keeps it up: who is one person, and whom all facts are needed of."""
        everybody = {self._own_place[person.id]: person for person in self._persons()}
        for place, person in everybody.items():
            for one in person.ids:
                self.live.stand(one, place)
        nobody = {place: Person(profile_id) for profile_id, place in self._own_place.items()}
        self.live.read({place: everybody.get(place, nobody[place]) for place in sorted(self.live.unread)})
        self.live.refresh()

    def _profiles(self) -> list[Person]:
        return [Person(profile_id, tuple(facts)) for profile_id, facts in self._facts.items()]

    def _persons(self) -> Sequence[Person]:
        return persons(self._profiles(), by_id(self._joins), self._known_at)

    def _present(self) -> FactColumns:
        """All that has been told, as columns."""
        there = {person.id: person for person in self._persons()}
        people = [there.get(profile_id, Person(profile_id)) for profile_id in self._own_place]
        return FactColumns(people, Question(self._at), self._catalog, Derivation(derive, sources))

    def _answer(self, name: str) -> Array:
        """What plain Python says of a segment that columns do not answer."""
        question = Question(self._at, self._known_at)
        crowd = Crowd(
            self._catalog, self._profiles(), question, segments=self._segments, derive=derive, joins=self._joins
        )
        self.refused.pop(name, None)
        found = np.zeros(self.columns.size, np.bool_)
        try:
            found[[self._own_place[one] for one in crowd.members(tree.InSegment(name))]] = True
        except UserError as error:
            self.refused[name] = error
        return found


def as_known(named: Named, known_at: int) -> Named:
    """A segment with what was decided of it up to an instant."""
    versions = tuple(version for version in named.versions if version.created_at <= known_at) or named.versions[:1]
    pins = tuple(
        replace(pin, removed_at=None if pin.removed_at is None or pin.removed_at > known_at else pin.removed_at)
        for pin in named.pins
        if pin.created_at <= known_at
    )
    return Named(versions, pins)


def of_rule(rule: Checked) -> Named:
    """A segment that has always been this rule."""
    return Named((Version(-LEAD, lambda: rule),))


def _batches(told: Sequence[Told], chance: Random) -> Iterator[list[Told]]:
    left = list(told)
    while left:
        some = chance.randint(1, MOST_TOGETHER)
        yield left[:some]
        left = left[some:]


def _reason(error: UserError) -> UserError:
    """What is wrong in the end, below the segments that are wrong because of it."""
    while isinstance(error, SegmentInvalid):
        reason = error.facts["reason"]
        assert isinstance(reason, UserError)
        error = reason
    return error
