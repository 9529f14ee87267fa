"""Does a value pass a test? The operators of the language, each on one value (rules 7-13, 18-20)."""

from __future__ import annotations

import operator
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import re2

from intarsia.clock import wall_of_instant
from intarsia.errors import Bug
from intarsia.language import tree
from intarsia.language.interpret.question import When
from intarsia.language.meaning.facts import Json
from intarsia.language.meaning.values import (
    date_of,
    equals,
    fold_case,
    instant_of,
    is_empty,
    is_list,
    number,
    raw_text,
)

RELATIONS = {"=": "on", "<": "before", "<=": "until", ">": "after", ">=": "since"}
ORDERINGS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
UTC = ZoneInfo("UTC")
NOTHING = Decimal("NaN")
"""What no number equals, is smaller or greater than."""


@dataclass(frozen=True, order=True)
class Instant:
    """A time that an aggregate answers, as `last(order)` does; milliseconds since 1970 UTC."""

    at: int


Answer = Json | Fraction | Instant
"""What a value of the language can be; None is unknown, a Fraction an exact quotient."""


def passes(value: Answer, test: tree.Operator, when: When, *, ignoring_case: bool = False) -> bool:
    """Whether a value passes; an unknown value passes nothing but `is empty` (rule 7)."""
    match test:
        case tree.Compare(operator="=", constant=constant):
            return _equals(value, constant, when, ignoring_case)
        case tree.Compare(operator=relation, constant=constant):
            return _is_ordered(value, relation, constant, when)
        case tree.Range(low=low, high=high):
            return _is_ordered(value, ">=", low, when) and _is_ordered(value, "<=", high, when)
        case tree.OneOf(constants=constants):
            return any(_equals(value, constant, when, ignoring_case) for constant in constants)
        case tree.Has():
            return _has(value, test, when, ignoring_case)
        case tree.TextMatch():
            return _matches(value, test)
        case tree.Is(what="known"):
            return value is not None
        case tree.Is(what="empty"):
            return not isinstance(value, Fraction | Instant) and is_empty(value)
        case tree.During(window=window):
            return _is_during(value, window, when)
        case _:
            raise Bug(what=f"the operator {test} came through the check")


def as_number(value: Answer) -> Decimal | Fraction | None:
    """The number that a value is or reads as."""
    if isinstance(value, Fraction):
        return value
    return None if isinstance(value, Instant) else number(value)


def _equals(value: Answer, constant: tree.Constant, when: When, ignoring_case: bool) -> bool:
    if isinstance(constant, tree.Day | tree.Moment):
        return _is_during(value, _point("=", constant), when)
    if isinstance(value, Instant):
        return False
    if isinstance(value, Fraction):
        return value == as_number(_literal(constant, when))
    return equals(value, _literal(constant, when), ignoring_case=ignoring_case)


def _is_ordered(value: Answer, relation: str, constant: tree.Constant, when: When) -> bool:
    """Numbers with numbers, times with times; there is no alphabetical order (rule 11)."""
    time = _as_time(constant, when.zone)
    if time is not None:
        return _is_during(value, _point(relation, time), when)
    left = as_number(value)
    right = None if isinstance(constant, tree.Day | tree.Moment) else number(_literal(constant, when))
    return left is not None and right is not None and bool(ORDERINGS[relation](left, right))


def _literal(constant: tree.Text | tree.Number | tree.Truth, when: When) -> Json:
    """What a literal says; of an amount in another currency what it is in the workspace's, or None without a rate."""
    return when.in_own_currency(constant) if isinstance(constant, tree.Number) else constant.value


def settled(test: tree.Operator, when: When) -> tree.Operator:
    """The test with its amounts by the rates of the question's day, whatever instant it is then asked of."""
    match test:
        case tree.Compare(constant=constant):
            return replace(test, constant=_settled(constant, when))
        case tree.Range(low=low, high=high):
            return replace(test, low=_settled(low, when), high=_settled(high, when))
        case tree.OneOf(constants=constants):
            return replace(test, constants=tuple(_settled(constant, when) for constant in constants))
        case _:
            return test


def _settled(constant: tree.Constant, when: When) -> tree.Constant:
    if not isinstance(constant, tree.Number) or constant.currency is None:
        return constant
    amount = when.in_own_currency(constant)
    return tree.Number(NOTHING if amount is None else amount)


def _as_time(constant: tree.Constant, zone: ZoneInfo) -> tree.Time | None:
    """The date or instant that a constant is or, being text, reads as."""
    if isinstance(constant, tree.Day | tree.Moment):
        return constant
    if not isinstance(constant, tree.Text):
        return None
    day, instant = date_of(constant.value), instant_of(constant.value, zone)
    if day is not None:
        return tree.Day(day)
    return None if instant is None else tree.Moment(wall_of_instant(instant, UTC), offset=0)


def _point(relation: str, time: tree.Time) -> tree.Window:
    return tree.Window(tree.Point(RELATIONS[relation], time))  # type: ignore[arg-type]


def _is_during(value: Answer, window: tree.Window, when: When) -> bool:
    """An instant exactly, a date by calendar days (rule 19)."""
    if isinstance(value, Instant):
        return when.instants(window).holds(value.at)
    if not isinstance(value, str):
        return False
    day = date_of(value)
    if day is not None:
        return when.days(window).holds(day)
    instant = instant_of(value, when.zone)
    return instant is not None and when.instants(window).holds(instant)


def _has(value: Answer, test: tree.Has, when: When, ignoring_case: bool) -> bool:
    if isinstance(value, Fraction | Instant) or not is_list(value):
        return False
    items: Any = value
    found = (any(_equals(item, constant, when, ignoring_case) for item in items) for constant in test.constants)
    return all(found) if test.mode == "all" else any(found)


def _matches(value: Answer, test: tree.TextMatch) -> bool:
    found = None if isinstance(value, Fraction | Instant) else raw_text(value)
    if found is None:
        return False
    if test.how == "matches":
        return _pattern(test.text).search(found) is not None
    text, wanted = fold_case(found), fold_case(test.text)
    match test.how:
        case "contains":
            return wanted in text
        case "starts":
            return text.startswith(wanted)
        case "ends":
            return text.endswith(wanted)


@lru_cache(maxsize=1024)
def _pattern(text: str) -> Any:
    return re2.compile(text)
