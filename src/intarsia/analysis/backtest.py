"""What a back-test finds: for each date who was in, and what they did next against the rest."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import Literal

from intarsia.analysis.comparing import Comparison, Scale, lift_to_json
from intarsia.analysis.outcomes import Outcome
from intarsia.clock import to_iso
from intarsia.engine.sql.missing import MissingRate
from intarsia.errors import Phrase
from intarsia.segment.asking import AsOf
from intarsia.segment.doubts import Doubt

Knowledge = Literal["then", "hindsight"]
State = Literal["over", "not over yet", "nobody known"]


@dataclass(frozen=True)
class BacktestDate:
    """One date of a back-test.

    at, end     the date, and the last instant of its windows; milliseconds UTC
    size, base  how many members there were, of how many who were known
    comparison  what they did next; None: see `state`
    """

    at: int
    end: int
    size: int
    base: int
    comparison: Comparison | None

    @property
    def state(self) -> State:
        """Whether the outcome is there, and if not, why."""
        if not self.base:
            return "nobody known"
        return "not over yet" if self.comparison is None else "over"

    def to_json(self, scale: Scale) -> dict[str, object]:
        """Instants, counts, state, and both groups with their difference and lift, null where there is no outcome."""
        found = self.comparison
        return {
            "at": to_iso(self.at),
            "end": to_iso(self.end),
            "size": self.size,
            "base": self.base,
            "state": self.state,
            "members": None if found is None else scale.of_group(found.members),
            "rest": None if found is None else scale.of_group(found.rest),
            "difference": None if found is None else scale.of_difference(found.difference),
            "lift": None if found is None else lift_to_json(found.lift),
            "is_rough": None if found is None else found.is_rough,
        }


@dataclass(frozen=True)
class Overall:
    """All dates of a back-test together, which are not pooled: the members are the same people again and again.

    dates, compared  how many there are, and how many of them have a difference
    above, below     in how many its interval lies above zero, and below
    lift             the median of the lifts; None: there is none
    """

    dates: int
    compared: int
    above: int
    below: int
    lift: float | None

    def to_json(self) -> dict[str, object]:
        """The five numbers."""
        lift = None if self.lift is None else round(self.lift, 6)
        counts = {"dates": self.dates, "compared": self.compared, "above": self.above, "below": self.below}
        return {**counts, "lift_median": lift}


@dataclass(frozen=True)
class Backtest:
    """What a back-test found.

    definition  the text that was asked, or the name of a list; outcome: what was looked at
    knowledge   members are by what was known "then", at each date, or in "hindsight", by what is known now
    notes       what a reader should know of it; doubts: what of the definition can find nobody
    missing_rates  days and currencies of which nobody said the rate
    """

    definition: str
    outcome: Outcome
    knowledge: Knowledge
    dates: tuple[BacktestDate, ...]
    as_of: AsOf
    notes: tuple[Phrase, ...]
    doubts: tuple[Doubt, ...]
    missing_rates: tuple[MissingRate, ...]

    @property
    def overall(self) -> Overall:
        """The median lift, and in how many dates the members' outcome surely differs."""
        found = [date.comparison for date in self.dates if date.comparison is not None]
        apart = [one.difference for one in found if one.difference is not None]
        lifts = [one.lift.value for one in found if one.lift is not None]
        above, below = sum(one.is_above for one in apart), sum(one.is_below for one in apart)
        return Overall(len(self.dates), len(apart), above, below, median(lifts) if lifts else None)

    def to_json(self) -> dict[str, object]:
        """Everything; amounts of money in minor units."""
        catalog = self.outcome.catalog
        scale = Scale(self.outcome.measure, catalog.currency_digits)
        return {
            "definition": self.definition,
            "outcome": self.outcome.text,
            "measure": self.outcome.measure,
            "currency": catalog.currency if self.outcome.measure == "money" else None,
            "knowledge": self.knowledge,
            "dates": [date.to_json(scale) for date in self.dates],
            "overall": self.overall.to_json(),
            "notes": [str(note) for note in self.notes],
            "as_of": self.as_of.to_json(),
            "doubts": [doubt.to_json() for doubt in self.doubts],
            "missing_rates": [rate.to_json() for rate in self.missing_rates],
        }
