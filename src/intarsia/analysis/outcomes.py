"""What is looked at after each date of a back-test: a number or a yes, of a window that lies after the date."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from typing import Any, Literal, NoReturn, TypeVar, cast
from zoneinfo import ZoneInfo

from intarsia.clock import EPOCH
from intarsia.errors import UserError, phrase
from intarsia.language import check, show, tree
from intarsia.language.catalog import Catalog, Kind
from intarsia.language.checking.check import kind_of
from intarsia.language.meaning.windows import interval
from intarsia.language.reading.fragments import value_or_condition
from intarsia.speech import mark

Measure = Literal["money", "number", "share"]

SUMMED = ("count", "sum", "distinct")
"""Numbers of people that may be added up."""
FOLDS = (*SUMMED, "avg", "min", "max")

_EXAMPLES = "`sum(order.total) in next 90 days`, `count(order) in next 30 days`, `did order in next 30 days`"


class NoOutcome(UserError):
    """What is no number of events, and no condition on them."""

    code = "backtest.no-outcome"
    says = mark("`{part}` is no outcome: it is neither a number of events nor a condition on events")
    advises = mark("write one such as {examples}")


class OutcomeWithoutWindow(UserError):
    """An outcome that does not say in which time after each date."""

    code = "backtest.no-window"
    says = mark("`{part}` does not say in which time after each date it is looked at")
    advises = mark("give it a window: `{example}`")


class NotAfter(UserError):
    """A window of an outcome that does not lie after the date, as far as all people are concerned."""

    code = "backtest.not-after"
    says = mark("`{window}` cannot be looked at after each date: {reason}")
    advises = mark("write `in next 90 days`, `in next month` or `in tomorrow`")


class TwoOutcomeWindows(UserError):
    """A number with a window inside its brackets and one behind them."""

    code = "backtest.two-windows"
    says = mark("`{part}` has the window `{window}` already")
    advises = mark("leave one of the two windows out")


_EARLIER = phrase("it does not begin with the date and end after it")
_OF_EACH = phrase("in local time it ends at another instant for each person")
_INSIDE = phrase("inside `where` it would move with the date")


@dataclass(frozen=True)
class Placed:
    """An outcome with its windows laid out after one date.

    asked  the value or the condition, whose windows are between two instants each
    end    the last instant that any of them holds, milliseconds UTC: as of it the outcome is asked
    """

    asked: tree.Value | tree.Condition
    end: int


@dataclass(frozen=True)
class Outcome:
    """A number of events, or a condition on them, of which every window lies after the date.

    text     as it was written
    asked    the value or the condition; measure: "money", "number", or "share" of a condition
    is_sum   whether the numbers of people may be added up
    """

    text: str
    asked: tree.Value | tree.Condition
    measure: Measure
    is_sum: bool
    catalog: Catalog

    def after(self, date: int) -> Placed:
        """The outcome after a date, milliseconds UTC.

        A window is that of the language as of the date, without the date's own instant: what happened then was known
        when the members were asked.
        """
        catalog, ends = self.catalog, list[int]()
        zone = ZoneInfo(catalog.timezone)

        def laid_out(window: tree.Window) -> tree.Window:
            if not _is_after(window):
                return window
            found = interval(window, date, zone, catalog.first_weekday, catalog.calendar)
            assert found.begin is not None
            assert found.end is not None
            ends.append(found.end - 1)
            return tree.Window(tree.BetweenTimes(_moment(max(found.begin, date + 1)), _moment(found.end - 1)))

        asked = _with_windows(self.asked, laid_out)
        return Placed(asked, max(ends))


def read_outcome(text: str, catalog: Catalog) -> Outcome:
    """The outcome that a text says; raises what is wrong with it, with the place."""
    return _Reading(text, catalog).outcome()


@dataclass(frozen=True)
class _Reading:
    """One text that is read as an outcome."""

    text: str
    catalog: Catalog

    def outcome(self) -> Outcome:
        asked = self._with_its_window(value_or_condition(self.text))
        if isinstance(asked, tree.Path | tree.Aggregate | tree.Ratio | tree.Trend | tree.Anniversary | tree.Bucket):
            check(tree.Test(asked, tree.Is("known"), span=asked.span), self.catalog, self.text)
            self._check_value(asked, FOLDS)
            is_money = kind_of(asked, self.catalog) is Kind.MONEY
            is_sum = isinstance(asked, tree.Aggregate) and asked.fold in SUMMED
            return Outcome(self.text, asked, "money" if is_money else "number", is_sum, self.catalog)
        check(asked, self.catalog, self.text)
        self._check_condition(asked)
        return Outcome(self.text, asked, "share", True, self.catalog)

    def _with_its_window(self, asked: tree.Value | tree.Condition) -> tree.Value | tree.Condition:
        """The number that `sum(order.total) in next 90 days` means here; everything else as it is."""
        match asked:
            case tree.Test(value=tree.Aggregate() | tree.Ratio() as value, operator=tree.During(window=window)):
                return asked if _is_time(value) else self._within(value, window)
            case _:
                return asked

    def _within(self, value: tree.Value, window: tree.Window) -> tree.Value:
        match value:
            case tree.Aggregate(window=None):
                return replace(value, window=window)
            case tree.Aggregate(window=tree.Window() as own):
                self._fail(TwoOutcomeWindows, value, part=show(value), window=show(own))
            case tree.Ratio(top=top, bottom=bottom):
                return replace(value, top=self._within(top, window), bottom=self._within(bottom, window))
            case _:
                return value

    # --- what may be asked

    def _check_value(self, value: tree.Value, folds: Collection[str]) -> None:
        """Refuse what is not worked out from events by one of these functions."""
        match value:
            case tree.Ratio(top=top, bottom=bottom):
                self._check_value(top, folds)
                self._check_value(bottom, folds)
            case tree.Aggregate() if value.fold in folds:
                self._check_events(value, value.window)
            case _:
                self._fail(NoOutcome, value, part=show(value), examples=_EXAMPLES)

    def _check_condition(self, node: tree.Condition) -> None:
        match node:
            case tree.And(parts=parts) | tree.Or(parts=parts):
                for part in parts:
                    self._check_condition(part)
            case tree.Not(part=part):
                self._check_condition(part)
            case tree.Did(window=window) | tree.Had(window=window) | tree.Sequence(window=window):
                self._check_events(node, window)
            case tree.Test(value=tree.Aggregate() as value, operator=tree.During(window=window)) if _is_time(value):
                self._check_events(node, window)
                self._check_after(value.window)
            case tree.Test(value=tree.Aggregate() | tree.Ratio() as value, operator=operator) if not isinstance(
                operator, tree.During
            ):
                self._check_value(value, (*FOLDS, "first", "last"))
            case _:
                self._fail(NoOutcome, node, part=show(node), examples=_EXAMPLES)

    def _check_events(self, node: tree.Node, window: tree.Window | None) -> None:
        """Refuse events of any time, of another time than after the date, and such as depend on the date themselves."""
        if window is None:
            self._fail(OutcomeWithoutWindow, node, part=show(node), example=_with_example(node))
        self._check_after(window)
        for inner in node.walk():
            where = getattr(inner, "where", None) or (inner.condition if isinstance(inner, tree.Had) else None)
            for moving in where.walk() if where is not None else ():
                if isinstance(moving, tree.Window) and not isinstance(moving.period, tree.Point | tree.BetweenTimes):
                    self._fail(NotAfter, moving, window=show(moving), reason=_INSIDE)

    def _check_after(self, window: tree.Window | None) -> None:
        if window is not None and (window.local or not _is_after(window)):
            self._fail(NotAfter, window, window=show(window), reason=_OF_EACH if window.local else _EARLIER)

    def _fail(self, error: type[UserError], node: tree.Node, **facts: object) -> NoReturn:
        raise error(text=self.text, span=node.span, **facts)


def _is_time(value: tree.Value) -> bool:
    """Whether a value is when something happened first or last, which a window is a test of."""
    return isinstance(value, tree.Aggregate) and value.fold in ("first", "last") and len(value.event.names) == 1


def _is_after(window: tree.Window) -> bool:
    match window.period:
        case tree.Rolling(direction="next", length=length):
            return length.count > 0
        case tree.Calendar(which="next") | tree.NamedDay(name="tomorrow"):
            return True
        case _:
            return False


def _with_example(node: tree.Node) -> str:
    """The same with a window that would do, as it is written."""
    if isinstance(node, tree.Aggregate):
        return f"{show(node)} in next 90 days"
    length = tree.Length(90, "day")
    return show(replace(cast(Any, node), window=tree.Window(tree.Rolling("next", length))))


def _moment(instant: int) -> tree.Moment:
    return tree.Moment(EPOCH + timedelta(milliseconds=instant), 0)


Some = TypeVar("Some", bound=tree.Node)


def _with_windows(node: Some, change: Callable[[tree.Window], tree.Window]) -> Some:
    """A tree with other windows in it."""
    if isinstance(node, tree.Window):
        return cast(Some, change(node))
    changed: dict[str, Any] = {}
    for item in fields(node):
        value = getattr(node, item.name)
        if isinstance(value, tree.Node):
            changed[item.name] = _with_windows(value, change)
        elif isinstance(value, tuple) and any(isinstance(part, tree.Node) for part in value):
            changed[item.name] = tuple(_with_windows(part, change) for part in value)
    return replace(node, **changed) if changed else node
