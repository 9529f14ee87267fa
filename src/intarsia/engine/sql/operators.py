"""One operator asked of one reading, as an SQL condition that is true or false, never unknown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from intarsia.clock import CalendarName
from intarsia.engine.sql.bounds import DAYS, INSTANTS, own_bound
from intarsia.engine.sql.fractions import FractionReading
from intarsia.engine.sql.rates import OwnCurrency
from intarsia.engine.sql.reading import EXACT, Reading
from intarsia.engine.sql.words import (
    FALSE,
    Bindings,
    Sql,
    all_of,
    any_of,
    call,
    cast,
    compare,
    is_null,
    negated,
    surely,
    when,
)
from intarsia.errors import Bug
from intarsia.language import tree
from intarsia.language.meaning.money import USUAL_DIGITS
from intarsia.language.meaning.values import date_of, fold, fold_case, instant_of, number, shortest
from intarsia.language.meaning.windows import Interval, date_interval, interval


@dataclass(frozen=True)
class Operators:
    """Asks operators of readings, for one question.

    at             milliseconds UTC; zone: of dates and times without an offset
    first_weekday  0 Monday .. 6 Sunday
    calendar       the workspace's, for windows that name none
    own            the workspace's currency
    local          the name of the relation that holds each person's own bounds of a window `in local time`
    person         the `profile_no` of whom the readings are
    """

    bindings: Bindings
    at: int
    zone: ZoneInfo
    first_weekday: int
    calendar: CalendarName = "gregorian"
    own: OwnCurrency = field(default_factory=lambda: OwnCurrency("", USUAL_DIGITS))
    local: Callable[[tree.Window], str] | None = None
    person: Sql | None = None

    def of(self, person: Sql) -> Operators:
        """The same, for readings of the person with this `profile_no`."""
        return replace(self, person=person)

    def holds(self, reading: Reading, operator: tree.Operator, *, ignoring_case: bool) -> Sql:
        """Whether the value meets the operator."""
        match operator:
            case tree.Compare(operator="=", constant=constant):
                return surely(self._equals(reading, constant, ignoring_case))
            case tree.Compare(operator=sign, constant=constant):
                return surely(self._ordered(reading, sign, constant))
            case tree.OneOf(constants=constants):
                return surely(self._one_of(reading, constants, ignoring_case))
            case tree.Has(mode=mode, constants=constants):
                return surely(self._has(reading, mode, constants, ignoring_case))
            case tree.TextMatch(how=how, text=text):
                return surely(self._matches(reading, how, text))
            case tree.Range(low=low, high=high):
                return surely(all_of((self._ordered(reading, ">=", low), self._ordered(reading, "<=", high))))
            case tree.Is(what="known"):
                return reading.known()
            case tree.Is(what="empty"):
                return any_of((negated(reading.known()), reading.is_empty()))
            case tree.During(window=window):
                return surely(self._during(reading, window))
            case _:
                raise Bug(what=f"the operator {operator!r} came through the check")

    # --- equality

    def _equals(self, reading: Reading, constant: tree.Constant, ignoring_case: bool) -> Sql:
        if isinstance(constant, (tree.Day, tree.Moment)):
            return self._during(reading, tree.Window(tree.Point("on", constant)))
        return self._one_of(reading, (constant,), ignoring_case)

    def _one_of(self, reading: Reading, constants: Sequence[tree.Constant], ignoring_case: bool) -> Sql:
        """Texts with texts, numbers with what is or reads as a number; one list for each, however long."""
        fold_text = fold_case if ignoring_case else fold
        texts = [fold_text(_text_of(item)) for item in constants if isinstance(item, (tree.Text, tree.Truth))]
        literals = (self._number(item) for item in constants if isinstance(item, tree.Number))
        numbers = [found for found in literals if found is not None]
        read = [
            found for item in constants if isinstance(item, tree.Text) and (found := number(item.value)) is not None
        ]
        parts = [self._equals(reading, item, False) for item in constants if isinstance(item, (tree.Day, tree.Moment))]
        if numbers:
            parts.append(self._is_in_numbers(reading, numbers))
        if texts:
            as_text = call("list_contains", self.bindings.bind(texts), _text(reading, ignoring_case))
            as_number = self._is_in_numbers(reading, read) if read else FALSE
            parts.append(when(reading.is_number(), as_number, as_text))
        return any_of(surely(part) for part in parts)

    def _is_in_numbers(self, reading: Reading, numbers: Sequence[Decimal]) -> Sql:
        if isinstance(reading, FractionReading):
            return any_of(self._compared(reading, "=", item) for item in numbers)
        bound = self.bindings.bind([shortest(item) for item in numbers])
        return call("list_contains", cast(bound, f"{EXACT}[]"), reading.number())

    def _has(self, reading: Reading, mode: str, constants: Sequence[tree.Constant], ignoring_case: bool) -> Sql:
        wanted = [_keys(item, ignoring_case) for item in constants]
        if mode != "all":
            wanted = [[key for keys in wanted for key in keys]]
        return all_of(call("list_has_any", reading.keys(), self.bindings.bind(keys)) for keys in wanted)

    # --- order and text

    def _ordered(self, reading: Reading, sign: str, constant: tree.Constant) -> Sql:
        if isinstance(constant, tree.Text):
            constant = _time_or_number(constant, self.zone)
        if isinstance(constant, tree.Number):
            found = self._number(constant)
            return FALSE if found is None else self._compared(reading, sign, found)
        if isinstance(constant, (tree.Day, tree.Moment)):
            relation = {"<": "before", "<=": "until", ">": "after", ">=": "since"}[sign]
            return self._during(reading, tree.Window(tree.Point(relation, constant)))  # type: ignore[arg-type]
        raise Bug(what="a comparison with a truth came through the check")

    def _number(self, literal: tree.Number) -> Decimal | None:
        """The number of a literal in the workspace's currency; None: an amount without a rate, that no test meets."""
        return self.own.number(literal, self.at, self.zone)

    def _compared(self, reading: Reading, sign: str, value: Decimal) -> Sql:
        """A value next to a number."""
        if isinstance(reading, FractionReading):
            return reading.compared(sign, value, self.bindings)
        return compare(sign, reading.number(), cast(self.bindings.bind(shortest(value)), EXACT))

    def _matches(self, reading: Reading, how: str, text: str) -> Sql:
        if how == "matches":
            return call("regexp_matches", reading.raw(), self.bindings.bind(text))
        name = {"contains": "contains", "starts": "starts_with", "ends": "ends_with"}[how]
        return call(name, reading.folded(), self.bindings.bind(fold_case(text)))

    # --- time

    def _during(self, reading: Reading, window: tree.Window) -> Sql:
        return any_of((surely(self.happened_in(reading.moment(), window)), surely(self._day_in(reading.day(), window))))

    def happened_in(self, moment: Sql, window: tree.Window) -> Sql:
        """Whether an instant lies in a window."""
        bounds = interval(window, self.at, self.zone, self.first_weekday, self.calendar)
        if window.local:
            return self._locally_bounded(moment, window, (bounds.begin is not None, bounds.end is not None), INSTANTS)
        return self.within(moment, bounds)

    def _day_in(self, day: Sql, window: tree.Window) -> Sql:
        bounds = date_interval(window, self.at, self.zone, self.first_weekday, self.calendar)
        if window.local:
            return self._locally_bounded(day, window, (bounds.begin is not None, bounds.end is not None), DAYS)
        return self._bounded(day, bounds.begin, bounds.end)

    def _locally_bounded(
        self, value: Sql, window: tree.Window, is_bounded: tuple[bool, bool], names: tuple[str, str]
    ) -> Sql:
        """Whether a value lies between a person's own bounds; at which ends there are any is the same for everybody."""
        if self.local is None or self.person is None:
            raise Bug(what="a window in local time was asked of nobody")
        relation = self.local(window)
        parts = [negated(is_null(value))]
        for is_there, sign, name in zip(is_bounded, (">=", "<"), names, strict=True):
            if is_there:
                parts.append(compare(sign, value, own_bound(relation, name, self.person)))
        return all_of(parts)

    def within(self, moment: Sql, bounds: Interval) -> Sql:
        """Whether an instant lies in the half-open interval."""
        return self._bounded(moment, bounds.begin, bounds.end)

    def _bounded(self, value: Sql, begin: int | date | None, end: int | date | None) -> Sql:
        parts = [negated(is_null(value))]
        if begin is not None:
            parts.append(compare(">=", value, self.bindings.bind(begin)))
        if end is not None:
            parts.append(compare("<", value, self.bindings.bind(end)))
        return all_of(parts)


