"""`count`, `sum`, `avg`, `min`, `max`, `distinct`, `first`, `last`: the events they go over and what they answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from math import floor

from intarsia.errors import Bug
from intarsia.language import tree
from intarsia.language.catalog import Catalog, EventType, Kind, Property
from intarsia.language.interpret.known import Known
from intarsia.language.interpret.operators import Answer, Instant
from intarsia.language.interpret.subjects import Subject, fits, lacking_rate, outcome, property_of
from intarsia.language.meaning.facts import Fact, Json
from intarsia.language.meaning.orders import GROSS, ORDER
from intarsia.language.meaning.refunds import Refund
from intarsia.language.meaning.values import distinct_key, number

LINES = ("lines",)
ENDS = ("first", "last")
_EXACT = Context(prec=80)


@dataclass(frozen=True)
class Target:
    """What an aggregate goes over: events of a type, or their lines; and the property that it takes, if any.

    is_over_lines  but for events that have the property themselves
    """

    type: EventType
    property: Property | None
    is_over_lines: bool


@dataclass(frozen=True)
class Selection:
    """What an aggregate found.

    subjects  events or lines, by (time, id, place of the line)
    refunds   what goes off a sum: the refunds, or lines of them, each with what was sent as the value to take off
    unsure    those of which it cannot be said whether they belong to it: the `where` asks for amounts without a rate
    where     what it was narrowed by
    """

    target: Target
    subjects: tuple[Subject, ...]
    refunds: tuple[tuple[Subject, Json], ...] = ()
    unsure: tuple[Subject, ...] = ()
    where: tree.Condition | None = None

    @property
    def given_back(self) -> list[Json]:
        """What each of the refunds takes off, amounts in the workspace's currency."""
        taken = self.target.property
        return [] if taken is None else [part.in_own_currency(taken, raw) for part, raw in self.refunds]

    @property
    def without_rate(self) -> list[Subject]:
        """The events, lines and refunds with an amount in a currency of which nobody said the rate of the day."""
        taken = self.target.property
        if taken is None:
            return [*self.unsure]
        parts = [(part, part.raw(taken)) for subject in self.subjects for part in subject.parts(taken)]
        return [*self.unsure, *(part for part, raw in (*parts, *self.refunds) if part.cannot_be_converted(taken, raw))]

    @property
    def missing_rates(self) -> list[str]:
        """The rates that they need."""
        taken, where = self.target.property, self.where
        asked = [] if where is None else [found for part in self.unsure for found in lacking_rate(where, part)]
        of_values = self.without_rate[len(self.unsure) :]
        needed = [*asked, *((part, taken) for part in of_values if taken is not None)]
        return sorted({part.missing_rate(amount) for part, amount in needed})


def target(event: tree.Event, catalog: Catalog, fold: tree.Fold | None = None) -> Target:
    """What the event of an aggregate, `did` or `had` stands for in the catalog.

    A property of lines makes an aggregate go over lines, but for `first` and `last`, which choose a whole event
    unless the path names its lines.
    """
    found = catalog.event_of(event)
    if found is None:
        raise Bug(what=f"the event {event.names} came through the check")
    path = event.names[1:]
    if not path or (path == LINES and path not in found.properties):
        return Target(found, None, is_over_lines=bool(path))
    taken = property_of(found, path)
    is_of_lines = taken.is_of_line or taken.otherwise is not None
    return Target(found, taken, is_of_lines and (path[:1] == LINES or fold not in ENDS))


def events(
    event: tree.Event,
    where: tree.Condition | None,
    window: tree.Window | None,
    known: Known,
    *,
    fold: tree.Fold | None = None,
) -> tuple[Subject, ...]:
    """The person's events, or lines, in the window that meet the `where`; by (time, id, place of the line)."""
    goal = target(event, known.catalog, fold)
    found = _in_window(known.events(goal.type), goal, window, known)
    return tuple(part for part in found if where is None or fits(where, part))


Filtered = tree.Did | tree.Had | tree.Active | tree.Lapsed | tree.FirstTime | tree.Returned | tree.Step


def undecided(condition: Filtered, known: Known) -> Iterator[tuple[tree.Condition, Subject]]:
    """The events of which it cannot be said whether they meet a filter, each with it: amounts lack a rate (rule 29)."""
    where = condition.where
    window = condition.window if isinstance(condition, (tree.Did, tree.Had)) else None
    if where is not None:
        goal = target(condition.event, known.catalog)
        for part in _in_window(known.events(goal.type), goal, window, known):
            if outcome(where, part) is None:
                yield where, part


def _in_window(
    facts: Iterable[Fact], goal: Target, window: tree.Window | None, known: Known, refund: Refund | None = None
) -> Iterator[Subject]:
    span = None if window is None else known.when.instants(window)
    for fact in facts:
        if span is None or span.holds(fact.occurred_at):
            whole = Subject(fact, goal.type, known.catalog, known.when, refund=refund)
            yield from _lines(whole, goal) if goal.is_over_lines else (whole,)


def _lines(whole: Subject, goal: Target) -> Iterator[Subject]:
    return whole.lines() if goal.property is None else whole.parts(goal.property)


