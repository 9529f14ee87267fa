"""Polars over frames in memory: each rule a lazy frame of the people it takes; `and` joins, `or` lays together."""

from __future__ import annotations

from functools import reduce
from pathlib import Path

import polars as pl

from engine import data
from engine.hundred import SEGMENTS, written_out
from engine.peers import Answers, answered
from engine.shape import COMPARED, DAY_SECONDS, And, Events, Feature, Follows, Has, Is, Not, Or, Rule, Top, days_ago

PERSON, MOMENT, VALUE = pl.col("person"), pl.col("moment"), pl.col("value")
KEY_SECONDS = 1 << 32
"""More than there are: person and moment as one number that rises through a whole frame."""


class Frames:
    """People, and events by type."""

    def __init__(self, folder: Path) -> None:
        files = {what: pl.read_parquet(data.file_of(folder, what)) for what in (data.PEOPLE, *data.TYPES)}
        self._frames = {what: frame.with_columns(PERSON.set_sorted()).lazy() for what, frame in files.items()}

    def counted(self, rule: Rule) -> tuple[int, int]:
        """How many people a rule takes, and the sum of their numbers."""
        found = self._people(rule).select(pl.len(), PERSON.cast(pl.Int64).sum()).collect().row(0)
        return int(found[0]), int(found[1])

    def _people(self, rule: Rule) -> pl.LazyFrame:
        """Who is taken, each once."""
        everybody = self._frames[data.PEOPLE]
        match rule:
            case Is():
                return everybody.filter(test(rule)).select(PERSON)
            case And(parts):
                # What is asked of people themselves comes first: it is cheap, and leaves fewer to be joined.
                ordered = sorted(parts, key=lambda part: not isinstance(part, Is))
                return reduce(self._narrowed, ordered[1:], self._people(ordered[0]))
            case Or(parts):
                return pl.concat([self._people(part) for part in parts]).unique()
            case Not():
                return self._narrowed(everybody.select(PERSON), rule)
            case Has() if rule.holds_of_nothing:
                return self._narrowed(everybody.select(PERSON), rule)
            case Has() if rule.is_did:
                return self._events(rule.feature.events).select(PERSON).unique()
            case Has(feature, operator, value):
                return self._feature(feature).filter(COMPARED[operator](VALUE, value)).select(PERSON)
            case Follows():
                return self._followed(rule)
            case Top(percent, feature):
                ranked = self._feature(feature).sort([VALUE, PERSON], descending=[True, False])
                return ranked.filter(pl.int_range(pl.len()) < (pl.len() * percent + 99) // 100).select(PERSON)
            case _:
                raise ValueError(f"no frame for {rule}")

    def _narrowed(self, people: pl.LazyFrame, rule: Rule) -> pl.LazyFrame:
        """Those of some people whom a rule takes."""
        match rule:
            case Not(part):
                return people.join(self._people(part), on="person", how="anti")
            case Has() if rule.is_never:
                return people.join(self._events(rule.feature.events), on="person", how="anti")
            case Has(feature, operator, value) if rule.holds_of_nothing:
                failing = self._feature(feature).filter(~COMPARED[operator](VALUE, value))
                return people.join(failing, on="person", how="anti")
            case Has() if rule.is_did:
                return people.join(self._events(rule.feature.events), on="person", how="semi")
            case _:
                return people.join(self._people(rule), on="person", how="semi")

    # --- events

    def _events(self, events: Events) -> pl.LazyFrame:
        frame = self._frames[events.of]
        if events.since is not None:
            frame = frame.filter(days_ago(events.since) <= MOMENT)
        if events.until:
            frame = frame.filter(days_ago(events.until) > MOMENT)
        return frame if events.where is None else frame.filter(test(events.where))

    def _feature(self, feature: Feature) -> pl.LazyFrame:
        column = pl.col(feature.column)
        value = {
            "count": pl.len,
            "sum": lambda: column.cast(pl.Int64).sum(),
            "min": column.min,
            "max": column.max,
            "distinct": column.n_unique,
            "first": column.first,
            "last": column.last,
        }[feature.fold]()
        return self._events(feature.events).group_by("person").agg(value=value)

    def _followed(self, rule: Follows) -> pl.LazyFrame:
        key = (PERSON.cast(pl.Int64) * KEY_SECONDS + MOMENT).set_sorted().alias("key")
        later = self._events(Events(rule.then, rule.first.since)).select(PERSON, key)
        earlier = self._events(rule.first).select(key, before=key)
        found = later.join_asof(earlier, on="key", tolerance=rule.days * DAY_SECONDS)
        return found.filter(pl.col("before").is_not_null()).select(PERSON).unique()


def test(condition: Is) -> pl.Expr:
    """A test of one column."""
    column = pl.col(condition.column)
    if isinstance(condition.value, tuple):
        return column.is_in(condition.value)
    tested: pl.Expr = COMPARED[condition.operator](column, condition.value)
    return tested


def ask_polars(folder: Path) -> Answers:
    """The hundred, each a lazy frame."""
    frames = Frames(folder)
    return answered([written_out(segment.rule) for segment in SEGMENTS], frames.counted)
