"""What is asked: as of which instant, by what was known when."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol
from zoneinfo import ZoneInfo

from intarsia.clock import CalendarName, day_holding
from intarsia.language import tree
from intarsia.language.interpret.exchange import Exchange
from intarsia.language.meaning.facts import Fact, Json
from intarsia.language.meaning.windows import DateInterval, Interval, date_interval, interval


class Derive(Protocol):
    """What computes derived traits."""

    def __call__(
        self, name: str, traits: Mapping[str, Json], at: int, zone: ZoneInfo, /, *, calendar: CalendarName
    ) -> Json:
        """A derived trait by name, from a person's traits, as of an instant, milliseconds since 1970 UTC.

        zone, calendar  whose days and years they are
        None where its source is unknown.
        """
        ...


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
    """What turns the windows of a definition into bounds, and its amounts into those of the workspace's currency.

    at             milliseconds since 1970 UTC; first_weekday: 0 Monday .. 6 Sunday
    zone           the workspace's; local_zone: what finds the person's, for windows `in local time`
    calendar       the workspace's, for windows that name none
    exchange       by what was known of rates
    known_at       what was recorded later is not known, milliseconds since 1970 UTC; None: everything is
    """

    at: int
    zone: ZoneInfo
    first_weekday: int
    calendar: CalendarName
    local_zone: Callable[[], ZoneInfo]
    exchange: Exchange
    known_at: int | None = None

    def instants(self, window: tree.Window) -> Interval:
        """The window as a span of instants."""
        return interval(window, self.at, self._zone_of(window), self.first_weekday, self.calendar)

    def days(self, window: tree.Window) -> DateInterval:
        """The window as a span of days."""
        return date_interval(window, self.at, self._zone_of(window), self.first_weekday, self.calendar)

    def in_own_currency(self, constant: tree.Number) -> Decimal | None:
        """The number of a literal; an amount in another currency by the rate of the question's day, if there is one."""
        currency = self.exchange.foreign(constant.currency)
        if currency is None:
            return constant.value
        return self.exchange.converted(constant.value, currency, day_holding(self.at, self.zone))

    def _zone_of(self, window: tree.Window) -> ZoneInfo:
        return self.local_zone() if window.local else self.zone
