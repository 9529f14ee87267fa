"""Do patterns over several events make sense: sequences, activity, lifecycle (rules 32 to 35)?"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from intarsia.clock import MILLISECONDS
from intarsia.errors import phrase
from intarsia.language import limits
from intarsia.language.checking.names import Naming
from intarsia.language.checking.tests import check_window
from intarsia.language.meaning.windows import NoSuchPeriod
from intarsia.language.problems.checking import AbsenceFirst, AbsencesTogether, FirstWithin
from intarsia.language.problems.whole import TooLarge
from intarsia.language.tree import (
    Active,
    Condition,
    Event,
    FirstTime,
    Lapsed,
    Returned,
    Sequence,
)

Pattern = Sequence | Active | Lapsed | FirstTime | Returned


def check_pattern(naming: Naming, node: Pattern, check_events: Callable[[Event, Condition | None], None]) -> None:
    """Refuse a pattern that could never hold, or that says something twice.

    check_events  refuses an event that nobody knows, and a `where` that makes no sense for it
    """
    for event, where in _events(node):
        check_events(event, where)
    if isinstance(node, Sequence):
        _check_steps(naming, node)
        check_window(naming, node.window)
    if isinstance(node, Active):
        _check_periods(naming, node)


def _events(node: Pattern) -> Iterator[tuple[Event, Condition | None]]:
    """The events that are spoken of, each with its filter, in the order of the text."""
    for part in node.steps if isinstance(node, Sequence) else (node,):
        yield part.event, part.where


def _check_steps(naming: Naming, node: Sequence) -> None:
    first = node.steps[0]
    if first.is_absent:
        naming.fail(AbsenceFirst, first)
    if first.within is not None:
        naming.fail(FirstWithin, first.within)
    for before, step in zip(node.steps, node.steps[1:], strict=False):
        if before.is_absent and step.is_absent:
            naming.fail(AbsencesTogether, step)
    if len(node.steps) > limits.SEQUENCE_STEPS:
        advice = phrase("divide it into two sequences joined with `and`")
        naming.fail(TooLarge, node, what=phrase("steps of a sequence"), most=limits.SEQUENCE_STEPS, next_step=advice)


def _check_periods(naming: Naming, node: Active) -> None:
    period = node.period
    if node.is_calendar and period.unit in MILLISECONDS:
        naming.fail(NoSuchPeriod, node, which="previous", unit=period.unit, count=node.periods * period.count)
    if node.periods > limits.ACTIVE_PERIODS:
        advice = phrase("count in longer periods: weeks or months instead of days")
        naming.fail(TooLarge, node, what=phrase("periods of `active`"), most=limits.ACTIVE_PERIODS, next_step=advice)
