"""Columns of a few people out of their facts, as plain Python reads them: of those whom new facts concern."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from itertools import accumulate

import numpy as np

from intarsia.engine.columns.columns import ConsentState
from intarsia.engine.columns.derivation import Derivation
from intarsia.engine.columns.event_rows import GIVEN_BACK, property_at
from intarsia.engine.columns.missing import NotInColumns
from intarsia.engine.columns.profile_ids import ProfileIds
from intarsia.engine.columns.rows import Lines, Names, Rows
from intarsia.engine.columns.values import Array, Coded, Dictionary, Values, coded_by
from intarsia.errors import phrase
from intarsia.ids import bucket_number
from intarsia.language.catalog import Catalog, EventType, Kind, Property
from intarsia.language.interpret.consents import agreed
from intarsia.language.interpret.known import Known
from intarsia.language.interpret.question import Question
from intarsia.language.interpret.subjects import Subject
from intarsia.language.meaning.facts import Fact, Json, Person
from intarsia.language.meaning.orders import ORDER
from intarsia.language.meaning.refunds import Refund
from intarsia.language.meaning.values import date_of, instant_of, raw_text


class FactColumns:
    """Some people by their facts, in their order; `derivation` makes derived traits."""

    def __init__(self, people: Sequence[Person], question: Question, catalog: Catalog, derivation: Derivation) -> None:
        self._known = [Known(person, question, catalog) for person in people]
        self._at = question.at
        self._derivation = derivation
        self.catalog = catalog

    @property
    def size(self) -> int:
        """How many they are."""
        return len(self._known)

    @cached_property
    def has_refunds(self) -> bool:
        """Whether anything was refunded to them."""
        order = EventType(ORDER, is_any=True)
        return any(known.refunds(order) for known in self._known)

    def base(self) -> Array:
        """Who is in the base."""
        return np.array([known.is_in_base for known in self._known], np.bool_)

    def trait(self, names: Names) -> Values:
        """What a trait is of each of them, derived ones as they are derived now."""
        trait = self.catalog.trait(names)
        if trait is None or not trait.is_derived:
            return self.recorded(names)
        return self._derivation.values(names, self.recorded, self.catalog, self._at)

    def recorded(self, names: Names) -> Coded:
        """What was recorded of a trait."""
        return _coded(known.trait(names).value for known in self._known)

    def consents(self, channel: str, purpose: str) -> tuple[Array, list[ConsentState]]:
        """What each person agreed to, as the place of a state, and the states; the first is that of silence."""
        states = {ConsentState(): 0}
        places = [states.setdefault(_consent(known, channel, purpose), len(states)) for known in self._known]
        return np.array(places, np.int32), list(states)

    def buckets(self, salt: str) -> Array:
        """The bucket of each person for a salt."""
        return np.array([bucket_number(salt, known.id) for known in self._known], np.int64)

    def order_of_ids(self) -> Array:
        """The place of each in the order of their profile ids."""
        place = np.zeros(self.size, np.int64)
        place[sorted(range(self.size), key=lambda number: self._known[number].id.encode())] = np.arange(self.size)
        return place

    def profile_ids(self) -> ProfileIds:
        """The profile ids of each of them."""
        return ProfileIds.of(known.person.ids for known in self._known)

    def identified(self) -> Array:
        """Which of them are known by name."""
        return np.array([known.is_identified for known in self._known], np.bool_)

    # --- events

    def rows(self, event: EventType, paths: Iterable[Names], line_paths: Iterable[Names], *, with_lines: bool) -> Rows:
        """What they did of one type, with the columns of some properties; of orders those that count."""
        facts = [known.events(event) for known in self._known]
        subjects = [
            Subject(fact, event, known.catalog, known.when)
            for known, theirs in zip(self._known, facts, strict=True)
            for fact in theirs
        ]
        return rows_of(event, subjects, map(len, facts), paths, line_paths if event.lines and with_lines else None)

    def refunds(self, event: EventType, taken: Names, paths: Iterable[Names]) -> Rows:
        """Refunds: in the column `GIVEN_BACK` what each takes off; in the others what it is matched by."""
        found = [known.refunds(event) for known in self._known]
        pairs = [
            (refund, Subject(refund.full, event, known.catalog, known.when, refund=refund))
            for known, theirs in zip(self._known, found, strict=True)
            for refund in theirs
        ]
        given = property_at(event, taken)
        columns = {path: _coded(map(_reader(event, path), (one for _, one in pairs))) for path in sorted(set(paths))}
        columns[GIVEN_BACK] = _coded(_given_back(refund, one, given) for refund, one in pairs)
        return Rows(_first(map(len, found)), _instants(one.fact for _, one in pairs), columns)


def rows_of(
    event: EventType,
    subjects: Sequence[Subject],
    counts: Iterable[int],
    paths: Iterable[Names],
    line_paths: Iterable[Names] | None,
) -> Rows:
    """Events of one type as rows.

    subjects    person by person, each person's in order; counts: how many each person has
    line_paths  None: without lines
    """
    own = {path: _coded(map(_reader(event, path), subjects)) for path in sorted(set(paths))}
    lines = None if line_paths is None else _lines(event, subjects, sorted(set(line_paths)))
    return Rows(_first(counts), _instants(one.fact for one in subjects), own, lines)


def _reader(event: EventType, path: Names) -> Callable[[Subject], Json]:
    found = property_at(event, path)
    return lambda subject: _rated(subject, found, subject.raw(found))


def _rated(subject: Subject, found: Property, raw: Json) -> Json:
    """A value, an amount in the workspace's currency; raises `NotInColumns` where nobody said the rate."""
    if found.kind is not Kind.MONEY:
        return raw
    if subject.cannot_be_converted(found, raw):
        raise NotInColumns(phrase("amounts without a rate"))
    return subject.in_own_currency(found, raw)


def _given_back(refund: Refund, subject: Subject, taken: Property) -> Json:
    return _rated(subject, taken, refund.value(taken.path, is_amount=taken.kind is Kind.MONEY))


def _lines(event: EventType, subjects: Sequence[Subject], paths: Sequence[Names]) -> Lines:
    parts = [part for subject in subjects for part in subject.lines()]
    columns = {}
    for path in paths:
        found = event.lines.get(path) or Property(path, is_of_line=True)
        if found.kind is Kind.MONEY and any(part.foreign_currency(found) for part in parts):
            raise NotInColumns(phrase("amounts of lines in other currencies"))
        columns[path] = _coded(part.raw(found) for part in parts)
    return Lines(_first(len(one.fact.lines) for one in subjects), columns)


def _consent(known: Known, channel: str, purpose: str) -> ConsentState:
    found = agreed(known, channel, purpose)
    if found.fact is None:
        return ConsentState()
    if found.state in ("withdrawn", "pending") or found.expires is None:
        return ConsentState(found.state)
    ends_at = instant_of(found.expires, known.when.zone)
    return ConsentState("given", raw_text(found.expires) or "", date_of(found.expires), ends_at)


def _first(counts: Iterable[int]) -> Array:
    return np.array([*accumulate(counts, initial=0)], np.int64)


def _instants(facts: Iterable[Fact]) -> Array:
    return np.array([fact.occurred_at for fact in facts], np.int64)


def _coded(values: Iterable[Json]) -> Coded:
    return coded_by(Dictionary([None], []), values)
