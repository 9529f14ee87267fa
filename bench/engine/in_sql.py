"""A query for each segment as one writes it for an analytic database: sets of people, put together with `IN`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from engine.hundred import SEGMENTS, written_out
from engine.shape import DAY_SECONDS, And, Events, Feature, Follows, Has, Is, Not, Or, Rule, Top, Value, days_ago

FOLDS = {"count": "count(*)", "sum": "sum({})", "min": "min({})", "max": "max({})"}


@dataclass(frozen=True)
class Dialect:
    """How a database says what others say differently; every entry is filled with columns, seconds or queries.

    people        the table of people; `{}` of a type of event in `events`
    distinct      how many different values a column has
    first, last   what a column is in the first or last event
    best          of people with the value `v`: those who take the first places; filled with a query and a percentage
    follows       people of whom a second event follows a first one; filled with both queries and seconds
    """

    people: str
    events: str
    distinct: str
    first: str
    last: str
    best: str
    follows: str

    def query(self, rule: Rule) -> str:
        """How many people a rule takes, and the sum of their numbers."""
        return f"SELECT count(*), coalesce(sum(person), 0) FROM {self.people} WHERE {self._where(written_out(rule))}"

    def all(self) -> list[str]:
        """The queries of the hundred."""
        return [self.query(segment.rule) for segment in SEGMENTS]

    # --- conditions on people

    def _where(self, rule: Rule) -> str:
        match rule:
            case And(parts):
                return self._joined(" AND ", parts)
            case Or(parts):
                return self._joined(" OR ", parts)
            case Not(part):
                return f"NOT ({self._where(part)})"
            case Is():
                return test(rule)
            case Has():
                return self.has(rule)
            case Follows(first, then, days):
                after = self._select("person, moment", Events(then, first.since))
                chain = self.follows.format(self._select("person, moment", first), after, days * DAY_SECONDS)
                return f"person IN ({chain})"
            case Top(percent, feature):
                values = f"{self._select(f'person, {self.fold(feature)} AS v', feature.events)} GROUP BY person"
                return f"person IN ({self.best.format(values, percent)})"
            case _:
                raise ValueError(f"no query for {rule}")

    def _joined(self, word: str, parts: Sequence[Rule]) -> str:
        return "(" + word.join(map(self._where, parts)) + ")"

    def has(self, has: Has) -> str:
        """A test of a feature, as a condition on people."""
        people = self._select("person", has.feature.events)
        if has.is_did or has.is_never:
            return f"person {'NOT ' if has.is_never else ''}IN ({people})"
        # Who has no such event is not seen here: where the test is true of them, those are taken who do not fail.
        negation = "NOT " if has.holds_of_nothing else ""
        passing = f"{negation}{self.fold(has.feature)} {has.operator} {literal(has.value)}"
        return f"person {negation}IN ({people} GROUP BY person HAVING {passing})"

    # --- events

    def _select(self, what: str, events: Events) -> str:
        tests = tests_of(events)
        return f"SELECT {what} FROM {self.events.format(events.of)}" + (f" WHERE {tests}" if tests else "")

    def fold(self, feature: Feature) -> str:
        """What makes a feature of a person's events."""
        ends = {"distinct": self.distinct, "first": self.first, "last": self.last}
        if feature.column == "moment":
            ends = {"first": "min({})", "last": "max({})"}
        return ends.get(feature.fold, FOLDS.get(feature.fold, "")).format(feature.column)


def tests_of(events: Events) -> str:
    """What is asked of each event, or nothing."""
    tests = [] if events.since is None else [f"moment >= {days_ago(events.since)}"]
    if events.until:
        tests.append(f"moment < {days_ago(events.until)}")
    if events.where is not None:
        tests.append(test(events.where))
    return " AND ".join(tests)


def test(condition: Is) -> str:
    """A test of one column."""
    return f"{condition.column} {condition.operator} {literal(condition.value)}"


def literal(value: Value) -> str:
    """A constant."""
    match value:
        case tuple():
            return f"({', '.join(map(literal, value))})"
        case bool():
            return str(value).upper()
        case date():
            return f"DATE '{value}'"
        case str():
            return f"'{value}'"
        case _:
            return str(value)
