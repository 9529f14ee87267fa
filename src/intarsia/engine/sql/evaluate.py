"""Answers over everybody: members of definitions, as of one question, from one state of the lake."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from zoneinfo import ZoneInfo

import pyarrow as pa

from intarsia.clock_pieces import Shift
from intarsia.engine.sql.compile import Compiled, compile_members
from intarsia.engine.sql.derived import Annotate, Derived, Deriving, json_table
from intarsia.engine.sql.draft import ByZone
from intarsia.engine.sql.exact import numbers_that_fit
from intarsia.engine.sql.ids import ANONYMOUS, PERSON_IDS
from intarsia.engine.sql.missing import MissingRate, Use, literals, missing_query, missing_rates, uses
from intarsia.engine.sql.moves import Past, Read
from intarsia.engine.sql.names import event_names
from intarsia.engine.sql.operators import Operators
from intarsia.engine.sql.persons import Persons
from intarsia.engine.sql.places import by_point, looked_for, people_at, points_query
from intarsia.engine.sql.rates import RELATION as RATES
from intarsia.engine.sql.rates import OwnCurrency
from intarsia.engine.sql.relations import RATED, Relations
from intarsia.engine.sql.scope import EVENT_NAMES
from intarsia.engine.sql.shifts import pieces_table
from intarsia.engine.sql.values import values_query
from intarsia.engine.sql.words import Bindings
from intarsia.errors import Bug
from intarsia.lake.session import Session
from intarsia.language import tree
from intarsia.language.catalog import Catalog
from intarsia.language.checking.check import Checked
from intarsia.language.checking.named import FixedList, Named, NamedSegments, Version
from intarsia.language.interpret import Derive
from intarsia.language.interpret.crowd import Chain
from intarsia.language.meaning.joins import Join

IDS = "ids"
ODD_IDS = r"[^\x01-\x7f]|[0-9][.0-9]{15}|[0-9]\.[0-9]{7}|0\.000|[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]"
"""Profile ids that the record would note something of (see `record.values.readings`)."""


class Evaluator:
    """Evaluates definitions for one question; segments that name segments see the members of the same question.

    session     one state of the lake; the evaluator makes its relations in it
    at          the instant that is asked about; known_at: what was recorded later is left out; milliseconds UTC
    segments    the segments that conditions may name
    defined_at  the definitions are those in force then; None: as of `known_at`
    read        reads the facts of people, for `entered segment` and `left segment`
    joins       which profiles are one person, for every `known_at`
    derive      makes derived traits; sources: which recorded traits each is made from
    annotate    what the record notes beside JSON values (see `record.values`)
    """

    def __init__(
        self,
        session: Session,
        catalog: Catalog,
        *,
        at: int,
        known_at: int,
        segments: Mapping[str, Checked | Named] | None = None,
        defined_at: int | None = None,
        derive: Derive | None = None,
        sources: Callable[[str], Iterable[str]] | None = None,
        annotate: Annotate | None = None,
        read: Read | None = None,
        joins: Iterable[Join] = (),
        above: Evaluator | None = None,
    ) -> None:
        self._session = session
        self.catalog = catalog
        self.at = at
        self.known_at = known_at
        self.defined_at = known_at if defined_at is None else defined_at
        self.segments = segments
        self.named: NamedSegments = NamedSegments(segments) if above is None else above.named
        self.chain: Chain = Chain() if above is None else above.chain
        self.derive = derive
        self.read = read
        self.joins: tuple[Join, ...] = tuple(joins)
        self._past = Past(self)
        self._sources = sources
        self._annotate = annotate
        self._deriving: Deriving | None = None
        if derive is not None and sources is not None and annotate is not None:
            self._deriving = Deriving(derive, sources, annotate)
        self.persons = Persons(session, self.joins, known_at)
        statuses, currency = catalog.order_statuses, catalog.currency
        self._relations = Relations(
            session, at=at, known_at=known_at, statuses=statuses, currency=currency, persons=self.persons
        )
        self._members: dict[tuple[str, int], pa.Table] = {}
        self._names: dict[str, str] = {}
        self._derived = self._nothing_derived()
        self._made: set[str] = set()
        self._by_point: pa.Table | None = None

    @property
    def session(self) -> Session:
        """The session, in which the base is now: the relation `people`."""
        self._relations.make("people")
        return self._session

    def compile(self, checked: Checked) -> Compiled:
        """The SQL of a definition, not run."""
        return compile_members(checked, self.operators())

    def operators(self) -> Operators:
        """What asks operators of readings, for one more statement."""
        zone = ZoneInfo(self.catalog.timezone)
        first_weekday, calendar = self.catalog.first_weekday, self.catalog.calendar
        return Operators(Bindings(), self.at, zone, first_weekday, calendar, self.own_currency)

    @property
    def own_currency(self) -> OwnCurrency:
        """The workspace's currency, and the rates of others as they were known."""
        catalog = self.catalog
        return OwnCurrency(catalog.currency, catalog.currency_digits, catalog.rates.until(self.known_at))

    def _nothing_derived(self) -> Derived:
        """Derived traits as of the question, of which none is offered yet."""
        deriving, need = self._deriving, self._relations.make
        return Derived(self._session, self.catalog, at=self.at, deriving=deriving, need=need)

    def members(self, checked: Checked) -> pa.Table:
        """The members of a definition: one column `profile_no`, in no order."""
        return self._answer(self.compile(checked))

    def _answer(self, compiled: Compiled) -> pa.Table:
        """What a compiled question answers, with all that it reads made before."""
        if EVENT_NAMES in compiled.relations:
            self._offer(EVENT_NAMES, lambda: event_names(self.session, self._annotate))
        for relation in sorted(compiled.relations - {IDS, EVENT_NAMES}):
            self.relation(relation)
        if IDS in compiled.relations:
            self._offer_ids()
        if compiled.derived:
            self._derived.offer(compiled.derived)
        named = {relation: self.members_of(name) for name, relation in compiled.segments.items()}
        worked_out = {relation: self.people_of(node) for relation, node in compiled.sets.items()}
        shifts = {relation: self._pieces(length) for relation, length in compiled.shifts.items()}
        zoned = {relation: made.table(self._zones(made)) for relation, made in compiled.by_zone.items()}
        # Only now: a segment that is named has relations of the same names, for its own question.
        for history in compiled.histories:
            self._derived.offer_history(history)
        for relation, members in {**named, **worked_out, **compiled.given, **shifts, **zoned}.items():
            self.session.register(relation, members)
        with numbers_that_fit():
            return self.session.execute(compiled.sql, compiled.values)

    def values(self, value: tree.Value) -> pa.Table:
        """What a number is for everybody: profile_no, and `top` by `bottom`, exact; a null `top` is unknown."""
        return self._answer(values_query(value, self.catalog, self.operators()))

    def missing_rates(self, used: Iterable[Use]) -> list[MissingRate]:
        """The days and currencies of amounts that are looked at of which nobody said the rate."""
        question = missing_query(self.catalog, self.operators(), used, self._earliest)
        if question is None:
            return []
        return missing_rates(self._answer(question), ZoneInfo(self.catalog.timezone))

    def missing_rates_of(self, checked: Checked) -> list[MissingRate]:
        """Those that a definition would need, or one of the segments that it names."""
        trees = [checked.tree, *(self._trees_named(checked.tree, set()))]
        found = self.missing_rates(use for one in trees for use in uses(one, self.catalog))
        said = {rate for one in trees for rate in literals(one, self.operators())}
        known = {(one.currency, one.day) for one in found}
        return [*found, *sorted((one for one in said if (one.currency, one.day) not in known), key=str)]

    def _trees_named(self, condition: tree.Condition, met: set[str]) -> Iterator[tree.Condition]:
        """The definitions of the segments that a condition names, and of those that they name."""
        for node in condition.walk():
            if isinstance(node, tree.InSegment) and node.at is None and node.name not in met:
                met.add(node.name)
                content = self.named.content(node.name, self.named[node.name].in_force(self.defined_at))
                if not isinstance(content, FixedList):
                    yield content.tree
                    yield from self._trees_named(content.tree, met)

    def _offer(self, relation: str, made: Callable[[], pa.Table]) -> None:
        """A relation that is worked out in Python once a question."""
        if relation not in self._made:
            self._made.add(relation)
            self.session.register(relation, made())

    def _rates(self) -> pa.Table:
        """The rates of every day on which something happened."""
        own = self.own_currency
        return own.table(own.rates.currencies, ZoneInfo(self.catalog.timezone), self._earliest, self.at)

    def _zones(self, made: ByZone) -> list[ZoneInfo]:
        """The zones that a table is made for."""
        return self._derived.zones() if made.is_local else [ZoneInfo(self.catalog.timezone)]

    def _pieces(self, length: tree.Length) -> pa.Table:
        """How instants move by a length, for whatever happened in the question."""
        zone, calendar = ZoneInfo(self.catalog.timezone), self.catalog.calendar
        return pieces_table(Shift(length.count, length.unit, zone, calendar), self._earliest, self.at)

    @cached_property
    def _earliest(self) -> int:
        """When the first event happened."""
        found = self.session.execute("select min(happened) as first from facts where kind <> 'identify'")
        first = found.column("first")[0].as_py()
        return self.at if first is None else int(first)

    def people_of(self, node: tree.Condition) -> pa.Table:
        """The people of a condition that SQL does not decide: one column `profile_no`."""
        match node:
            case tree.Near() | tree.InsideArea():
                return people_at(self._points(), looked_for(node, self.catalog, self.known_at))
            case tree.InSegment():
                return self._past.members_at(node)
            case tree.Moved():
                return self._past.moved(node)
            case _:
                raise Bug(what=f"nobody works out the people of {type(node).__name__}")

    def _points(self) -> pa.Table:
        """Where everybody is; worked out once a question."""
        if self._by_point is None:
            self._by_point = by_point(self._answer(points_query(self.catalog, self.operators())))
        return self._by_point

    # --- segments

    def members_of(self, name: str) -> pa.Table:
        """The members of a segment, by the definition in force; computed once.

        Raises `SegmentLoop`, `ChainTooLong`, and `SegmentInvalid` where its definition is wrong.
        """
        return self.members_by(name, self.named[name].in_force(self.defined_at))

    def members_by(self, name: str, version: Version) -> pa.Table:
        """The members of a segment by one version of it."""
        key = (name, version.created_at)
        if key not in self._members:
            with self.chain.link(name, version):
                self._members[key] = self._worked_out(name, version)
        return self._members[key]

    def _worked_out(self, name: str, version: Version) -> pa.Table:
        """Those of the rule or the list, with those who were put in by hand, without those who were kept out."""
        members, named = self._meant(name, version), self.named[name]
        put_in, kept_out = named.put_in(self.at, self.known_at), named.kept_out(self.at, self.known_at)
        if not put_in and not kept_out:
            return members
        self.session.register("by_rule", members)
        self.session.register("put_in", self.with_one_of(put_in))
        self.session.register("kept_out", self.with_one_of(kept_out))
        return self.session.execute("(from by_rule union from put_in) except from kept_out")

    def meant_by(self, name: str) -> pa.Table:
        """Those whom the rule or the list of a segment means, as if nobody had been put in or kept out by hand."""
        return self._meant(name, self.named[name].in_force(self.defined_at))

    def _meant(self, name: str, version: Version) -> pa.Table:
        content = self.named.content(name, version)
        if isinstance(content, FixedList):
            return self.with_one_of(content.ids)
        return self.members(replace(content, catalog=self.catalog))

    def numbers_of(self, ids: Iterable[str]) -> dict[str, int]:
        """Under which number each of some profiles stands in the answers; those outside the base are left out."""
        self.session.register("some_ids", pa.table({"profile_id": pa.array(sorted(ids), pa.string())}))
        self._relations.make(PERSON_IDS)
        sql = "select profile_id, profile_no from person_ids semi join some_ids using (profile_id)"
        found = self.session.execute(sql)
        return dict(zip(found["profile_id"].to_pylist(), found["profile_no"].to_pylist(), strict=True))

    def with_one_of(self, ids: Iterable[str]) -> pa.Table:
        """Those of the base one of whose profile ids is among these: `profile_no`."""
        self.session.register("some_ids", pa.table({"profile_id": pa.array(sorted(ids), pa.string())}))
        self._relations.make(PERSON_IDS)
        return self.session.execute("select distinct profile_no from person_ids semi join some_ids using (profile_id)")

    def ids_of(self, members: pa.Table) -> frozenset[str]:
        """All profile ids of some people of the base."""
        self.session.register("some_people", members)
        self._relations.make(PERSON_IDS)
        found = self.session.execute("select profile_id from person_ids semi join some_people using (profile_no)")
        return frozenset(found["profile_id"].to_pylist())

    def moments(self, node: tree.Moved, number: int) -> tuple[int, ...]:
        """When the person of a profile number entered or left a segment in a window, as far as that is worked out."""
        return self._past.moments(node, number)

    @contextmanager
    def as_asked(self, at: int, defined_at: int | None = None) -> Iterator[Evaluator]:
        """The same people as of another instant, by what was known and by the definitions in force then."""
        known_at = min(at, self.known_at)
        with self.session.branch() as session:
            yield Evaluator(
                session,
                self.catalog,
                at=at,
                known_at=known_at,
                segments=self.segments,
                defined_at=None if defined_at is None else min(defined_at, self.known_at),
                derive=self.derive,
                sources=self._sources,
                annotate=self._annotate,
                read=self.read,
                joins=self.joins,
                above=self,
            )

    def anonymous(self, members: pa.Table | None = None) -> int:
        """How many people of the base, or of some members of it, no fact identifies (rule 1)."""
        self._relations.make(ANONYMOUS)
        if members is None:
            return int(self.session.execute("select count(*) as n from anonymous").column("n")[0].as_py())
        self.session.register("counted_members", members)
        found = self.session.execute("select count(*) as n from anonymous semi join counted_members using (profile_no)")
        return int(found.column("n")[0].as_py())

    def everyone(self) -> int:
        """How many people the base has."""
        return int(self.session.execute("select count(*) as n from people").column("n")[0].as_py())

    def relation(self, name: str) -> None:
        """Make a relation of relations.sql, for whoever asks the session something else about the same question."""
        if name in RATED:
            self._offer(RATES, self._rates)
        self._relations.make(name)

    def offer_derived(self, names: frozenset[str]) -> None:
        """The relation `derived`, with these traits among others."""
        self._derived.offer(names)

    def has_refunds(self) -> bool:
        """Whether anything was refunded."""
        return self._relations.has_refunds()

    def ask_of(self, people: pa.Table) -> None:
        """Ask of these people from here on, `profile_no`, whether they are in the base as of the question or not."""
        self._members.clear()
        self._relations.ask_of(people)

    def rewind(self, at: int) -> None:
        """Ask as of an earlier instant from here on, in the same session: quicker than another question."""
        if at > self.at:
            raise Bug(what=f"a question as of {self.at} was moved forward to {at}")
        self.at = at
        self._relations.rewind(at)
        self._members.clear()
        self._past.forget()
        self._derived = self._nothing_derived()
        self._by_point = None

    def _offer_ids(self) -> None:
        """The relation `ids`: every profile id that SQL would read differently, by the number of its profile."""
        if IDS in self._made:
            return
        self._made.add(IDS)
        self._relations.make(PERSON_IDS)
        odd = self.session.execute(
            "select own_no as profile_no, profile_id from person_ids where regexp_matches(profile_id, $odd)",
            {"odd": ODD_IDS},
        )
        numbers, texts, notes = [], [], []
        for number, profile_id in zip(odd["profile_no"].to_pylist(), odd["profile_id"].to_pylist(), strict=True):
            if self._annotate is not None:
                text, note = self._annotate({"profile": profile_id})
                numbers.append(number)
                texts.append(text)
                notes.append(note)
        self.session.register(IDS, json_table(numbers, texts, notes))

    def traits(self, names: Iterable[str]) -> pa.Table:
        """What is recorded of everybody who has any of the named traits: profile_no, and `traits`, a JSON object."""
        return self._derived.traits(list(names))
