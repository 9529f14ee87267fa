"""The tree of a segment's definition: frozen nodes, one class for each thing that the language can say.

A node's `span` is its place in the text that it was read from; it does not take part in comparison,
so that `parse(show(tree)) == tree`. Two ways of saying one thing are one tree (rule 46): `never E` is
`Not(Did(E))`, `x != v` is `Not(Test(x, Compare("=", v)))`, `x is unknown` is `Not(Test(x, Is("known")))`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from intarsia.language.leaves import (
    BetweenAgo,
    BetweenTimes,
    Calendar,
    Compare,
    Constant,
    Day,
    During,
    Has,
    Is,
    Length,
    Moment,
    MoreThanAgo,
    NamedDay,
    Node,
    Number,
    OneOf,
    Operator,
    Period,
    Point,
    Range,
    Rolling,
    Text,
    TextMatch,
    Time,
    Truth,
    Unit,
    Window,
)

# --- values


@dataclass(frozen=True)
class Path(Node):
    """A trait, or inside `where` and `had` a property: `city`, `address.city`, `lines.sku`."""

    names: tuple[str, ...]


@dataclass(frozen=True)
class Event(Node):
    """An event type, or one of its properties where an aggregate takes one: `order`, `order.lines.quantity`.

    is_any  `any event` (names = ("event",)) or `any order` (names = ("order",))
    """

    names: tuple[str, ...]
    is_any: bool = False


Fold = Literal["count", "sum", "avg", "min", "max", "distinct", "first", "last"]


@dataclass(frozen=True)
class Aggregate(Node):
    """`sum(order.total where category = 'coats', last 1 year)`."""

    fold: Fold
    event: Event
    where: Condition | None = None
    window: Window | None = None


@dataclass(frozen=True)
class Ratio(Node):
    """`ratio(a, b)`."""

    top: Value
    bottom: Value


@dataclass(frozen=True)
class Trend(Node):
    """`trend(aggregate, last 3 months)`."""

    value: Value
    window: Window


@dataclass(frozen=True)
class Anniversary(Node):
    """`anniversary(birth_date)`."""

    path: Path


@dataclass(frozen=True)
class Bucket(Node):
    """`bucket('salt')`: a stable random share in [0, 1)."""

    salt: str


Value = Path | Aggregate | Ratio | Trend | Anniversary | Bucket

# --- conditions


@dataclass(frozen=True)
class Held(Node):
    """`for at least 30 days`, `for less than 30 days`.

    of_negation  the negation of the test is what has held: `tier != 'gold' for at least 30 days`
    """

    how: Literal["at least", "less than"]
    length: Length
    of_negation: bool = False


@dataclass(frozen=True)
class Everyone(Node):
    """The whole base."""


@dataclass(frozen=True)
class Nobody(Node):
    """The empty set."""


@dataclass(frozen=True)
class And(Node):
    """All of two or more conditions."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class Or(Node):
    """At least one of two or more conditions."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class Not(Node):
    """The base less the condition."""

    part: Condition


@dataclass(frozen=True)
class Test(Node):
    """One value, one operator. A test of an unknown value is false (rule 7)."""

    value: Value
    operator: Operator
    ignoring_case: bool = False
    held: Held | None = None


@dataclass(frozen=True)
class Did(Node):
    """`did order where (..) in last 6 months`; `never` is its negation."""

    event: Event
    where: Condition | None = None
    window: Window | None = None


@dataclass(frozen=True)
class Had(Node):
    """`last order where (..) in .. had (..)`: the chosen event exists and meets `condition`."""

    which: Literal["first", "last"]
    event: Event
    where: Condition | None
    window: Window | None
    condition: Condition


@dataclass(frozen=True)
class HasLine(Node):
    """`has line (..)`: one line of the order meets the whole condition; inside `where` and `had` only."""

    condition: Condition


@dataclass(frozen=True)
class Step(Node):
    """One step of a sequence; `is_absent` for `no E within ..`."""

    event: Event
    where: Condition | None = None
    within: Length | None = None
    is_absent: bool = False


@dataclass(frozen=True)
class Sequence(Node):
    """`sequence(view, order within 7 days, in last 90 days)`."""

    steps: tuple[Step, ...]
    window: Window | None = None


@dataclass(frozen=True)
class Active(Node):
    """`active(order, 2 times, 3 of last 6 months)`.

    period  the length of one period; `of last 6 months` has periods of 1 month
    is_calendar  `of previous ..`: whole calendar periods
    """

    event: Event
    where: Condition | None
    times: int
    hits: int
    periods: int
    period: Length
    is_calendar: bool = False


@dataclass(frozen=True)
class Lapsed(Node):
    """`lapsed(order, 90 days)`."""

    event: Event
    where: Condition | None
    length: Length


@dataclass(frozen=True)
class FirstTime(Node):
    """`first_time(order, last 30 days)`."""

    event: Event
    where: Condition | None
    length: Length


@dataclass(frozen=True)
class Returned(Node):
    """`returned(order, last 30 days, after 90 days)`."""

    event: Event
    where: Condition | None
    length: Length
    after: Length


@dataclass(frozen=True)
class Rank(Node):
    """`top 10% by ..`, `bottom 1000 by .. among (..)`.

    amount  a whole number of people, or with `is_percent` a percentage in (0, 100]
    """

    direction: Literal["top", "bottom"]
    amount: Decimal
    is_percent: bool
    by: Value
    among: Condition | None = None


@dataclass(frozen=True)
class InSegment(Node):
    """`in segment 'loyal'`, `in segment 'loyal' at 2026-01-01`."""

    name: str
    at: Time | None = None


@dataclass(frozen=True)
class Moved(Node):
    """`entered segment 'loyal' in last 7 days`, `left segment ..`."""

    how: Literal["entered", "left"]
    name: str
    window: Window | None = None


@dataclass(frozen=True)
class Near(Node):
    """`near (50.08, 14.43) within 50 km`; degrees north and east, kilometres."""

    latitude: Decimal
    longitude: Decimal
    kilometres: Decimal


@dataclass(frozen=True)
class InsideArea(Node):
    """`inside area 'delivery'`."""

    name: str


@dataclass(frozen=True)
class Consent(Node):
    """`consent email for marketing is given`."""

    channel: str
    purpose: str
    state: Literal["given", "withdrawn", "unknown"]


Condition = (
    Everyone
    | Nobody
    | And
    | Or
    | Not
    | Test
    | Did
    | Had
    | HasLine
    | Sequence
    | Active
    | Lapsed
    | FirstTime
    | Returned
    | Rank
    | InSegment
    | Moved
    | Near
    | InsideArea
    | Consent
)

__all__ = [
    "Active", "Aggregate", "And", "Anniversary", "BetweenAgo", "BetweenTimes", "Bucket", "Calendar", "Compare",
    "Condition", "Consent", "Constant", "Day", "Did", "During", "Event", "Everyone", "FirstTime", "Fold", "Had",
    "Has", "HasLine", "Held", "InSegment", "InsideArea", "Is", "Lapsed", "Length", "Moment", "MoreThanAgo", "Moved",
    "NamedDay", "Near", "Nobody", "Node", "Not", "Number", "OneOf", "Operator", "Or", "Path", "Period", "Point",
    "Range", "Rank", "Ratio", "Returned", "Rolling", "Sequence", "Step", "Test", "Text", "TextMatch", "Time", "Trend",
    "Truth", "Unit", "Value", "Window",
]  # fmt: skip
