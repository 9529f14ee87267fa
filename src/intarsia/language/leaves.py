"""The base of every node, and what a tree ends in: literals, lengths of time, windows, operators of a test."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from intarsia.errors import Span

_NAMES: dict[type[Any], tuple[str, ...]] = {}
"""The names of each kind of node's fields; to ask a dataclass for them each time takes longer than to walk a tree."""


@dataclass(frozen=True)
class Node:
    """The base of every node."""

    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)

    def children(self) -> Iterator[Node]:
        """The nodes directly below, in the order of the text."""
        kind = type(self)
        names = _NAMES.get(kind) or _NAMES.setdefault(kind, tuple(item.name for item in fields(kind)))
        for name in names:
            value = getattr(self, name)
            if isinstance(value, Node):
                yield value
            elif isinstance(value, tuple):
                yield from (part for part in value if isinstance(part, Node))

    def walk(self) -> Iterator[Node]:
        """This node and all below it, parents first."""
        yield self
        for child in self.children():
            yield from child.walk()


# --- literals


@dataclass(frozen=True)
class Text(Node):
    """A text in 'single quotes', as written (not folded)."""

    value: str


@dataclass(frozen=True)
class Number(Node):
    """An exact decimal; with a currency (three capital letters) it is an amount of money."""

    value: Decimal
    currency: str | None = None


@dataclass(frozen=True)
class Truth(Node):
    """`true` or `false`."""

    value: bool


@dataclass(frozen=True)
class Day(Node):
    """A calendar date, 2026-01-31: the whole day in the zone."""

    value: date


@dataclass(frozen=True)
class Moment(Node):
    """An instant, 2026-01-31T10:00[:00[.000]][Z|+01:00].

    value  the wall-clock time, without tzinfo, cut to milliseconds
    offset minutes east of UTC; None: the workspace's zone
    """

    value: datetime
    offset: int | None = None


Constant = Text | Number | Truth | Day | Moment
Time = Day | Moment

# --- windows

Unit = Literal["second", "minute", "hour", "day", "week", "month", "quarter", "year"]


@dataclass(frozen=True)
class Length(Node):
    """So many units: `6 months`; `count` >= 1 (0 is allowed for hours and shorter gaps)."""

    count: int
    unit: Unit


@dataclass(frozen=True)
class Rolling(Node):
    """`last 6 months` or `next 7 days`."""

    direction: Literal["last", "next"]
    length: Length


@dataclass(frozen=True)
class Calendar(Node):
    """Whole calendar periods: `this month`, `next week`, `previous 3 months`; `count` is 1 but for `previous N`."""

    which: Literal["this", "next", "previous"]
    unit: Unit
    count: int = 1


@dataclass(frozen=True)
class NamedDay(Node):
    """`today`, `yesterday`, `tomorrow`."""

    name: Literal["today", "yesterday", "tomorrow"]


@dataclass(frozen=True)
class Point(Node):
    """`before`, `after`, `on`, `since`, `until` a date or an instant."""

    relation: Literal["before", "after", "on", "since", "until"]
    time: Time


@dataclass(frozen=True)
class MoreThanAgo(Node):
    """`more than 90 days ago`: before the start of `last 90 days`."""

    length: Length


@dataclass(frozen=True)
class BetweenAgo(Node):
    """`between 30 and 90 days ago`: from the start of `last 90 days` up to the start of `last 30 days` (outside)."""

    near: int
    far: int
    unit: Unit


@dataclass(frozen=True)
class BetweenTimes(Node):
    """`between A and B` of two dates or instants, both inside."""

    begin: Time
    end: Time


Period = Rolling | Calendar | NamedDay | Point | MoreThanAgo | BetweenAgo | BetweenTimes


@dataclass(frozen=True)
class Window(Node):
    """A period, and whose calendar and clock it goes by.

    local     `in local time`: the person's zone
    calendar  `by jalali calendar` or `by gregorian calendar`; None: the workspace's
    """

    period: Period
    local: bool = False
    calendar: Literal["jalali", "gregorian"] | None = None


# --- operators of a test


@dataclass(frozen=True)
class Compare(Node):
    """`=`, `<`, `<=`, `>`, `>=` a constant."""

    operator: Literal["=", "<", "<=", ">", ">="]
    constant: Constant


@dataclass(frozen=True)
class OneOf(Node):
    """`in ('a', 'b')`."""

    constants: tuple[Constant, ...]


@dataclass(frozen=True)
class Has(Node):
    """`has 'a'` (mode "one"), `has any (..)`, `has all (..)`."""

    mode: Literal["one", "any", "all"]
    constants: tuple[Constant, ...]


@dataclass(frozen=True)
class TextMatch(Node):
    """`contains`, `starts with`, `ends with`, `matches`."""

    how: Literal["contains", "starts", "ends", "matches"]
    text: str


@dataclass(frozen=True)
class Range(Node):
    """`between A and B` of two constants that are no dates (those are a window), both inside."""

    low: Constant
    high: Constant


@dataclass(frozen=True)
class Is(Node):
    """`is known`, `is empty`, `is identified`."""

    what: Literal["known", "empty", "identified"]


@dataclass(frozen=True)
class During(Node):
    """The value, a time, lies in the window: `signed_up in last 30 days`, `last(order) before 2026-01-01`."""

    window: Window


Operator = Compare | OneOf | Has | TextMatch | Range | Is | During


def takes_negation_inside(operator: Node) -> bool:
    """Whether one says `a != 1` rather than `not a > 1`."""
    if isinstance(operator, Compare):
        return operator.operator == "="
    return not (isinstance(operator, During) and isinstance(operator.window.period, Point | MoreThanAgo))
