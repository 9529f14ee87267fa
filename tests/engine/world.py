"""One population in a lake of its own, asked by both back ends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from intarsia.config import Settings
from intarsia.engine.evaluate import Evaluator
from intarsia.lake.lake import Lake
from intarsia.lake.session import Session
from intarsia.language import Checked, check, tree
from intarsia.language.catalog import Catalog, Kind
from intarsia.language.facts import Json, Person
from intarsia.language.interpret import Crowd, Question, value_of
from intarsia.profile.catalog import build_catalog
from intarsia.profile.derived import derive, sources
from intarsia.record.history import people
from intarsia.record.record import Record
from intarsia.record.values import readings, to_text
from intarsia.store.store import Store
from tests.engine.populations import Population

FOR_EVER = 10**14
"""An instant after everything that was recorded."""


@dataclass
class Asked:
    """Both back ends, ready for one question; `segments` are the definitions that rules may name."""

    catalog: Catalog
    segments: dict[str, Checked]
    question: Question
    people: Sequence[Person]
    crowd: Crowd
    evaluator: Evaluator
    names: Mapping[int, str]

    def define(self, name: str, rule: tree.Condition) -> None:
        """Let later rules name a segment."""
        self.segments[name] = check(rule, self.catalog)
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
    """A record in an empty folder that holds a population; with `is_loose` kinds of values forbid no test."""

    def __init__(self, folder: Path, population: Population, *, is_loose: bool = True) -> None:
        self.population = population
        self.settings = Settings(**population.settings)
        folder.mkdir(parents=True, exist_ok=True)
        self._store = Store(folder / "store.sqlite")
        self._lake = Lake.create(folder / "lake", sync=lambda _: None)
        settings = self.settings
        record = Record(
            self._lake, self._store, zone=settings.zone, currency=settings.currency, open_session=self.session
        )
        self.receipts = [
            record.record(batch.messages, recorded_at=batch.recorded_at, load_id="load") for batch in population.batches
        ]
        seen = build_catalog(self._store, settings)
        self.catalog = loosened(seen) if is_loose else seen

    def session(self) -> Session:
        """A session over what was recorded."""
        return Session(self._lake, threads=1)

    def close(self) -> None:
        """Let go of the files."""
        self._store.close()

    @contextmanager
    def ask(self, at: int, known_at: int | None) -> Iterator[Asked]:
        """Both back ends for a question."""
        settings, catalog = self.settings, self.catalog
        segments: dict[str, Checked] = {}

        def annotate(found: Mapping[str, Json]) -> tuple[str, str | None]:
            text = to_text(found)
            return text, readings(found, text, settings.zone)

        with self.session() as session:
            rows = session.execute("select profile_no, profile_id from lake.profiles").to_pylist()
            names = {row["profile_no"]: row["profile_id"] for row in rows}
            everybody = people(session, list(names), settings.currency)
            question = Question(at, known_at)
            crowd = Crowd(catalog, everybody, question, segments=segments, derive=derive)
            evaluator = Evaluator(
                session,
                catalog,
                at=at,
                known_at=FOR_EVER if known_at is None else known_at,
                segments=segments,
                derive=derive,
                sources=sources,
                annotate=annotate,
            )
            yield Asked(catalog, segments, question, everybody, crowd, evaluator, names)


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
