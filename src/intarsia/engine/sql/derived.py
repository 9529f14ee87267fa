"""Derived traits: worked out in Python, once for all people of whom the same was said, and offered as relations."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from intarsia.clock import CalendarName, anniversary, begin_of_day, day_holding, zone_named
from intarsia.engine.sql.history import FOR_EVER, History, histories_query, traits_query
from intarsia.engine.sql.local import OF_PLACE, STATED, ZONES
from intarsia.errors import Bug
from intarsia.lake.session import Session
from intarsia.language.catalog import Catalog
from intarsia.language.interpret.question import Derive
from intarsia.language.meaning.facts import Json
from intarsia.language.meaning.values import inside, written_day

DERIVED = "derived"
Annotate = Callable[[Mapping[str, Json]], tuple[str, str | None]]
"""JSON text of an object of values, and what the record notes beside it (see `record.values`)."""


@dataclass(frozen=True)
class Deriving:
    """What makes derived traits; `sources`: the recorded traits that each is made from."""

    derive: Derive
    sources: Callable[[str], Iterable[str]]
    annotate: Annotate


class Derived:
    """The derived traits of everybody as of one question, as relations of its session.

    deriving    None: there are none, and all traits are as recorded
    need        makes a relation of relations.sql
    """

    def __init__(
        self, session: Session, catalog: Catalog, *, at: int, deriving: Deriving | None, need: Callable[[str], None]
    ) -> None:
        self._session = session
        self._zone = ZoneInfo(catalog.timezone)
        self._calendar: CalendarName = catalog.calendar
        self._at = at
        self._deriving = deriving
        self._need = need
        self._offered: frozenset[str] = frozenset()
        self._zones: list[ZoneInfo] | None = None

    def traits(self, names: Sequence[str]) -> pa.Table:
        """What is recorded of everybody who has any of the named traits: profile_no, and `traits`, a JSON object."""
        self._need("statements")
        sql, values = traits_query(names, self._at)
        return self._session.execute(sql, values)

    def _sources(self, name: str) -> Iterable[str]:
        return () if self._deriving is None else self._deriving.sources(name)

    def _value(self, name: str, traits: Mapping[str, Json], at: int) -> Json:
        if self._deriving is None:
            return None
        return self._deriving.derive(name, traits, at, self._zone, calendar=self._calendar)

    # --- as of the question

    def offer(self, names: frozenset[str]) -> None:
        """The relation `derived`: a JSON object of the derived traits of everybody who has any."""
        names = names | self._offered
        if names == self._offered:
            return
        self._offered = names
        if self._deriving is None:
            self._session.register(DERIVED, json_table([], [], []))
            return
        recorded = self.traits(sorted({source for name in names for source in self._sources(name)}))
        made: dict[str, tuple[str, str | None] | None] = {}
        numbers, texts, notes = [], [], []
        for number, said in _rows(recorded, "traits"):
            if said not in made:
                made[said] = self._object(names, said)
            found = made[said]
            if found is not None:
                numbers.append(number)
                texts.append(found[0])
                notes.append(found[1])
        self._session.register(DERIVED, json_table(numbers, texts, notes))

    def _object(self, names: frozenset[str], said: str) -> tuple[str, str | None] | None:
        assert self._deriving is not None
        recorded = _read(said)
        values = {name: self._value(name, recorded, self._at) for name in sorted(names)}
        known = {name: value for name, value in values.items() if value is not None}
        return self._deriving.annotate(known) if known else None

    # --- people's own zones

    def zones(self) -> list[ZoneInfo]:
        """Every zone that is somebody's own, and the workspace's; offers the relation `zones` of who has which."""
        if self._zones is None:
            recorded = self.traits(sorted({STATED, *self._sources(OF_PLACE)}))
            by_traits: dict[str, ZoneInfo | None] = {}
            numbers, names = [], []
            for number, said in _rows(recorded, "traits"):
                if said not in by_traits:
                    by_traits[said] = self._own_zone(_read(said))
                if (zone := by_traits[said]) is not None:
                    numbers.append(number)
                    names.append(zone.key)
            columns = {"profile_no": pa.array(numbers, pa.int64()), "zone": pa.array(names, pa.string())}
            self._session.register(ZONES, pa.table(columns))
            self._zones = sorted({self._zone, *map(ZoneInfo, names)}, key=lambda zone: zone.key)
        return self._zones

    def _own_zone(self, traits: Mapping[str, Json]) -> ZoneInfo | None:
        """What a person states, else that of the place they live in; None where neither is the name of a zone."""
        return zone_named(traits.get(STATED)) or zone_named(self._value(OF_PLACE, traits, self._at))

    # --- histories

    def offer_history(self, history: History) -> None:
        """What a trait was at every instant from the begin of a history on: profile_no, props, readings, since, until.

        Everybody is there of whom anything was said that it is made from; its values have no gaps between them.
        """
        name = history.names[0]
        self._need("statements")
        sql, values = histories_query(sorted({name, *self._sources(name)}), self._at, history.begin)
        made: dict[str, list[tuple[int, int, str, str | None]]] = {}
        numbers, rows = [], list[tuple[int, int, str, str | None]]()
        for number, said in _rows(self._session.execute(sql, values), "said"):
            if said not in made:
                made[said] = list(self._spans(history, _read(said)))
            numbers += [number] * len(made[said])
            rows += made[said]
        columns = json_table(numbers, [row[2] for row in rows], [row[3] for row in rows])
        for place, bound in enumerate(("since", "until")):
            columns = columns.append_column(bound, pa.array([row[place] for row in rows], pa.int64()))
        self._session.register(history.relation, columns)

    def _spans(self, history: History, said: list[Any]) -> Iterator[tuple[int, int, str, str | None]]:
        """Since and until when a trait was what: its JSON object, and what is noted beside it."""
        changes: dict[int, dict[str, Json]] = {history.begin: {}}
        for since, name, value in said:
            changes.setdefault(int(since), {})[name] = value
        for day in self._birthdays([value for _, _, value in said], history.begin):
            instant = begin_of_day(day, self._zone)
            if history.begin < instant <= self._at:
                changes.setdefault(instant, {})
        traits: dict[str, Json] = {}
        for since, until in pairwise([*sorted(changes), FOR_EVER]):
            traits |= changes[since]
            yield since, until, *self._noted(history.names, traits, since)

    def _noted(self, names: tuple[str, ...], traits: Mapping[str, Json], at: int) -> tuple[str, str | None]:
        """The trait's value as of an instant, derived, else recorded, as an object at its path."""
        value = inside(self._value(names[0], traits, at), names[1:])
        if value is None:
            value = inside(traits.get(names[0]), names[1:])
        for name in reversed(names):
            value = {name: value}
        assert isinstance(value, dict)
        if self._deriving is None:
            raise Bug(what=f"the history of {names} was asked of an engine that derives nothing")
        return self._deriving.annotate(value)

    def _birthdays(self, values: Iterable[Json], begin: int) -> Iterator[date]:
        """Every date among the values and each of its anniversaries since: what is derived from a date changes then."""
        first, last = day_holding(begin, self._zone).year, day_holding(self._at, self._zone).year
        for day in {day for value in values if (day := written_day(value)) is not None}:
            for years in range(max(first - day.year - 1, 0), last - day.year + 2):
                celebrated = anniversary(day, years, self._calendar)
                if celebrated is not None:
                    yield celebrated


def json_table(numbers: Sequence[int], texts: Sequence[str], notes: Sequence[str | None]) -> pa.Table:
    """JSON objects of people as a relation: profile_no, props, readings."""
    columns = {
        "profile_no": pa.array(numbers, pa.int64()),
        "props": pa.array(texts, pa.string()),
        "readings": pa.array(notes, pa.string()),
    }
    return pa.table(columns)


def _rows(table: pa.Table, name: str) -> Iterator[tuple[int, str]]:
    return zip(table["profile_no"].to_pylist(), table[name].to_pylist(), strict=True)


def _read(text: str) -> Any:
    return json.loads(text, parse_float=Decimal, parse_int=Decimal)
