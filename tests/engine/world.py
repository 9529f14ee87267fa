"""One population in a lake of its own, asked by both back ends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any

from intarsia.clock import FIRST
from intarsia.config import Settings
from intarsia.engine.sql.evaluate import Evaluator
from intarsia.errors import UserError
from intarsia.identity.identities import Identities
from intarsia.lake.lake import Lake
from intarsia.lake.session import Session
from intarsia.language import Checked, check, tree
from intarsia.language.catalog import Catalog, Kind
from intarsia.language.checking.named import Named, Pin, Version
from intarsia.language.interpret import Crowd, Question, value_of
from intarsia.language.interpret.persons import persons
from intarsia.language.meaning.facts import Json, Person
from intarsia.language.meaning.joins import by_id
from intarsia.language.meaning.json_text import to_text
from intarsia.language.meaning.rates import Rates
from intarsia.profile.catalog import build_catalog
from intarsia.profile.derived import derive, sources
from intarsia.record.history import people
from intarsia.record.record import Receipt, Record
from intarsia.record.values import readings
from intarsia.store.store import Store
from tests.engine.populations import Message, Population
from tests.engine.samples import AREAS, RATES

FOR_EVER = 10**14
"""An instant after everything that was recorded."""


@dataclass
class Asked:
    """Both back ends, ready for one question; `segments` are the definitions that rules may name.

    people  persons; profiles: each by itself, though they be one person
    """

    catalog: Catalog
    segments: dict[str, Checked | Named]
    question: Question
    people: Sequence[Person]
    profiles: Sequence[Person]
    crowd: Crowd
    evaluator: Evaluator
    names: Mapping[int, str]
    pins: tuple[Pin, ...] = ()

    def define(self, name: str, rule: tree.Condition, edited: tree.Condition | None = None, at: int = 0) -> None:
        """Let later rules name a segment, with its pins; it may have been edited, at an instant."""
        checked = check(rule, self.catalog)
        versions = [Version(FIRST, lambda: checked)]
        if edited is not None:
            newer = check(edited, self.catalog)
            versions.append(Version(at, lambda: newer))
        self.segments[name] = Named(tuple(versions), self.pins)
        self.catalog = replace(self.catalog, segments=self.catalog.segments | {name})

    def base(self) -> frozenset[str]:
        """The profile ids of everybody who is known."""
        return self.crowd.members(tree.Everyone())

    def by_interpreter(self, rule: tree.Condition) -> frozenset[str]:
        """The members in plain Python."""
        return self.crowd.members(rule)

    def by_engine(self, rule: tree.Condition) -> frozenset[str]:
        """The members in SQL."""
        found = self.evaluator.members(check(rule, self.catalog))
        numbers = found.column("profile_no").to_pylist()
        assert len(set(numbers)) == len(numbers), "somebody is a member twice"
        return frozenset(self.names[number] for number in numbers)

    def values(self, value: tree.Value) -> list[Any]:
        """What a value of the language is for everybody."""
        return [value_of(value, one, self.question, self.catalog, derive=derive) for one in self.people]


class World:
    """A record in an empty folder that holds a population.

    is_loose  kinds of values forbid no test
    opens     the kind of session that answers
    """

    def __init__(
        self, folder: Path, population: Population, *, is_loose: bool = True, opens: type[Session] = Session
    ) -> None:
        self._opens = opens
        self.population = population
        self.settings = Settings(**population.settings)
        folder.mkdir(parents=True, exist_ok=True)
        self._store = Store(folder / "store.sqlite")
        self._lake = Lake.create(folder / "lake", sync=lambda _: None)
        settings, self._present = self.settings, 0
        ids = count(1)
        self.identities = Identities(
            self._lake,
            self._store,
            country=settings.country,
            joining=settings.identity_joins,
            most=settings.identity_most,
            open_session=self.session,
            now=lambda: self._present,
            zone=settings.zone,
            new_id=lambda: f"decision-{next(ids)}",
        )
        self._record = Record(
            self._lake,
            self._store,
            zone=settings.zone,
            currency=settings.currency,
            open_session=self.session,
            claims=self.identities.claims,
        )
        self.receipts = [
            self._record.record(batch.messages, recorded_at=batch.recorded_at, load_id="load")
            for batch in population.batches
        ]
        for at, profile_ids in population.decisions:
            self._decide(at, profile_ids)
        self._is_loose = is_loose
        self.catalog = self._catalog()

    def _decide(self, at: int, profile_ids: Sequence[str]) -> None:
        """Merge two, or unmerge one; whom nobody knows (any more) is left alone."""
        try:
            if len(profile_ids) > 1:
                self.merge(profile_ids[0], profile_ids[1], at)
            else:
                self.unmerge(profile_ids[0], at)
        except UserError:
            return

    def _catalog(self) -> Catalog:
        rates = Rates.of({name: quotes for name, quotes in RATES.items() if name != self.settings.currency})
        seen = replace(build_catalog(self._store, self.settings), areas=AREAS, rates=rates)
        return loosened(seen) if self._is_loose else seen

    def record(self, messages: Sequence[Message], at: int) -> Receipt:
        """Record more messages, at an instant."""
        receipt = self._record.record(messages, recorded_at=at, load_id="later")
        self.catalog = self._catalog()
        return receipt

    def merge(self, one: str, other: str, at: int) -> None:
        """Decide at an instant that two profiles are one person."""
        self._present = at
        self.identities.merge(one, other, "a test wants it")

    def unmerge(self, profile_id: str, at: int) -> None:
        """Decide at an instant that a profile is one with nobody."""
        self._present = at
        self.identities.unmerge(profile_id, "a test wants it")

    def session(self) -> Session:
        """A session over what was recorded."""
        return self._opens(self._lake, threads=1)

    def close(self) -> None:
        """Let go of the files."""
        self._store.close()

    @contextmanager
    def ask(self, at: int, known_at: int | None) -> Iterator[Asked]:
        """Both back ends for a question."""
        settings, catalog = self.settings, self.catalog
        segments: dict[str, Checked | Named] = {}

        def annotate(found: Mapping[str, Json]) -> tuple[str, str | None]:
            text = to_text(found)
            return text, readings(found, text, settings.zone)

        with self.session() as session:
            rows = session.execute("select profile_no, profile_id from lake.profiles").to_pylist()
            names = {row["profile_no"]: row["profile_id"] for row in rows}
            profiles = people(session, list(names), settings.currency)
            question, joins = Question(at, known_at), self.identities.joins(session)
            crowd = Crowd(catalog, profiles, question, segments=segments, derive=derive, joins=joins)
            everybody = persons(profiles, by_id(joins), known_at)
            evaluator = Evaluator(
                session,
                catalog,
                at=at,
                known_at=FOR_EVER if known_at is None else known_at,
                segments=segments,
                derive=derive,
                sources=sources,
                annotate=annotate,
                read=lambda session, numbers: people(session, numbers, settings.currency),
                joins=joins,
            )
            pins = tuple(
                Pin(who, kept_out, "a test wants it", begin, until)
                for begin, who, until, kept_out in self.population.pins
            )
            yield Asked(catalog, segments, question, everybody, profiles, crowd, evaluator, names, pins)


def loosened(catalog: Catalog) -> Catalog:
    """The catalog with every kind open but that of money, so that each test may be asked of each value."""
    events = {}
    for name, event in catalog.events.items():
        own = {path: replace(known, kind=_open(known.kind)) for path, known in event.properties.items()}
        lines = {path: replace(known, kind=_open(known.kind)) for path, known in event.lines.items()}
        events[name] = replace(event, properties=own, lines=lines)
    traits = {path: replace(known, kind=_open(known.kind)) for path, known in catalog.traits.items()}
    return replace(catalog, events=events, traits=traits)


def _open(kind: Kind) -> Kind:
    return kind if kind is Kind.MONEY else Kind.ANY
