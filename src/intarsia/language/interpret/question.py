"""What is asked: as of which instant, by what was known when."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from intarsia.language import tree
from intarsia.language.facts import Fact, Json
from intarsia.language.windows import DateInterval, Interval, date_interval, interval

Derive = Callable[[str, Mapping[str, Json], int, ZoneInfo], Json]
"""A derived trait by name, from a person's traits, as of an instant in a zone; None where its source is unknown."""


@dataclass(frozen=True)
class Question:
    """The two times of a question (rule 2), in milliseconds since 1970 UTC.

    at        what happened later does not count
    known_at  what was recorded later does not count; None: everything recorded so far counts
    """

    at: int
    known_at: int | None = None

    def counts(self, fact: Fact) -> bool:
        """Whether the fact happened and was recorded in time; a statement without a time counts once recorded."""
        is_recorded = self.known_at is None or fact.recorded_at <= self.known_at
        return is_recorded and (fact.is_undated or fact.occurred_at <= self.at)


@dataclass(frozen=True)
class When:
    """What turns the windows of a definition into bounds."""

    at: int
    zone: ZoneInfo
    first_weekday: int

    def instants(self, window: tree.Window) -> Interval:
        """The window as a span of instants."""
        return interval(window, self.at, self.zone, self.first_weekday)

    def days(self, window: tree.Window) -> DateInterval:
        """The window as a span of days."""
        return date_interval(window, self.at, self.zone, self.first_weekday)
