"""What a segment asks, as plain values: from these, never from the text, the queries for the peers are written."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

AT = "2026-06-30T12:00:00Z"
"""The instant of every question."""
NOW = int(datetime.fromisoformat(AT).timestamp())
"""The same in seconds since 1970 UTC, as the peers keep instants."""
DAY_SECONDS = 86_400

COMPARED: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}
"""What the operators mean, of numbers and of columns of them."""

Value = str | int | bool | date | tuple[str, ...]


def days_ago(days: int) -> int:
    """The instant that many days before `AT`, in seconds."""
    return NOW - days * DAY_SECONDS


@dataclass(frozen=True)
class Is:
    """A test of one column of a person or of an event; operator: = >= <= > < or `in`, which takes several values."""

    column: str
    operator: str
    value: Value


@dataclass(frozen=True)
class Events:
    """Events of one type, those that meet a condition.

    since  days before `AT` from which on they count, that instant inside; None: from ever
    until  days before `AT` before which they happened; 0: up to and including `AT`, that is all
    """

    of: str
    since: int | None = None
    until: int = 0
    where: Is | None = None


@dataclass(frozen=True)
class Feature:
    """One number or value a person, made of their events.

    fold    count, sum, min, max, distinct; first or last: the value in the first or last event
    column  what is folded; of `count` none
    """

    fold: str
    events: Events
    column: str = ""

    @property
    def is_zero_of_nothing(self) -> bool:
        """Whether it is 0 of who has no such event; else it is unknown, and no test of it is true."""
        return self.fold in ("count", "sum", "distinct")


@dataclass(frozen=True)
class Has:
    """A test of a feature."""

    feature: Feature
    operator: str
    value: str | int

    @property
    def holds_of_nothing(self) -> bool:
        """Whether it is true of who has no such event."""
        return self.feature.is_zero_of_nothing and bool(COMPARED[self.operator](0, self.value))

    @property
    def is_did(self) -> bool:
        """Whether it asks only that there is such an event."""
        return self.feature.fold == "count" and (self.operator, self.value) == (">=", 1)

    @property
    def is_never(self) -> bool:
        """Whether it asks that there is no such event."""
        return self.feature.fold == "count" and (self.operator, self.value) == ("=", 0)


@dataclass(frozen=True)
class Follows:
    """An event of type `then` strictly after one of `first`, at most so many days later."""

    first: Events
    then: str
    days: int


@dataclass(frozen=True)
class Top:
    """The best so many percent of who has such an event, rounded up; of equal values the smaller person first."""

    percent: int
    feature: Feature


@dataclass(frozen=True)
class Member:
    """Who is in another of the hundred, by its place."""

    place: int


@dataclass(frozen=True)
class And:
    """All of them."""

    parts: tuple[Rule, ...]


@dataclass(frozen=True)
class Or:
    """Any of them."""

    parts: tuple[Rule, ...]


@dataclass(frozen=True)
class Not:
    """Who is not meant."""

    part: Rule


Rule = Is | Has | Follows | Top | Member | And | Or | Not


@dataclass(frozen=True)
class Segment:
    """One of the hundred: its text in the segment language, and the same as a rule by hand."""

    text: str
    rule: Rule


# --- short ways to write them


def both(*parts: Rule) -> And:
    """All of them."""
    return And(parts)


def either(*parts: Rule) -> Or:
    """Any of them."""
    return Or(parts)


def one_of(column: str, *values: str) -> Is:
    """A column is one of some texts."""
    return Is(column, "in", values)


def count(of: str, since: int | None = None, until: int = 0, where: Is | None = None) -> Feature:
    """How many events."""
    return Feature("count", Events(of, since, until, where))


def spent(since: int | None = None, until: int = 0, where: Is | None = None) -> Feature:
    """The sum of orders, in hundredths of the currency."""
    return Feature("sum", Events("order", since, until, where), "total_minor")


def did(of: str, since: int | None = None, until: int = 0, where: Is | None = None) -> Has:
    """At least one event."""
    return Has(count(of, since, until, where), ">=", 1)


def never(of: str, since: int | None = None, until: int = 0, where: Is | None = None) -> Has:
    """No event."""
    return Has(count(of, since, until, where), "=", 0)


def first(of: str, column: str = "moment", where: Is | None = None) -> Feature:
    """What a column is in the first event."""
    return Feature("first", Events(of, where=where), column)


def last(of: str, column: str = "moment", where: Is | None = None) -> Feature:
    """What a column is in the last event."""
    return Feature("last", Events(of, where=where), column)
