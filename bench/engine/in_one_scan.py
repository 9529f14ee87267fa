"""A query for each segment as systems for cohorts make it: one scan of one table of all events, people joined to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from engine.hundred import written_out
from engine.in_sql import Dialect, literal, tests_of
from engine.shape import And, Feature, Has, Not, Or, Rule, days_ago


@dataclass(frozen=True)
class OneScan(Dialect):
    """Features are aggregates with filters, all of a rule in one scan; ranks and what follows what are asked apart.

    table  of all events, with a column `type`
    names  what the features of the rule are called that is being asked
    """

    table: str = ""
    names: Mapping[Feature, str] = field(default_factory=dict)

    def query(self, rule: Rule) -> str:
        written = written_out(rule)
        features = list(dict.fromkeys(_features(written)))
        if not features:
            return super().query(rule)
        names = {feature: f"f{number}" for number, feature in enumerate(features)}
        types = ", ".join(sorted({literal(feature.events.of) for feature in features}))
        since = [feature.events.since for feature in features]
        begin = "" if None in since else f" AND moment >= {days_ago(max(days for days in since if days is not None))}"
        folds = ", ".join(f"{self._filtered(feature)} AS {name}" for feature, name in names.items())
        scan = f"SELECT person, {folds} FROM {self.table} WHERE type IN ({types}){begin} GROUP BY person"
        people = f"(SELECT * FROM {self.people} LEFT JOIN ({scan}) AS scan USING (person)) AS people"
        return super(OneScan, replace(self, people=people, names=names)).query(rule)

    def _filtered(self, feature: Feature) -> str:
        tests = " AND ".join(filter(None, (f"type = {literal(feature.events.of)}", tests_of(feature.events))))
        return f"{self.fold(feature)} FILTER (WHERE {tests})"

    def has(self, has: Has) -> str:
        name, compared = self.names[has.feature], f"{has.operator} {literal(has.value)}"
        is_zero = has.feature.is_zero_of_nothing
        return f"coalesce({name}, 0) {compared}" if is_zero else f"coalesce({name} {compared}, FALSE)"


def _features(rule: Rule) -> Iterator[Feature]:
    match rule:
        case And(parts) | Or(parts):
            for part in parts:
                yield from _features(part)
        case Not(part):
            yield from _features(part)
        case Has(feature):
            yield feature
        case _:
            pass
