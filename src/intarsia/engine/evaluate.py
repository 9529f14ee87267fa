"""Answers over everybody: members of definitions, as of one question, from one state of the lake."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from zoneinfo import ZoneInfo

import pyarrow as pa

from intarsia.engine.compile import Compiled, compile_members
from intarsia.engine.operators import Operators
from intarsia.engine.relations import Relations
from intarsia.engine.words import Bindings
from intarsia.errors import Bug
from intarsia.lake.session import Session
from intarsia.language import tree
from intarsia.language.catalog import Catalog
from intarsia.language.check import Checked
from intarsia.language.facts import Json
from intarsia.language.interpret import SegmentLoop
from intarsia.language.interpret.crowd import CHAIN_MOST, ChainTooLong

Derive = Callable[[str, Mapping[str, Json], int, ZoneInfo], Json]
"""The value of a derived trait, from a person's traits, at an instant, in a zone."""

IDS = "ids"
ODD_IDS = r"[^\x01-\x7f]|[0-9][.0-9]{15}|[0-9]\.[0-9]{7}|0\.000|[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]"
"""Profile ids that the record would note something of (see `record.values.readings`)."""


class Evaluator:
    """Evaluates definitions for one question; segments that name segments see the members of the same question.

    session     one state of the lake; the evaluator makes its relations in it
    at          the instant that is asked about; known_at: what was recorded later is left out; milliseconds UTC
    segments    the definitions that `in segment` may name
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
        segments: Mapping[str, Checked] | None = None,
        derive: Derive | None = None,
        sources: Callable[[str], Iterable[str]] | None = None,
        annotate: Callable[[Mapping[str, Json]], tuple[str, str | None]] | None = None,
    ) -> None:
        self._session = session
        self._catalog = catalog
        self.at = at
        self.known_at = known_at
        self._segments = {} if segments is None else segments
        self._derive = derive
        self._sources = sources
        self._annotate = annotate
        self._relations = Relations(session, at=at, known_at=known_at, statuses=catalog.order_statuses)
        self._members: dict[str, pa.Table] = {}
        self._open: list[str] = []
        self._names: dict[str, str] = {}
        self._derived_names: frozenset[str] = frozenset()
        self._made: set[str] = set()
        self._relations.make("people")

    def compile(self, checked: Checked) -> Compiled:
        """The SQL of a definition, not run."""
        zone = ZoneInfo(self._catalog.timezone)
        operators = Operators(Bindings(), self.at, zone, self._catalog.first_weekday)
        return compile_members(checked, operators)

    def members(self, checked: Checked) -> pa.Table:
        """The members of a definition: one column `profile_no`, in no order."""
        compiled = self.compile(checked)
        for relation in sorted(compiled.relations - {IDS}):
            self._relations.make(relation)
        if IDS in compiled.relations:
            self._offer_ids()
        if compiled.derived:
            self._offer_derived(compiled.derived)
        named = {relation: self.members_of(name) for name, relation in compiled.segments.items()}
        worked_out = {relation: self._people_of(node) for relation, node in compiled.sets.items()}
        for relation, members in (*named.items(), *worked_out.items(), *compiled.given.items()):
            self._session.register(relation, members)
        return self._session.execute(compiled.sql, compiled.values)

    def _people_of(self, node: tree.Condition) -> pa.Table:
        """The people of a condition that SQL does not decide: one column `profile_no`."""
        match node:
            case _:
                raise Bug(what=f"nobody works out the people of {type(node).__name__}")

    def members_of(self, name: str) -> pa.Table:
        """The members of a segment; computed once. Raises `SegmentLoop`, `ChainTooLong`."""
        if name not in self._members:
            if name in self._open:
                ring = [*self._open[self._open.index(name) :], name]
                raise SegmentLoop(circle=" → ".join(ring))
            if len(self._open) == CHAIN_MOST:
                raise ChainTooLong(name=self._open[0], most=CHAIN_MOST)
            self._open.append(name)
            try:
                self._members[name] = self.members(self._segments[name])
            finally:
                self._open.pop()
        return self._members[name]

    def everyone(self) -> int:
        """How many people the base has."""
        return int(self._session.execute("select count(*) as n from people").column("n")[0].as_py())

    def relation(self, name: str) -> None:
        """Make a relation of relations.sql, for whoever asks the session something else about the same question."""
        self._relations.make(name)

    def rewind(self, at: int) -> None:
        """Ask as of an earlier instant from here on, in the same session: quicker than another question."""
        if at > self.at:
            raise Bug(what=f"a question as of {self.at} was moved forward to {at}")
        self.at = at
        self._relations.rewind(at)
        self._members.clear()
        self._derived_names = frozenset()
        self._relations.make("people")

    def _offer_ids(self) -> None:
        """The relation `ids`: the profile id of everybody of whose id SQL would read something differently."""
        if IDS in self._made:
            return
        self._made.add(IDS)
        odd = self._session.execute(
            "select profile_no, profile_id from people where regexp_matches(profile_id, $odd)", {"odd": ODD_IDS}
        )
        numbers, texts, notes = [], [], []
        for number, profile_id in zip(odd["profile_no"].to_pylist(), odd["profile_id"].to_pylist(), strict=True):
            if self._annotate is not None:
                text, note = self._annotate({"profile": profile_id})
                numbers.append(number)
                texts.append(text)
                notes.append(note)
        self._session.register(IDS, _json_table(numbers, texts, notes))

    # --- derived traits

    def _offer_derived(self, names: frozenset[str]) -> None:
        """The relation `derived`: a JSON object of the derived traits of everybody who has any."""
        names = names | self._derived_names
        if names == self._derived_names:
            return
        self._derived_names = names
        if self._derive is None or self._sources is None or self._annotate is None:
            self._session.register("derived", _json_table([], [], []))
            return
        recorded = self.traits(sorted({source for name in names for source in self._sources(name)}))
        made: dict[str, tuple[str, str | None] | None] = {}
        numbers, texts, notes = [], [], []
        for number, traits in zip(recorded["profile_no"].to_pylist(), recorded["traits"].to_pylist(), strict=True):
            if traits not in made:
                made[traits] = self._derived_object(names, traits)
            found = made[traits]
            if found is not None:
                numbers.append(number)
                texts.append(found[0])
                notes.append(found[1])
        self._session.register("derived", _json_table(numbers, texts, notes))

    def _derived_object(self, names: frozenset[str], traits: str) -> tuple[str, str | None] | None:
        assert self._derive is not None
        assert self._annotate is not None
        recorded = json.loads(traits, parse_float=Decimal, parse_int=Decimal)
        zone = ZoneInfo(self._catalog.timezone)
        values = {name: self._derive(name, recorded, self.at, zone) for name in sorted(names)}
        known = {name: value for name, value in values.items() if value is not None}
        return self._annotate(known) if known else None

    def traits(self, names: Iterable[str]) -> pa.Table:
        """What is recorded of everybody who has any of the named traits: profile_no, and `traits`, a JSON object."""
        from intarsia.engine.history import traits_query

        self._relations.make("statements")
        sql, values = traits_query(list(names), self.at)
        return self._session.execute(sql, values)


def _json_table(numbers: list[int], texts: list[str], notes: list[str | None]) -> pa.Table:
    columns = {
        "profile_no": pa.array(numbers, pa.int64()),
        "props": pa.array(texts, pa.string()),
        "readings": pa.array(notes, pa.string()),
    }
    return pa.table(columns)
