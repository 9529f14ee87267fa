"""A checked tree as one SQL question over everybody: the second back end, beside the interpreter."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

import pyarrow as pa

from intarsia.engine.sql.anniversaries import has_anniversary
from intarsia.engine.sql.consents import RELATION as CONSENTS
from intarsia.engine.sql.consents import consent_holds
from intarsia.engine.sql.draft import ByZone
from intarsia.engine.sql.ends import chosen_event, is_any_line, those_who_pass, those_with_a_value
from intarsia.engine.sql.features import Feature, chosen, events_of, feature
from intarsia.engine.sql.fractions import FractionReading, fraction, order_keys
from intarsia.engine.sql.held import is_held
from intarsia.engine.sql.history import History, trait_history
from intarsia.engine.sql.ids import id_passes
from intarsia.engine.sql.local import own_bounds
from intarsia.engine.sql.operators import Operators
from intarsia.engine.sql.patterns import pattern
from intarsia.engine.sql.people import People
from intarsia.engine.sql.queries import Query, Rows, is_member, named, rows_of, source, with_tables, written
from intarsia.engine.sql.reading import FirstKnown, JsonReading, PlainReading, Reading
from intarsia.engine.sql.scope import EventScope
from intarsia.engine.sql.unsure import asks_for_amounts, those_unsure, unless
from intarsia.engine.sql.words import (
    FALSE,
    ROW_NUMBER,
    TRUE,
    Bindings,
    Order,
    Sql,
    all_of,
    any_of,
    call,
    cast,
    column,
    compare,
    count,
    divided,
    integer,
    is_null,
    negated,
    over,
    plus,
    text,
    times,
)
from intarsia.errors import Bug
from intarsia.language import tree
from intarsia.language.catalog import Catalog, Property
from intarsia.language.checking.check import Checked
from intarsia.language.meaning.trends import aggregates_of

BUCKETS = 2**52
MICRO = 1_000_000


@dataclass(frozen=True)
class Compiled:
    """A question in SQL.

    sql        one statement that answers profile_no of every member
    values     what is bound to its parameters
    relations  which of relations.sql it reads, besides `people`; `ids` are the readings of profile ids
    segments   which other segments it reads, by the name of the relation that holds their members
    derived    which derived traits it reads, from the relation `derived`
    given      tables of this question alone, by the name under which it reads them: bounds of periods, for instance
    sets       conditions whose people SQL does not find, by the name of the relation that is to hold their `profile_no`
    by_zone    what is worked out for each zone that occurs, by the name of the relation that is to hold it
    histories  derived traits whose history is asked for
    shifts     lengths that instants are moved by, by the name of the relation that is to hold the pieces (shifts.py)
    """

    sql: str
    values: dict[str, object]
    relations: frozenset[str]
    segments: dict[str, str]
    derived: frozenset[str]
    given: dict[str, pa.Table] = field(default_factory=dict)
    sets: dict[str, tree.Condition] = field(default_factory=dict)
    by_zone: dict[str, ByZone] = field(default_factory=dict)
    histories: tuple[History, ...] = ()
    shifts: dict[str, tree.Length] = field(default_factory=dict)


def compile_members(checked: Checked, operators: Operators) -> Compiled:
    """The question who of the base meets a condition."""
    compiler = Compiler(checked.catalog, operators)
    people = People("p")
    condition = compiler.condition(checked.tree, people)
    query = people.query(condition).select(column("p", "profile_no"))
    return compiler.finish(query)


class Compiler:
    """Builds the common table expressions of one question; equal nodes share one.

    What is particular to one kind of condition lies in a module of its own, which is handed the compiler.
    """

    def __init__(self, catalog: Catalog, operators: Operators) -> None:
        self.catalog = catalog
        self.operators = replace(operators, local=self.local)
        self.relations: set[str] = set()
        self._tables: dict[str, Sql] = {}
        self._names: dict[object, str] = {}
        self._features: dict[tree.Aggregate, Feature] = {}
        self._segments: dict[str, str] = {}
        self._derived: set[str] = set()
        self._given: dict[str, pa.Table] = {}
        self._sets: dict[tree.Condition, str] = {}
        self._by_zone: dict[str, ByZone] = {}
        self._histories: dict[tuple[str, ...], History] = {}
        self._shifts: dict[tree.Length, str] = {}

    @property
    def bindings(self) -> Bindings:
        """Where values are bound."""
        return self.operators.bindings

    def finish(self, query: Rows) -> Compiled:
        """The whole statement."""
        sql = with_tables(query, self._tables)
        return Compiled(
            sql,
            dict(self.bindings.values),
            frozenset(self.relations),
            dict(self._segments),
            frozenset(self._derived),
            dict(self._given),
            {name: node for node, name in self._sets.items()},
            dict(self._by_zone),
            tuple(self._histories.values()),
            {name: length for length, name in self._shifts.items()},
        )

    def table(self, key: object, prefix: str, build: Callable[[], Query]) -> str:
        """The name of the common table expression for `key`, built at its first use."""
        if key not in self._names:
            table = written(build())
            self._names[key] = f"{prefix}{len(self._tables) + 1}"
            self._tables[self._names[key]] = table
        return self._names[key]

    def give(self, key: object, prefix: str, build: Callable[[], pa.Table]) -> str:
        """The name of a table that is worked out in Python for this question, built at its first use."""
        if key not in self._names:
            self._names[key] = f"{prefix}{len(self._given) + 1}"
            self._given[self._names[key]] = build()
        return self._names[key]

    def people(self, alias: str) -> People:
        """The base under another alias, for a table that asks something else of everybody."""
        return People(alias)

    def set_of(self, node: tree.Condition) -> str:
        """The name of the relation that will hold the people of a condition which SQL does not decide."""
        return self._sets.setdefault(node, f"set{len(self._sets) + 1}")

    def by_zone(self, key: object, build: ByZone) -> str:
        """The name of a table that is worked out in Python for every zone that occurs."""
        if key not in self._names:
            self._names[key] = f"zoned{len(self._by_zone) + 1}"
            self._by_zone[self._names[key]] = build
        return self._names[key]

    def local(self, window: tree.Window) -> str:
        """The relation of everybody's own bounds of a window in local time."""
        return self.table(("local", window), "local", lambda: own_bounds(self, window))

    def shift(self, length: tree.Length) -> str:
        """The relation of the pieces by which instants move so far; back, where the count is below zero."""
        return self._shifts.setdefault(length, f"shift{len(self._shifts) + 1}")

    def history(self, names: tuple[str, ...], begin: int) -> str:
        """The relation of what a derived trait was at every instant from `begin` on, as `trait_spans`."""
        found = self._histories.get(names) or History(f"history{len(self._histories) + 1}", names, begin)
        self._histories[names] = replace(found, begin=min(begin, found.begin))
        return found.relation

    # --- conditions

    def condition(self, node: tree.Condition, people: People) -> Sql:
        """Whether a person of the base meets a condition."""
        match node:
            case tree.Everyone():
                return TRUE
            case tree.Nobody():
                return FALSE
            case tree.And(parts=parts):
                return all_of(self.condition(part, people) for part in parts)
            case tree.Or(parts=parts):
                return any_of(self.condition(part, people) for part in parts)
            case tree.Not(part=part):
                return negated(self.condition(part, people))
            case tree.Test(held=tree.Held() as held):
                return is_held(self, node, held, people)
            case tree.Test(value=tree.Anniversary()):
                return has_anniversary(self, node, people)
            case tree.Test(value=tree.Aggregate(fold="first" | "last") as end) if self._is_of_any_line(end):
                return self._any_line(node, end, people)
            case tree.Test(value=tree.Path(names=("profile",))):
                return id_passes(self, node, people)
            case tree.Test(value=value, operator=operator, ignoring_case=ignoring_case):
                reading = self.reading(value, people)
                asks = self.operators.of(column(people.alias, "profile_no"))
                return asks.holds(reading, operator, ignoring_case=ignoring_case)
            case tree.Did():
                return self.among(people, self.table(node, "did", lambda: self._did(node)))
            case tree.Had():
                return self.among(people, self.table(node, "had", lambda: self._had(node)))
            case tree.Rank():
                return self.among(people, self.table(node, "rank", lambda: self._rank(node)))
            case tree.Sequence() | tree.Active() | tree.Lapsed() | tree.FirstTime() | tree.Returned():
                return self.among(people, self.table(node, "pattern", lambda: pattern(self, node)))
            case tree.InSegment(name=name, at=None):
                relation = self._segments.setdefault(name, f"segment{len(self._segments) + 1}")
                return self.among(people, relation)
            case tree.Near() | tree.InsideArea() | tree.InSegment() | tree.Moved():
                return self.among(people, self.set_of(node))
            case tree.Consent():
                self.relations.add(CONSENTS)
                number = column(people.alias, "profile_no")
                return consent_holds(node, self.operators, lambda rows: is_member(number, rows))
            case _:
                raise Bug(what=f"{type(node).__name__} came through the check")

    def among(self, people: People, relation: str) -> Sql:
        """Whether a person is among the `profile_no` of a relation."""
        rows = rows_of(source(relation)).select(column(relation, "profile_no"))
        return is_member(column(people.alias, "profile_no"), rows)

    def events_of(self, event: tree.Event) -> tuple[EventScope, Property | None]:
        """The scope of an event path, and the property that it ends in, if any."""
        return events_of(self.catalog, self.operators, self.relations, event)

    def _did(self, node: tree.Did) -> Rows:
        scope, _ = self.events_of(node.event)
        rows = chosen(scope, node.where, node.window)
        return rows.select(column(scope.alias, "profile_no")).distinct()

    def _had(self, node: tree.Had) -> Rows:
        scope, _ = self.events_of(node.event)
        one_each = chosen_event(scope, chosen(scope, node.where, node.window), node.which)
        outer = rows_of(one_each.source(scope.alias)).where(scope.condition(node.condition))
        return outer.select(column(scope.alias, "profile_no"))

    # --- first and last, asked of any line

    def _is_of_any_line(self, end: tree.Aggregate) -> bool:
        return is_any_line(*self.events_of(end.event))

    def _any_line(self, node: tree.Test, end: tree.Aggregate, people: People) -> Sql:
        """One line of the chosen event passes; of no event, or line, the value is unknown, which is empty (rule 8)."""
        scope, found = self.events_of(end.event)
        assert found is not None
        name = self.table(
            (end, "event"), "end", lambda: chosen_event(scope, chosen(scope, end.where, end.window), end.fold)
        )
        number = column(people.alias, "profile_no")

        def is_one_of(answers: Iterable[Rows]) -> Sql:
            return any_of(is_member(number, rows) for rows in answers)

        holds = is_one_of(those_who_pass(scope, found, name, node.operator, ignoring_case=node.ignoring_case))
        is_empty = node.operator == tree.Is("empty")
        if is_empty:
            holds = any_of((holds, negated(is_one_of(those_with_a_value(scope, found, name)))))
        if (unsure := self._unsure(end)) is None:
            return holds
        is_unsure = self.among(people, unsure)
        return any_of((is_unsure, holds)) if is_empty else all_of((negated(is_unsure), holds))

    # --- values

    def reading(self, value: tree.Value, people: People) -> Reading:
        """How a value of the language reads for a person."""
        match value:
            case tree.Path(names=("profile",)):
                return self._id(people)
            case tree.Path(names=names):
                return self._trait(names, people)
            case tree.Aggregate():
                name, unsure = people.join(self._aggregate(value)), self._unsure(value)
                reading = self._features[value].reading(name)
                if unsure is None:
                    return reading
                people.join(unsure)
                return unless(lambda: negated(is_null(column(unsure, "profile_no"))), reading)
            case tree.Bucket(salt=salt):
                return FractionReading(lambda: self._bucket(salt, people), lambda: integer(BUCKETS), bound=BUCKETS)
            case tree.Ratio() | tree.Trend():
                return fraction(self, value, people)
            case _:
                raise Bug(what=f"{type(value).__name__} came through the check")

    def _id(self, people: People) -> Reading:
        """The profile's id; what plain SQL cannot read of it is in the relation `ids`."""
        self.relations.add("ids")
        return FirstKnown(
            self._json(people.join("ids"), ("profile",)), PlainReading(lambda: column(people.alias, "profile_id"))
        )

    def _aggregate(self, node: tree.Aggregate) -> str:
        def build() -> Rows:
            self._features[node] = feature(self.catalog, self.operators, self.relations, node)
            return self._features[node].query

        return self.table(node, "agg", build)

    def _unsure(self, node: tree.Aggregate) -> str | None:
        """The relation of those for whom it cannot be said what an aggregate goes over; None: of everybody it can."""
        scope, found = self.events_of(node.event)
        if not asks_for_amounts(scope, node.where):
            return None
        return self.table((node, "unsure"), "unsure", lambda: those_unsure(scope, found, node))

    def _bucket(self, salt: str, people: People) -> Sql:
        """The whole number of 52 bits that is divided by 2^52 (rule 38)."""
        zero = call("chr", integer(0))
        source = call("concat", self.bindings.bind(salt), zero, column(people.alias, "profile_id"))
        digits = call("substr", call("sha256", source), integer(1), integer(13))
        return cast(call("concat", text("0x"), digits), "bigint")

    def _trait(self, names: tuple[str, ...], people: People) -> Reading:
        trait = self.catalog.trait(names)
        if trait is None or not trait.is_derived:
            return self._recorded(names, people)
        self._derived.add(names[0])
        derived = people.join("derived")
        return FirstKnown(self._json(derived, names), self._recorded(names, people))

    def _recorded(self, names: tuple[str, ...], people: People) -> Reading:
        statement = self.table(("trait", names[0]), "trait", lambda: self._history(names[0]))
        return self._json(people.join(statement), names)

    def _json(self, relation: str, names: tuple[str, ...]) -> Reading:
        return JsonReading(
            lambda: column(relation, "props"), lambda: column(relation, "readings"), names, self.bindings
        )

    def _history(self, name: str) -> Sql:
        self.relations.add("statements")
        return trait_history(name, self.operators.at, self.bindings)

    # --- rank

    def _rank(self, node: tree.Rank) -> Rows:
        """The best or worst by a value, equal values by profile id ascending (rule 37)."""
        people = People("r")
        reading = self.reading(node.by, people)
        parts = [negated(is_null(reading.order()))]
        aggregates = {part: people.join(self._aggregate(part)) for part in aggregates_of(node.by)}
        if aggregates:
            parts.append(any_of(self._features[part].is_there(name) for part, name in aggregates.items()))
        if node.among is not None:
            parts.append(self.condition(node.among, people))
        keys = order_keys(self, node.by, reading, people)
        ranked_rows = people.query(all_of(parts)).select(column("r", "profile_no"))
        places = [Order(key, descends=node.direction == "top") for key in keys]
        place = over(ROW_NUMBER, order=[*places, Order(column("r", "profile_id"))])
        ranked_rows = ranked_rows.select(
            named(place, "place"),
            named(over(count()), "of"),
        )
        outer = rows_of(ranked_rows.source("ranked")).select(column("ranked", "profile_no"))
        return outer.where(compare("<=", column("ranked", "place"), _last_place(node)))


def _last_place(node: tree.Rank) -> Sql:
    """How many are chosen: N, or a percentage of all rounded up, in whole numbers."""
    if not node.is_percent:
        return integer(int(node.amount))
    share = int(node.amount * MICRO)
    whole = 100 * MICRO
    return divided(plus(times(column("ranked", "of"), integer(share)), integer(whole - 1)), integer(whole))