def _text(reading: Reading, ignoring_case: bool) -> Sql:
    return reading.folded() if ignoring_case else reading.text()


def _text_of(constant: tree.Text | tree.Truth) -> str:
    return constant.value if isinstance(constant, tree.Text) else str(constant.value).lower()


def _keys(constant: tree.Constant, ignoring_case: bool) -> list[str]:
    """What an item equal to the constant is found by (see `record.values.item_keys`)."""
    if isinstance(constant, tree.Number):
        return [tag + shortest(constant.value) for tag in ("n:", "N:")]
    if isinstance(constant, (tree.Text, tree.Truth)):
        found = _text_of(constant)
        keys = ["c:" + fold_case(found)] if ignoring_case else ["t:" + fold(found)]
        read = number(found) if isinstance(constant, tree.Text) else None
        return keys if read is None else [*keys, "N:" + shortest(read)]
    raise Bug(what="`has` of a date came through the check")


def _time_or_number(constant: tree.Text, zone: ZoneInfo) -> tree.Constant:
    """A text in a comparison is the number, date or instant that it reads as; the check refuses any other."""
    read = number(constant.value)
    if read is not None:
        return tree.Number(read)
    day = date_of(constant.value)
    if day is not None:
        return tree.Day(day)
    moment = instant_of(constant.value, zone)
    if moment is None:
        raise Bug(what="a comparison with a text came through the check")
    wall = datetime.fromtimestamp(moment / 1000, UTC).replace(tzinfo=None)
    return tree.Moment(wall, 0)
