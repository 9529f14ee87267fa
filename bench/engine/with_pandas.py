"""pandas over frames in memory: each rule a truth a person."""

from __future__ import annotations

from functools import reduce
from pathlib import Path

import numpy as np
import pandas as pd

from engine import data
from engine.hundred import SEGMENTS, written_out
from engine.peers import Answers, answered
from engine.shape import COMPARED, DAY_SECONDS, And, Events, Feature, Follows, Has, Is, Not, Or, Rule, Top, days_ago

KEY_SECONDS = 1 << 32
"""More than there are: person and moment as one number that rises through a whole frame."""


class Frames:
    """People, whose number is their place, and events by type."""

    def __init__(self, folder: Path) -> None:
        self._people = pd.read_parquet(data.file_of(folder, data.PEOPLE))
        self._events_of = {what: pd.read_parquet(data.file_of(folder, what)) for what in data.TYPES}

    def counted(self, rule: Rule) -> tuple[int, int]:
        """How many people a rule takes, and the sum of their numbers."""
        taken = self._people.person[self._truths(rule)]
        return len(taken), int(taken.sum())

    def _truths(self, rule: Rule) -> pd.Series:
        match rule:
            case Is():
                return test(self._people, rule)
            case And(parts):
                return reduce(lambda one, other: one & other, map(self._truths, parts))
            case Or(parts):
                return reduce(lambda one, other: one | other, map(self._truths, parts))
            case Not(part):
                return ~self._truths(part)
            case Has() if rule.is_did:
                return self._people.person.isin(self._events(rule.feature.events).person)
            case Has() if rule.is_never:
                return ~self._people.person.isin(self._events(rule.feature.events).person)
            case Has(feature, operator, value):
                passed = COMPARED[operator](self._feature(feature), value)
                return passed.reindex(self._people.index, fill_value=rule.holds_of_nothing)
            case Follows():
                return self._people.person.isin(self._followed(rule))
            case Top(percent, feature):
                values = self._feature(feature)
                # The order of people is kept among equal values.
                ranked = values.sort_values(ascending=False, kind="stable")
                return self._people.person.isin(ranked.index[: -(-len(ranked) * percent // 100)])
            case _:
                raise ValueError(f"no truths for {rule}")

    # --- events

    def _events(self, events: Events) -> pd.DataFrame:
        frame = self._events_of[events.of]
        tests = []
        if events.since is not None:
            tests.append(frame.moment >= days_ago(events.since))
        if events.until:
            tests.append(frame.moment < days_ago(events.until))
        if events.where is not None:
            tests.append(test(frame, events.where))
        return frame[reduce(lambda one, other: one & other, tests)] if tests else frame

    def _feature(self, feature: Feature) -> pd.Series:
        """By person, of those who have any such event; frames lie by person and time."""
        events = self._events(feature.events)
        if feature.fold in ("first", "last"):
            ends = events.drop_duplicates("person", keep=feature.fold)
            return ends.set_index("person")[feature.column]
        groups = events.groupby("person")
        match feature.fold:
            case "count":
                return groups.size()
            case "sum":
                return groups[feature.column].sum()
            case "distinct":
                pairs = events[["person", feature.column]].drop_duplicates()
                return pairs.groupby("person").size()
            case fold:
                return groups[feature.column].agg(fold)

    def _followed(self, rule: Follows) -> pd.Series:
        later, earlier = self._events(Events(rule.then, rule.first.since)), self._events(rule.first)
        found = pd.merge_asof(
            pd.DataFrame({"key": key_of(later), "person": later.person}),
            pd.DataFrame({"key": key_of(earlier), "was": True}),
            on="key",
            tolerance=rule.days * DAY_SECONDS,
        )
        return found.person[found.was.notna()]


def key_of(events: pd.DataFrame) -> pd.Series:
    """Person and moment as one number."""
    return events.person.astype(np.int64) * KEY_SECONDS + events.moment


def test(frame: pd.DataFrame, condition: Is) -> pd.Series:
    """A test of one column."""
    column = frame[condition.column]
    if isinstance(condition.value, tuple):
        return column.isin(condition.value)
    tested: pd.Series = COMPARED[condition.operator](column, condition.value)
    return tested


def ask_pandas(folder: Path) -> Answers:
    """The hundred, each a computation of its own."""
    frames = Frames(folder)
    return answered([written_out(segment.rule) for segment in SEGMENTS], frames.counted)