def select(aggregate: tree.Aggregate, known: Known) -> Selection:
    """What an aggregate goes over; `first` and `last` choose their one before its value is looked at (rule 26)."""
    goal, where = target(aggregate.event, known.catalog, aggregate.fold), aggregate.where
    found, unsure = [], []
    for part in _in_window(known.events(goal.type), goal, aggregate.window, known):
        if (fitting := where is None or outcome(where, part)) is None:
            unsure.append(part)
        elif fitting:
            found.append(part)
    if aggregate.fold in ENDS:
        ends = found[:1] if aggregate.fold == "first" else found[-1:]
        return Selection(goal, tuple(ends), (), tuple(unsure), where)
    refunds = []
    for part, value in _refunded(aggregate, goal, known):
        if (fitting := where is None or outcome(where, part)) is None:
            unsure.append(part)
        elif fitting:
            refunds.append((part, value))
    return Selection(goal, tuple(found), tuple(refunds), tuple(unsure), where)


def _refunded(aggregate: tree.Aggregate, goal: Target, known: Known) -> Iterator[tuple[Subject, Json]]:
    """The refunds in the window with the values they would take off a sum of orders or of their lines (rule 30)."""
    taken = goal.property
    if aggregate.fold not in ("sum", "avg") or goal.type.name != ORDER or taken is None or taken.path == GROSS:
        return
    for refund in known.refunds(goal.type):
        for part in _in_window([refund.full], goal, aggregate.window, known, refund):
            if part.line is None or refund.gives_lines:
                yield part, _taken_off(refund, part, taken)


def _taken_off(refund: Refund, part: Subject, taken: Property) -> Json:
    if part.line is not None:
        return part.raw(taken)
    return refund.value(taken.path, is_amount=taken.kind is Kind.MONEY)


def answer_of(aggregate: tree.Aggregate, known: Known) -> Answer:
    """What an aggregate answers for a person (rules 14, 25-30); unknown where an amount has no known rate."""
    return fold(aggregate, select(aggregate, known))


def fold(aggregate: tree.Aggregate, found: Selection) -> Answer:
    """What an aggregate makes of what it found; nothing where it cannot be said which events it goes over (rule 29)."""
    if found.unsure:
        return None
    taken = found.target.property
    if taken is None:
        return _of_events(aggregate, found.subjects)
    if aggregate.fold in ENDS:
        ends = end_values(found)
        return ends[0 if aggregate.fold == "first" else -1] if ends else None
    if found.without_rate:
        return None
    values = [value for subject in found.subjects if (value := subject.value(taken)) is not None]
    match aggregate.fold:
        case "count":
            return Decimal(len(values))
        case "distinct":
            return Decimal(len({key for value in values if (key := distinct_key(value)) is not None}))
        case "min":
            return min(_numbers(values), default=None)
        case "max":
            return max(_numbers(values), default=None)
        case "sum":
            return _net(values, found)
        case "avg":
            return _average(values, found)
        case _:
            raise Bug(what=f"{aggregate.fold} is folded elsewhere")


def end_values(found: Selection) -> list[Json]:
    """The property of the chosen first or last event: one value, or of a line's property one of each of its lines."""
    taken = found.target.property
    if taken is None:
        return []
    return [value for subject in found.subjects for value in subject.values(taken)]


def answers_of(aggregate: tree.Aggregate, known: Known) -> list[Answer]:
    """What a test of an aggregate is asked of: its answer; of the lines of a chosen event, one is enough (rule 27)."""
    found = select(aggregate, known)
    goal = found.target
    is_chosen = bool(found.subjects) and not found.unsure and aggregate.fold in ENDS
    if is_chosen and goal.property is not None and not goal.is_over_lines:
        return list(end_values(found))
    return [fold(aggregate, found)]


def _of_events(aggregate: tree.Aggregate, subjects: tuple[Subject, ...]) -> Answer:
    match aggregate.fold:
        case "count":
            return Decimal(len(subjects))
        case "first" | "last":
            return Instant(subjects[0].fact.occurred_at) if subjects else None
        case _:
            raise Bug(what=f"{aggregate.fold} of events without a property came through the check")


def _numbers(values: Iterable[Json]) -> list[Decimal]:
    return [read for value in values if (read := number(value)) is not None]


def _net(values: Iterable[Json], found: Selection) -> Decimal:
    """The sum of the values less what was given back, exact."""
    with localcontext(_EXACT):
        given_back = sum(_numbers(found.given_back), Decimal(0))
        return sum(_numbers(values), Decimal(0)) - given_back


def _average(values: Sequence[Json], found: Selection) -> Answer:
    """The net sum by the number of orders in it; money is rounded half up to the minor unit (rule 14)."""
    count = len(_numbers(values))
    if not count:
        return None
    mean = Fraction(_net(values, found)) / count
    taken = found.target.property
    if taken is None or taken.kind is not Kind.MONEY or not found.subjects:
        return mean
    unit = 10 ** found.subjects[0].catalog.currency_digits
    return Fraction(floor(mean * unit + Fraction(1, 2)), unit)
